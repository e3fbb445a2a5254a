// Asks at a steady rate, whether or not the answers keep up: a request that has to wait for a free connection has waited,
// too.
//
//   node pacer.js PORT ADDRESS     (started by idle.ts; ADDRESS is where the connections come from)
import { HttpClient } from '../../support/http-client.js'
import { sleep } from '../../support/wait.js'
import { serve } from './process.js'

export interface PacerProtocol {
  readonly question: {
    readonly perSecond: number
    readonly seconds: number
  }
  readonly reply: {
    readonly sent: number
    readonly answered: number
    readonly not200: number
    /** From the moment at which each request was due, in ms, ascending. */
    readonly latenciesMs: readonly number[]
  }
}

const [port = '', localAddress = ''] = process.argv.slice(2)
const CONNECTIONS = 32
const TICK_MS = 2

serve<PacerProtocol>(async ({ perSecond, seconds }) => {
  const total = perSecond * seconds
  const free = await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      HttpClient.connect(Number(port), '127.0.0.1', localAddress),
    ),
  )
  const all = [...free]
  const latenciesMs: number[] = []
  let sent = 0
  let failed = 0
  let not200 = 0
  const start = performance.now()
  const dueAt = (number: number): number => start + (number / perSecond) * 1_000

  const ask = async (client: HttpClient, number: number): Promise<void> => {
    try {
      const { status } = await client.request('GET', '/')
      latenciesMs.push(performance.now() - dueAt(number))
      if (status !== 200) not200++
      free.push(client)
    } catch {
      failed++ // counted as sent and not answered; its connection is not used again
    }
  }

  const end = start + (seconds + 10) * 1_000
  while (latenciesMs.length + failed < total && performance.now() < end) {
    while (sent < total && dueAt(sent) <= performance.now()) {
      const client = free.pop()
      if (client === undefined) break
      void ask(client, sent++)
    }
    await sleep(TICK_MS)
  }
  for (const client of all) client.close()
  latenciesMs.sort((a, b) => a - b)
  return { sent, answered: latenciesMs.length, not200, latenciesMs }
})
