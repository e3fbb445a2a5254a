// Which folder is the prefix: where a gateway leaves its process id, its settings and its logs, and where the commands
// that talk to it look.
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { Environment, Given } from './setting-sources.js'

export const DEFAULT_PREFIX = '/usr/local/kong/'

export interface PrefixPlace {
  /** Absolute. */
  readonly path: string
  /** The default, so that another folder may stand in for one that cannot be written. */
  readonly isDefault: boolean
}

export function placeOf(prefix: string): PrefixPlace {
  const path = resolve(prefix)
  return { path, isDefault: path === resolve(DEFAULT_PREFIX) }
}

/** Of settings as they were given, for commands that read no others. */
export function placeIn(given: ReadonlyMap<string, Given>): PrefixPlace {
  return placeOf(given.get('prefix')?.value ?? DEFAULT_PREFIX)
}

/** What stands in for a default prefix that cannot be written: a folder of this user alone. */
export function userPrefix({ XDG_RUNTIME_DIR }: Environment): string {
  if (XDG_RUNTIME_DIR) return join(XDG_RUNTIME_DIR, 'gw')
  return join(tmpdir(), `gw-${process.getuid?.() ?? userInfo().username}`)
}
