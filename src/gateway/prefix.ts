// The prefix as a folder: made, checked, written to. Where it lies is the business of prefix-place.ts.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { join } from 'node:path'
import { confLine } from './conf-file.js'
import { userPrefix, type PrefixPlace } from './prefix-place.js'
import type { Environment } from './setting-sources.js'

/** Names in a prefix; those that Kong has, too, are Kong's. */
export const IN_PREFIX = {
  pid: join('pids', 'nginx.pid'),
  /** The process id once more, with what tells the process from a later one of the same id. */
  process: join('pids', 'gw.process'),
  settings: '.kong_env',
  reload: '.reload',
  posted: 'posted-config',
  errorLog: join('logs', 'error.log'),
} as const

export interface Prefix {
  /** Null when no folder can be written to: the gateway runs, and commands cannot find it. */
  readonly path: string | null
  /** What a person should know about the choice. */
  readonly notice: string | null
}

/** @throws Error for a prefix that was asked for and cannot be used */
export function preparePrefix(place: PrefixPlace, environment: Environment): Prefix {
  const refusal = tryFolder(place.path)
  if (refusal === null) return { path: place.path, notice: null }
  if (!place.isDefault) {
    const way = 'name another folder in KONG_PREFIX or --prefix, or change the owner of this one'
    throw new Error(`the prefix ${place.path} cannot be used: ${refusal} (${way})`)
  }
  const own = userPrefix(environment)
  const ownRefusal = tryOwnFolder(own)
  const way = 'KONG_PREFIX or --prefix names another'
  if (ownRefusal === null) {
    const notice = `${place.path} cannot be written, so the prefix is ${own}: ${way}`
    return { path: own, notice }
  }
  const notice =
    `there is no prefix, so that commands such as stop and reload cannot find this process (${place.path}: ` +
    `${refusal}; ${own}: ${ownRefusal}): ${way}`
  return { path: null, notice }
}

/** Null when it is a folder with all that a prefix needs, made where it was missing; else why not. */
function tryFolder(path: string): string | null {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    for (const name of ['pids', 'logs']) mkdirSync(join(path, name), { recursive: true })
    for (const name of ['.', 'pids', 'logs']) {
      accessSync(join(path, name), constants.W_OK | constants.X_OK)
    }
    return null
  } catch (error) {
    const isThere = existsSync(path)
    return isThere && !statSync(path).isDirectory() ? 'it is not a directory' : reasonOf(error)
  }
}

/** Anybody may have made a folder of that name in a shared one before us. */
function tryOwnFolder(path: string): string | null {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const refusal = strangerIn(path)
    if (refusal !== null) return refusal
    chmodSync(path, 0o700)
  } catch (error) {
    return reasonOf(error)
  }
  return tryFolder(path)
}

/** Why a folder of that name is not to be believed; null when it belongs to this user. */
export function strangerIn(path: string): string | null {
  let entry: Stats
  try {
    entry = lstatSync(path)
  } catch (error) {
    return reasonOf(error)
  }
  if (!entry.isDirectory()) return 'it is not a directory'
  const self = process.getuid?.()
  return self === undefined || entry.uid === self ? null : 'it belongs to somebody else'
}

/** Codes alone, since the message repeats the path. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  return error instanceof Error ? error.message : String(error)
}

/** Puts a whole file in place of another at once: readers see the old one or the new. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, text, { mode: 0o600 })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

const HEADING = [
  '# What the gateway in this prefix runs with, for the commands that talk to it. Written at each start: changes here',
  '# have no effect. Secrets are left out.',
]

/** Kong's .kong_env: the settings in effect. What is secret or does not fit on a line is left out. */
export function writeSettings(prefix: string, values: Readonly<Record<string, string>>): void {
  const lines = Object.entries(values)
    .filter(([, value]) => value !== '' && value !== '******' && !/[\r\n]/.test(value))
    .map(([name, value]) => confLine(name, value))
  replaceFile(join(prefix, IN_PREFIX.settings), [...HEADING, ...lines, ''].join('\n'))
}
