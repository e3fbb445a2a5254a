// Runs one module in several threads at once. They begin together, and meet where the module asks them to.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** What a module finds in its workerData, beside what the test hands in. */
export interface Crew {
  readonly threads: number
  /** For `meet`: how many wait, and how often all have met. */
  readonly meeting: SharedArrayBuffer
}

/** The one message of each thread. Rejects with what a thread throws. */
export async function inThreads<T>(module: URL, threads: number, data: object): Promise<T[]> {
  const crew: Crew = { threads, meeting: new SharedArrayBuffer(8) }
  const workers = Array.from(
    { length: threads },
    () => new Worker(module, { workerData: { ...data, ...crew } }),
  )
  try {
    return await Promise.all(
      workers.map(async (worker) => {
        const [message] = (await once(worker, 'message')) as [T]
        return message
      }),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Waits, in a thread, until all threads have come here. */
export function meet({ threads, meeting }: Crew): void {
  const words = new Int32Array(meeting)
  const round = Atomics.load(words, 1)
  if (Atomics.add(words, 0, 1) === threads - 1) {
    Atomics.store(words, 0, 0)
    Atomics.add(words, 1, 1)
    Atomics.notify(words, 1)
    return
  }
  // In a loop: the notice of the round before may come late, when some wait again already.
  while (Atomics.load(words, 1) === round) Atomics.wait(words, 1, round)
}
