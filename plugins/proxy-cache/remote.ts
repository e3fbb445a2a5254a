// The answers that gateways share in a Redis. What is sent to it and asked of it at a time is bounded.
import {
  binaryRedisScript,
  RedisError,
  RedisUser,
  redisTargetOf,
  type RedisDeployment,
} from 'gw/plugin'
import { CollectorBudget } from './collector.js'
import { bytesOfEntry, entryOfBytes } from './entry-bytes.js'
import type { Entry } from './store.js'

/** A longer body goes by without being kept: on its way it would hold up the answers behind it. */
export const MAX_REMOTE_BODY_BYTES = 1024 * 1024
/** Of answers on their way to Redis, in a worker; what comes on top is not kept. */
const MAX_WRITING_BYTES = 16 * 1024 * 1024
/** Looked up at a time, in a worker; for what comes on top the cache counts as away. */
const MAX_LOOKUPS = 1_000

/** The number is that of the form in which entries are written. */
const PREFIX = 'gw:proxy-cache:1:'

const GET = binaryRedisScript(`return {redis.call('GET', KEYS[1])}`)
const SET = binaryRedisScript(`
if ARGV[2] == '0' then redis.call('SET', KEYS[1], ARGV[1])
else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return {1}
`)
const DELETE = binaryRedisScript(`return {redis.call('DEL', KEYS[1])}`)
/** One page of all keys, so that others have their turn between two of them. */
const CLEAR = binaryRedisScript(`
local page = redis.call('SCAN', ARGV[1], 'MATCH', KEYS[1] .. '*', 'COUNT', 1000)
for _, key in ipairs(page[2]) do redis.call('UNLINK', key) end
return {page[1]}
`)

const writing = new CollectorBudget(MAX_WRITING_BYTES)
let lookups = 0

export class RemoteEntries extends RedisUser {
  /** Requests for the same at the same time ask once. */
  readonly #lookups = new Map<string, Promise<Entry | null>>()

  constructor(redis: RedisDeployment) {
    super({ ...redisTargetOf(redis), purpose: 'proxy-cache' })
  }

  /** Rejects with RedisError when Redis does not serve. */
  async get(key: string, identity: string, now: number): Promise<Entry | null> {
    const entry = await (this.#lookups.get(key) ?? this.#ask(key))
    // Two requests that are not the same may have one key.
    return entry?.identity === identity && entry.keptUntil > now ? entry : null
  }

  /** As the Admin API names it. */
  async find(key: string, now: number): Promise<Entry | null> {
    const entry = await this.#read(key)
    return entry !== null && entry.keptUntil > now ? entry : null
  }

  /** No request waits for it; what does not arrive is not kept. Never rejects. */
  set(entry: Entry, now: number): Promise<void> {
    const lifetime = entry.keptUntil === Infinity ? 0 : Math.ceil(entry.keptUntil - now)
    const bytes = bytesOfEntry(entry)
    if (entry.keptUntil <= now || !writing.take(bytes.length)) return Promise.resolve()
    const done = (): void => {
      writing.giveBack(bytes.length)
    }
    // The connection tells the log what is wrong with it.
    return this.run(SET, [PREFIX + entry.key], [bytes, lifetime]).then(done, done)
  }

  /** Whether there was one. */
  async delete(key: string): Promise<boolean> {
    const [count] = await this.run(DELETE, [PREFIX + key], [])
    return Number(count) > 0
  }

  async clear(): Promise<void> {
    let cursor = '0'
    do {
      const [next] = await this.run(CLEAR, [PREFIX], [cursor])
      cursor = String(next)
    } while (cursor !== '0')
  }

  #ask(key: string): Promise<Entry | null> {
    if (lookups >= MAX_LOOKUPS) {
      return Promise.reject(
        RedisError.of('crowded', `${String(MAX_LOOKUPS)} look-ups wait already`),
      )
    }
    lookups++
    const lookup = this.#read(key).finally(() => {
      lookups--
      this.#lookups.delete(key)
    })
    this.#lookups.set(key, lookup)
    return lookup
  }

  async #read(key: string): Promise<Entry | null> {
    const [bytes] = await this.run(GET, [PREFIX + key], [])
    return Buffer.isBuffer(bytes) ? entryOfBytes(bytes) : null
  }
}
