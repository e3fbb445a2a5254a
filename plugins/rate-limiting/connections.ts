// Which connections the uses in force need, and what is done while one of them does not serve.
import { redisPool, type Logger, type PluginEnv, type SharedRedis } from 'gw/plugin'
import type { Use } from './limits.js'
import type { RemoteCounts } from './remote.js'

export class Connections {
  readonly #log: Logger
  readonly #countsLocally: boolean
  #inUse: readonly RemoteCounts[] = []
  /** Requests that have been counted here in place of a Redis that does not serve now. */
  readonly #standingIn = new Map<SharedRedis, number>()

  constructor({ log, settings }: PluginEnv) {
    this.#log = log
    this.#countsLocally = settings.rateLimitFallback === 'local'
  }

  /** Connections that are still needed stay: the new ones are asked for before the old ones are given back. */
  serve(live: readonly Use[]): void {
    const before = this.#inUse
    this.#inUse = live.flatMap(({ remote }) => remote ?? [])
    const leased = before.flatMap(({ redis }) => redis ?? [])
    for (const counts of this.#inUse) counts.use(redisPool.lease(counts.target, this.#log))
    const kept = new Set(this.#inUse)
    for (const counts of before) if (!kept.has(counts)) void counts.push()
    for (const redis of leased) redisPool.release(redis)
    const used = new Set(this.#inUse.map(({ redis }) => redis))
    for (const redis of this.#standingIn.keys()) {
      if (!used.has(redis)) this.#standingIn.delete(redis)
    }
  }

  async close(): Promise<void> {
    const before = this.#inUse
    this.#inUse = []
    await Promise.all(before.map((counts) => counts.push()))
    for (const { redis } of before) if (redis !== null) redisPool.release(redis, 0)
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
