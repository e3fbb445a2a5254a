// Which connections the uses of a plugin need that are in force.
import type { RedisUser } from './redis-user.js'
import { redisPool, type RedisEnv, type SharedRedis } from './shared-redis.js'

export class RedisLeases<U extends RedisUser> {
  readonly #env: RedisEnv
  #users: readonly U[] = []

  constructor(env: RedisEnv) {
    this.#env = env
  }

  get users(): readonly U[] {
    return this.#users
  }

  /**
   * Connections that are still needed stay: the new ones are asked for before the old ones are given back.
   * @returns those that are not in force any more; for a while they can finish what they have begun
   */
  serve(live: readonly U[]): readonly U[] {
    const before = this.#users
    this.#users = live
    const leased = connectionsOf(before)
    for (const user of live) user.use(redisPool.lease(user.target, this.#env))
    for (const redis of leased) redisPool.release(redis)
    const kept = new Set(live)
    return before.filter((user) => !kept.has(user))
  }

  /** At the end of the worker. */
  close(): void {
    const leased = connectionsOf(this.#users)
    this.#users = []
    for (const redis of leased) redisPool.release(redis, 0)
  }
}

function connectionsOf(users: readonly RedisUser[]): SharedRedis[] {
  return users.flatMap(({ redis }) => redis ?? [])
}
