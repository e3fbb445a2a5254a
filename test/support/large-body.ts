// Writing bodies that nobody should hold, and what a process holds of them.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { sleep, waitFor } from './wait.js'

/** Writes as fast as the other side takes it; ends early when the connection does. */
export async function writeAll(
  to: Socket | ServerResponse,
  piece: Buffer,
  count: number,
  progress = { pieces: 0 },
  pace?: () => Promise<void>,
): Promise<void> {
  to.on('error', () => undefined)
  for (; progress.pieces < count && !to.destroyed; progress.pieces++) {
    await pace?.()
    if (to.write(piece)) continue
    await new Promise<void>((resolve) => {
      const go = (): void => {
        to.off('drain', go).off('close', go)
        resolve()
      }
      to.on('drain', go).on('close', go)
    })
  }
}

/** Waits until a writer has got no further for a while. */
export async function stalled(progress: { readonly pieces: number }): Promise<void> {
  await waitFor('the first bytes', () => progress.pieces > 0)
  for (let before = -1; before !== progress.pieces;) {
    before = progress.pieces
    await sleep(200)
  }
}

/** Memory of a process in use. */
export function residentBytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  assert.ok(kilobytes)
  return Number(kilobytes) * 1024
}
