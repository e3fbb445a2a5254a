// A gateway whose limit counts in Redis, and what its clients see.
import { oneRoute, startGateway, type RunningGateway } from './gateway.js'
import { HttpClient, requestOnce, type Answer } from './http-client.js'
import type { RecordingTarget } from './recording-target.js'

export const ROUTE_ID = '11111111-1111-4111-8111-111111111111'

/** What stands in a key for a use that is bound to no service. */
export const UNBOUND_ID = '00000000-0000-0000-0000-000000000000'

/** What counts the client's address in Redis, each request at once. */
const IN_REDIS = {
  'rate-limiting': { policy: 'redis', limit_by: 'ip' },
  'rate-limiting-advanced': { strategy: 'redis', identifier: 'ip', sync_rate: 0 },
  throttle: { policy: 'redis', limit_by: 'ip' },
}
export type LimitingPlugin = keyof typeof IN_REDIS

export interface Limited {
  readonly target: RecordingTarget
  /** Left out: rate-limiting. */
  readonly plugin?: LimitingPlugin
  /** Besides that it counts in Redis. */
  readonly config: object
  readonly env?: Readonly<Record<string, string>>
}

/** A limit that counts in Redis on the only route. */
export function startLimited(limited: Limited): Promise<RunningGateway> {
  const { target, plugin, config, env = {} } = limited
  return startGateway({ config: limitedConfig(target, config, plugin), env })
}

export function limitedConfig(
  target: RecordingTarget,
  config: object,
  name: LimitingPlugin = 'rate-limiting',
): object {
  const plugins = [{ name, config: { ...IN_REDIS[name], ...config } }]
  return oneRoute(target.port, { routes: [{ id: ROUTE_ID, paths: ['/'], plugins }] })
}

export function ask({ proxyPort }: RunningGateway): Promise<Answer> {
  return requestOnce(proxyPort, 'GET', '/')
}

/** Statuses of requests one after the other, on one connection. */
export async function askOften({ proxyPort }: RunningGateway, times: number): Promise<number[]> {
  const client = await HttpClient.connect(proxyPort)
  try {
    const statuses: number[] = []
    for (let i = 0; i < times; i++) statuses.push((await client.request('GET', '/')).status)
    return statuses
  } finally {
    client.close()
  }
}

/** How often the log has these words. */
export function countIn({ log }: RunningGateway, words: string): number {
  return log.split(words).length - 1
}
