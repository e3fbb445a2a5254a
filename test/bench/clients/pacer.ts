// Asks at a steady rate, whether or not the answers keep up: a request that has to wait for a free connection has waited,
// too. A connection that has been closed is opened again, as a client of a gateway would do it.
//
//   node pacer.js PORT ADDRESS     (ADDRESS is where the connections come from)
import { HttpClient } from '../../support/http-client.js'
import { sleep } from '../../support/wait.js'
import { serve } from './process.js'

/** One request. */
export interface Sample {
  /** When it was due, in ms since the epoch. */
  readonly dueAt: number
  /** From then to the whole answer, in ms. */
  readonly latencyMs: number
  /** 0 without a whole answer. */
  readonly status: number
}

export interface PacerProtocol {
  readonly question: {
    readonly perSecond: number
    readonly seconds: number
    readonly path: string
    /** As many requests may be under way; 32 if it is not said. */
    readonly connections?: number
  }
  readonly reply: readonly Sample[]
}

const [port = '', localAddress = ''] = process.argv.slice(2)
const CONNECTIONS = 32
const TICK_MS = 2

serve<PacerProtocol>(async ({ perSecond, seconds, path, connections = CONNECTIONS }) => {
  const total = perSecond * seconds
  const open = (): Promise<HttpClient> =>
    HttpClient.connect(Number(port), '127.0.0.1', localAddress)
  const free = await Promise.all(Array.from({ length: connections }, open))
  const samples: Sample[] = []
  let sent = 0
  const start = performance.now()
  const dueAt = (number: number): number => start + (number / perSecond) * 1_000

  const ask = async (idle: HttpClient, number: number): Promise<void> => {
    let client = idle
    let status = 0
    try {
      if (client.isClosed) client = await open()
      ;({ status } = await client.request('GET', path))
    } catch {
      client.close() // counted as not answered
    }
    const due = dueAt(number)
    samples.push({
      dueAt: performance.timeOrigin + due,
      latencyMs: performance.now() - due,
      status,
    })
    free.push(client)
  }

  const end = start + (seconds + 10) * 1_000
  while (samples.length < total && performance.now() < end) {
    while (sent < total && dueAt(sent) <= performance.now()) {
      const client = free.pop()
      if (client === undefined) break
      void ask(client, sent++)
    }
    await sleep(TICK_MS)
  }
  for (const client of free) client.close()
  return samples
})
