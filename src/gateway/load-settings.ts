// Settings with everything that has a say in them: flags, the environment and the files that it names, and the kong.conf
// that is named or found.
import { findConf } from './conf-file.js'
import { withSecretFiles } from './secret-files.js'
import type { Environment, FlagSetting } from './setting-sources.js'
import { isSettingName, readSettings, type Settings } from './settings.js'

export interface SettingsOptions {
  /** A kong.conf; left out, those at the usual places count. */
  readonly conf?: string | undefined
  readonly flags?: readonly FlagSetting[]
}

/** @throws ConfigError */
export function loadSettings(
  environment: Environment,
  { conf, flags = [] }: SettingsOptions = {},
): Settings {
  const whole = withSecretFiles(environment, isSettingName)
  return readSettings(whole, { conf: findConf(conf), flags })
}
