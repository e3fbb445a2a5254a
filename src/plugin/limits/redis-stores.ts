// Which connections the limits in force need, and what is done while one of them does not serve.
import type { Logger } from '../../log/logger.js'
import type { PluginEnv } from '../contract.js'
import { RedisLeases } from '../redis-leases.js'
import { RedisUser } from '../redis-user.js'
import type { SharedRedis } from '../shared-redis.js'

/** Counts of one use of a plugin, kept in Redis. */
export abstract class RedisStore extends RedisUser {
  /** Hands on what Redis has not been told yet, by default nothing; called when the use is in force no longer. */
  push(): Promise<void> {
    return Promise.resolve()
  }
}

export class RedisStores {
  readonly #log: Logger
  readonly #countsLocally: boolean
  readonly #leases: RedisLeases<RedisStore>
  /** Requests that have been counted here in place of a Redis that does not serve now. */
  readonly #standingIn = new Map<SharedRedis, number>()

  /** @param countsLocally whether limits count on this node while Redis is away; left out: as the settings say */
  constructor(env: PluginEnv, countsLocally = env.settings.rateLimitFallback === 'local') {
    this.#log = env.log
    this.#countsLocally = countsLocally
    this.#leases = new RedisLeases(env)
  }

  serve(live: readonly RedisStore[]): void {
    for (const store of this.#leases.serve(live)) void store.push()
    const used = new Set(this.#leases.users.map(({ redis }) => redis))
    for (const redis of this.#standingIn.keys()) {
      if (!used.has(redis)) this.#standingIn.delete(redis)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#leases.users.map((store) => store.push()))
    this.#leases.close()
  }

  mayCountLocally({ redis }: RedisStore): boolean {
    if (!this.#countsLocally || redis === null) return false
    const requests = this.#standingIn.get(redis) ?? 0
    if (requests === 0) this.#log.warn({ redis: redis.name }, 'limits count on this node for now')
    this.#standingIn.set(redis, requests + 1)
    return true
  }

  hasServed({ redis }: RedisStore): void {
    // With sync_rate, some are counted without asking Redis.
    if (this.#standingIn.size === 0 || redis?.isReady !== true) return
    const requests = this.#standingIn.get(redis)
    if (requests === undefined) return
    this.#standingIn.delete(redis)
    this.#log.notice({ redis: redis.name, requests }, 'limits count in Redis again')
  }
}
