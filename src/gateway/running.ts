// Which process is the gateway of a prefix: recorded by the gateway, asked by the commands that talk to it. An id alone
// is not enough, since ids are given again, in containers at every start.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { IN_PREFIX, replaceFile, strangerIn } from './prefix.js'
import { placeIn, userPrefix } from './prefix-place.js'
import type { Environment, Given } from './setting-sources.js'

export interface RunningGateway {
  readonly prefix: string
  readonly pid: number
  /** Empty where the system does not tell. */
  readonly birth: string
}

/** Null when none runs there, also when a record of one that has gone was left behind. */
export function runningIn(prefix: string): RunningGateway | null {
  const record = readRecord(prefix)
  return record !== null && isAlive(record) ? record : null
}

/**
 * The gateway that a command means, and where it is, or would be.
 * @param given the settings of the command
 */
export function findRunning(
  given: ReadonlyMap<string, Given>,
  environment: Environment,
): { readonly prefix: string; readonly running: RunningGateway | null } {
  const { path, isDefault } = placeIn(given)
  // Where a gateway goes that cannot write to the default prefix. What somebody else left there is not believed.
  const own = userPrefix(environment)
  if (isDefault && strangerIn(own) === null) {
    const running = runningIn(own)
    if (running !== null) return { prefix: own, running }
  }
  return { prefix: path, running: runningIn(path) }
}

/**
 * @param product what messages call the gateway
 * @throws Error when another one runs there
 */
export function refuseSecond(prefix: string, product: string): void {
  const other = runningIn(prefix)
  if (other === null || other.pid === process.pid) return
  // Scripts may read Kong's words.
  const way = `process ${other.pid}; a --prefix of its own lets this one run besides`
  const more = product === 'Kong' ? '' : ` (${way})`
  throw new Error(`${product} is already running in ${prefix}${more}`)
}

/**
 * Makes this process the one of the prefix.
 * @returns what takes that back; to be called at the end
 * @throws Error when another one runs there
 */
export function claimPrefix(prefix: string, product: string): () => void {
  refuseSecond(prefix, product)
  const record = `${process.pid} ${birthOf(process.pid) ?? ''}\n`
  replaceFile(join(prefix, IN_PREFIX.process), record)
  writeFileSync(join(prefix, IN_PREFIX.pid), `${process.pid}\n`, { mode: 0o644 })
  return () => {
    // Another one may have taken over since.
    if (readRecord(prefix)?.pid !== process.pid) return
    for (const name of [IN_PREFIX.pid, IN_PREFIX.process]) {
      rmSync(join(prefix, name), { force: true })
    }
  }
}

/** @throws Error when it may not be sent */
export function signalGateway({ pid }: RunningGateway, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // Gone in the meantime is no failure: whoever waits for the end sees it.
    if (codeOf(error) === 'ESRCH') return
    throw new Error(`could not send signal (${codeOf(error)} for process ${pid})`, { cause: error })
  }
}

const POLL_MS = 20

/** False when it is still there after that time. */
export async function waitUntilGone(running: RunningGateway, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (isAlive(running)) {
    if (performance.now() >= end) return false
    await sleep(POLL_MS)
  }
  return true
}

function readRecord(prefix: string): RunningGateway | null {
  let text: string
  try {
    text = readFileSync(join(prefix, IN_PREFIX.process), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null
    throw new Error(`cannot tell whether a gateway runs in ${prefix}: ${codeOf(error)}`, {
      cause: error,
    })
  }
  const [, pid, birth = ''] = /^(\d{1,10}) (\d*)\n$/.exec(text) ?? []
  return pid === undefined ? null : { prefix, pid: Number(pid), birth }
}

export function isAlive({ pid, birth }: RunningGateway): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // It is there, and somebody else's.
    if (codeOf(error) !== 'EPERM') return false
  }
  const now = birthOf(pid)
  // Without /proc the id has to do.
  return now === null || birth === '' || now === birth
}

/** When the process was started, in the system's own ticks; empty for one that has ended; null without /proc. */
function birthOf(pid: number): string | null {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch (error) {
    return codeOf(error) === 'ENOENT' && isLinux ? '' : null
  }
  // The second field is a name in parentheses, which may hold anything; the third is the state, the 22nd the time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? '' : (fields[19] ?? null)
}

const isLinux = process.platform === 'linux'

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code)
  return String(error)
}
