// Where settings come from, the weightiest first: flags of the command, GW_* and KONG_* of the environment, kong.conf.
// Knows no names of settings, so that commands which need one or two of them start fast.
import type { ConfFile } from './conf-file.js'

export type Environment = Readonly<Record<string, string | undefined>>

export interface FlagSetting {
  /** As the person typed it, for messages: `--workers`. */
  readonly flag: string
  readonly name: string
  readonly value: string
}

export interface SettingSources {
  readonly environment: Environment
  readonly conf?: ConfFile | null
  readonly flags?: readonly FlagSetting[]
}

/** A value, and where the person who gave it will look for it. */
export interface Given {
  readonly value: string
  /** The variable, the flag, or the file. */
  readonly file: string
  /** 0 outside of files. */
  readonly line: number
}

/** What Kong calls by two names; the longer one counts when both are given. */
const ALIASES: readonly (readonly [alias: string, name: string])[] = [
  ['nginx_main_daemon', 'nginx_daemon'],
  ['nginx_main_worker_processes', 'nginx_worker_processes'],
  ['nginx_proxy_real_ip_header', 'real_ip_header'],
  ['nginx_proxy_real_ip_recursive', 'real_ip_recursive'],
]

/** What is given for each setting, known or not, under its name in small letters. An empty value counts as none. */
export function collectSettings({
  environment,
  conf,
  flags = [],
}: SettingSources): Map<string, Given> {
  const given = new Map<string, Given>()
  const add = (name: string, value: string | undefined, file: string, line = 0): void => {
    if (value !== undefined && value !== '') given.set(name.toLowerCase(), { value, file, line })
  }
  for (const { name, value, line } of conf?.entries ?? []) {
    // Within a file the last line counts, also when it takes a value back.
    if (value === '') given.delete(name)
    add(name, value, conf?.path ?? '', line)
  }
  for (const prefix of ['KONG_', 'GW_']) {
    for (const [variable, value] of Object.entries(environment)) {
      if (variable.toUpperCase().startsWith(prefix)) {
        add(variable.slice(prefix.length), value?.trim(), variable)
      }
    }
  }
  for (const [alias, name] of ALIASES) {
    const value = given.get(alias)
    if (value === undefined) continue
    given.set(name, value)
    given.delete(alias)
  }
  for (const { name, value, flag } of flags) add(name, value, flag)
  return given
}
