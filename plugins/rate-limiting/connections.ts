// Which connections the uses in force need, and what is done while one of them does not serve.
import { RedisLeases, type Logger, type PluginEnv, type SharedRedis } from 'gw/plugin'
import type { Use } from './limits.js'
import type { RemoteCounts } from './remote.js'

export class Connections {
  readonly #log: Logger
  readonly #countsLocally: boolean
  readonly #leases: RedisLeases<RemoteCounts>
  /** Requests that have been counted here in place of a Redis that does not serve now. */
  readonly #standingIn = new Map<SharedRedis, number>()

  constructor({ log, settings }: PluginEnv) {
    this.#log = log
    this.#countsLocally = settings.rateLimitFallback === 'local'
    this.#leases = new RedisLeases(log)
  }

  serve(live: readonly Use[]): void {
    const before = this.#leases.serve(live.flatMap(({ remote }) => remote ?? []))
    for (const counts of before) void counts.push()
    const used = new Set(this.#leases.users.map(({ redis }) => redis))
    for (const redis of this.#standingIn.keys()) {
      if (!used.has(redis)) this.#standingIn.delete(redis)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#leases.users.map((counts) => counts.push()))
    this.#leases.close()
  }

  mayCountLocally({ redis }: RemoteCounts): boolean {
    if (!this.#countsLocally || redis === null) return false
    const requests = this.#standingIn.get(redis) ?? 0
    if (requests === 0) this.#log.warn({ redis: redis.name }, 'limits count on this node for now')
    this.#standingIn.set(redis, requests + 1)
    return true
  }

  hasServed({ redis }: RemoteCounts): void {
    // With sync_rate, some are counted without asking Redis.
    if (this.#standingIn.size === 0 || redis?.isReady !== true) return
    const requests = this.#standingIn.get(redis)
    if (requests === undefined) return
    this.#standingIn.delete(redis)
    this.#log.notice({ redis: redis.name, requests }, 'limits count in Redis again')
  }
}
