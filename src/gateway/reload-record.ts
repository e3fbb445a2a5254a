// What came of the last reload, left in the prefix by the gateway for the command that asked for it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { IN_PREFIX, replaceFile } from './prefix.js'
import { isAlive, type RunningGateway } from './running.js'

export interface ReloadOutcome {
  readonly ok: boolean
  /** Why the old configuration stays; empty when the new one serves. */
  readonly message: string
  /** When the file was about to be read, in ms since the epoch: who asked earlier is answered by this. */
  readonly at: number
}

/** @throws Error when the prefix cannot be written */
export function recordReload(prefix: string, outcome: ReloadOutcome): void {
  replaceFile(join(prefix, IN_PREFIX.reload), `${JSON.stringify(outcome)}\n`)
}

const POLL_MS = 20

/**
 * Waits for the outcome of a reload that was asked for.
 * @param since when that was
 * @returns null when it takes longer; what can be said of a process that has ended
 */
export async function waitForReload(
  running: RunningGateway,
  since: number,
  timeoutMs: number,
): Promise<Omit<ReloadOutcome, 'at'> | null> {
  const end = performance.now() + timeoutMs
  for (;;) {
    const isThere = isAlive(running)
    const outcome = readOutcome(running.prefix)
    if (outcome !== null && outcome.at >= since) return outcome
    if (!isThere) return { ok: false, message: 'the process ended' }
    if (performance.now() >= end) return null
    await sleep(POLL_MS)
  }
}

function readOutcome(prefix: string): ReloadOutcome | null {
  let found: unknown
  try {
    found = JSON.parse(readFileSync(join(prefix, IN_PREFIX.reload), 'utf8'))
  } catch {
    return null // none yet
  }
  return isOutcome(found) ? found : null
}

function isOutcome(value: unknown): value is ReloadOutcome {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ok' in value &&
    typeof value.ok === 'boolean' &&
    'message' in value &&
    typeof value.message === 'string' &&
    'at' in value &&
    typeof value.at === 'number'
  )
}
