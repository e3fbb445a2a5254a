// KONG_NAME_FILE: a file whose content is the setting KONG_NAME, as Kong's images have it for the secrets of Docker.
import { readFileSync, statSync } from 'node:fs'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { describeError } from '../errors/describe.js'
import type { Environment } from './setting-sources.js'

/** A certificate chain with its key is some ten kilobytes. */
const MAX_BYTES = 1024 * 1024

/**
 * The environment with those settings in place of their files.
 * @param isSetting whether a name in small letters is a setting
 * @throws ConfigError for files that cannot be read, and for settings that are given in both ways
 */
export function withSecretFiles(
  environment: Environment,
  isSetting: (name: string) => boolean,
): Environment {
  const problems: Problem[] = []
  const read: Record<string, string | undefined> = { ...environment }
  for (const [variable, path] of Object.entries(environment)) {
    const [, target = '', name = ''] = /^((?:KONG|GW)_(.+))_FILE$/i.exec(variable) ?? []
    if (!path || !isSetting(name.toLowerCase())) continue
    try {
      if (environment[target]) throw new Error(`${target} is set, too, but only one of them may be`)
      if (statSync(path).size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`)
      read[target] = readFileSync(path, 'utf8').trimEnd()
    } catch (error) {
      const message = describeError(error)
      problems.push({ file: variable, path: '', line: 0, column: 0, message })
    }
    read[variable] = undefined
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return read
}
