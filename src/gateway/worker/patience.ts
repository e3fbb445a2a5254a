// How long the main thread waits for a worker: as long as it lives and reacts.
import type { Watched } from './watchdog.js'
import { WorkerGone } from './worker.js'

const HANG_POLL_MS = 200

/** What an order ends with when the worker does not react. */
export class WorkerHangs extends Error {}

/** Lets an order pass that a worker cannot follow any more: its successor has what the order brings. */
export function unlessGone(error: unknown): void {
  if (!(error instanceof WorkerGone)) throw error
}

/** For orders that are no use to a worker that cannot follow them. */
export async function unlessLost(order: Promise<unknown>): Promise<void> {
  await order.catch((error: unknown) => {
    if (!(error instanceof WorkerHangs)) unlessGone(error)
  })
}

/** Rejects when the worker hangs, so that nobody waits for it without an end. */
export async function whileItReacts<T>(
  member: Pick<Watched, 'hangs' | 'place'>,
  order: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const hangs = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (member.hangs) reject(new WorkerHangs(`worker ${member.place} does not react`))
    }, HANG_POLL_MS)
  })
  try {
    return await Promise.race([order, hangs])
  } finally {
    clearInterval(timer)
  }
}

/** Whether it resolves in time. */
export async function within(ms: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  const isDone = await Promise.race([promise.then(() => true), late])
  clearTimeout(timer)
  return isDone
}
