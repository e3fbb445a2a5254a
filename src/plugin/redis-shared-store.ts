// The shared store in Redis: what one node keeps there, all nodes find.
import { RedisError } from './redis-error.js'
import { redisScript, type Argument, type RedisScript } from './redis-client.js'
import { RedisUser } from './redis-user.js'
import { MAX_VALUE_CHARS, StoreError, type SharedStore } from './shared-store.js'

/** GETDEL and SET with GET would need Redis 6.2. */
const PUT = redisScript(`
local before = redis.call('GET', KEYS[1])
if ARGV[2] == '0' then redis.call('SET', KEYS[1], ARGV[1])
else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return {before}
`)
const GET = redisScript(`return {redis.call('GET', KEYS[1])}`)
const TAKE = redisScript(`
local before = redis.call('GET', KEYS[1])
if before then redis.call('DEL', KEYS[1]) end
return {before}
`)

/** Keys of this gateway, whatever else is in the database. */
const PREFIX = 'gw:'

export class RedisSharedStore extends RedisUser implements SharedStore {
  async put(key: string, value: string, ttlMs: number): Promise<string | null> {
    if (value.length > MAX_VALUE_CHARS) throw StoreError.of('a value is too long for the store')
    return this.#run(PUT, key, [value, ttlMs > 0 ? Math.ceil(ttlMs) : 0])
  }

  get(key: string): Promise<string | null> {
    return this.#run(GET, key, [])
  }

  take(key: string): Promise<string | null> {
    return this.#run(TAKE, key, [])
  }

  async #run(script: RedisScript, key: string, args: readonly Argument[]): Promise<string | null> {
    try {
      const [reply] = await this.run(script, [PREFIX + key], args)
      return typeof reply === 'string' ? reply : null
    } catch (error) {
      if (error instanceof RedisError) throw StoreError.of(error.message)
      throw error
    }
  }
}
