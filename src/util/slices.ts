// Long work on a thread that serves requests: done in slices, so that nobody waits for the whole of it.
import { setTimeout as sleep } from 'node:timers/promises'

/** Work that may be interrupted wherever it yields. */
export type Sliced<T> = Generator<undefined, T, undefined>

/** How long others may have to wait, in ms: some five times what a request costs. */
const SLICE_MS = 0.25
/** Between two slices the processor is left to others, of other threads and processes as well. */
const PAUSE_MS = 1

/** To the end, without a break. */
export function runWhole<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** To the end, with a pause for others whenever a slice is over. */
export async function runInSlices<T>(work: Sliced<T>, now = () => performance.now()): Promise<T> {
  let end = now() + SLICE_MS
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
    if (now() < end) continue
    await sleep(PAUSE_MS)
    end = now() + SLICE_MS
  }
}
