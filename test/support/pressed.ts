// Two gateways on one Redis under the traffic of one client, heavier than any limit: what passes, and what is answered.
import { startPacer } from '../soak/reloads.js'
import type { Sample } from '../bench/clients/pacer.js'
import { startLimited, type LimitingPlugin } from './limited.js'
import { startRecordingTarget } from './recording-target.js'
import { startRedis } from './redis.js'

export const PER_SECOND = 2_000
const SECONDS = 2
const CLIENT = '127.0.0.1'

export interface Outcome {
  readonly samples: readonly Sample[]
  /** What the target has seen. */
  readonly passed: number
  readonly elapsedMs: number
}

/** Starts all that it takes, and ends it. */
export async function pressTwoGateways(plugin: LimitingPlugin, config: object): Promise<Outcome> {
  const ends: (() => Promise<unknown>)[] = []
  try {
    const target = await startRecordingTarget()
    ends.push(() => target.close())
    const server = await startRedis()
    ends.push(() => server.stop())
    const redis = { host: '127.0.0.1', port: server.port, timeout: 10_000 }
    const pacers = [1, 2].map(async () => {
      const gateway = await startLimited({ target, plugin, config: { redis, ...config } })
      ends.push(() => gateway.stop())
      const pacer = startPacer(gateway, CLIENT)
      ends.push(() => pacer.stop())
      return pacer
    })
    const clients = await Promise.all(pacers)
    const begin = performance.now()
    const question = { perSecond: PER_SECOND / 2, seconds: SECONDS, path: '/' }
    const samples = await Promise.all(clients.map((client) => client.ask(question)))
    const elapsedMs = performance.now() - begin
    return { samples: samples.flat(), passed: target.requests.length, elapsedMs }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Statuses that came, with how often. */
export function answersOf({ samples }: Outcome): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (const { status } of samples) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
