// What a use of a plugin has to do with a Redis: which one it needs, and the way there while the use is in force.
import type { Argument, RedisScript } from './redis-client.js'
import { RedisError } from './redis-error.js'
import type { RedisTarget } from './redis-target.js'
import type { SharedRedis } from './shared-redis.js'

export abstract class RedisUser {
  readonly target: RedisTarget
  #redis: SharedRedis | null = null

  constructor(target: RedisTarget) {
    this.target = target
  }

  /** Null before the use is in force. */
  get redis(): SharedRedis | null {
    return this.#redis
  }

  use(redis: SharedRedis): void {
    this.#redis = redis
  }

  /** As SharedRedis.run. Rejects with RedisError. */
  protected run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown[]> {
    if (this.#redis === null) return Promise.reject(RedisError.of('away', 'not in use'))
    return this.#redis.run(script, keys, args)
  }
}
