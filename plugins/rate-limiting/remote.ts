// Counts in Redis, under Kong's keys: each request in Redis itself, or in memory with a push every sync_rate seconds.
import {
  addCounts,
  countLifetime,
  RedisStore,
  redisTargetOf,
  type ConfigOf,
  type Window,
} from 'gw/plugin'
import type { Limit } from './limits.js'
import type { schema } from './schema.js'

/** So many counts go out in one step; a longer one would keep others waiting. */
const PUSH_KEYS = 500
/** More identifiers than this are not gathered: they are pushed before the time. */
const MAX_GATHERED = 100_000

/** One window of one identifier. */
export interface Counter {
  readonly key: string
  readonly ttlSeconds: number
}

/** A counter in memory between two pushes. */
interface Gathered {
  readonly ttlSeconds: number
  /** What Redis said. */
  readonly usage: number
  /** What it has not been told yet. */
  delta: number
}

export class RemoteCounts extends RedisStore {
  readonly #syncRateMs: number
  #gathered = new Map<string, Gathered>()
  #timer: NodeJS.Timeout | undefined

  /** @param syncRate seconds; -1 for none */
  constructor(redis: ConfigOf<typeof schema>['redis'], syncRate: number) {
    super(redisTargetOf(redis))
    this.#syncRateMs = syncRate * 1000
  }

  /**
   * What has been counted before this request. Kong: without sync_rate every request counts here, also one that will be
   * refused. Rejects with RedisError.
   */
  usage(counters: readonly Counter[]): Promise<readonly number[]> {
    return this.#syncRateMs < 0 ? this.#count(counters) : this.#read(counters)
  }

  /** Counts a request that goes on. */
  accept(counters: readonly Counter[]): void {
    if (this.#syncRateMs < 0) return
    for (const { key } of counters) {
      // There since `usage`: nothing but a timer clears them.
      const own = this.#gathered.get(key)
      if (own !== undefined) own.delta++
    }
    this.#pushLater()
  }

  /** Kong: what does not arrive is lost, and the next request reads anew. */
  override async push(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const gathered = [...this.#gathered].filter(([, { delta }]) => delta !== 0)
    this.#gathered = new Map()
    const pushes: Promise<unknown>[] = []
    for (let from = 0; from < gathered.length; from += PUSH_KEYS) {
      const part = gathered.slice(from, from + PUSH_KEYS)
      const keys = part.map(([key]) => key)
      const args = part.flatMap(([, { delta, ttlSeconds }]) => [delta, ttlSeconds])
      pushes.push(this.#run(keys, args))
    }
    await Promise.allSettled(pushes)
  }

  async #count(counters: readonly Counter[]): Promise<readonly number[]> {
    const keys = counters.map(({ key }) => key)
    const args = counters.flatMap(({ ttlSeconds }) => [1, ttlSeconds])
    return (await this.#run(keys, args)).map((count) => count - 1)
  }

  /** Kong: what Redis has just said is taken as it is; later requests reckon without the one that reading has counted. */
  async #read(counters: readonly Counter[]): Promise<readonly number[]> {
    const usages = counters.map(({ key }) => {
      const own = this.#gathered.get(key)
      return own === undefined ? null : own.usage + own.delta
    })
    const missing = counters.filter((_, i) => usages[i] === null)
    if (missing.length === 0) return usages.map(Number)
    const said = await this.#count(missing)
    for (const [i, { key, ttlSeconds }] of missing.entries()) this.#learn(key, ttlSeconds, said[i])
    let next = 0
    return usages.map((usage) => usage ?? said[next++] ?? 0)
  }

  /** Kong: reading has counted one, which is taken back with the next push. */
  #learn(key: string, ttlSeconds: number, usage = 0): void {
    const own = this.#gathered.get(key)
    if (own === undefined) this.#gathered.set(key, { ttlSeconds, usage, delta: -1 })
    else own.delta--
    this.#pushLater()
  }

  #pushLater(): void {
    if (this.#gathered.size === MAX_GATHERED) {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.push(), 0)
    } else this.#timer ??= setTimeout(() => void this.push(), this.#syncRateMs)
  }

  async #run(keys: readonly string[], args: readonly number[]): Promise<number[]> {
    return (await this.run(addCounts, keys, args)).map(Number)
  }
}

/** Kong's key; windows begin at milliseconds there. */
export function counterOf(limit: Limit, identifier: string, window: Window): Counter {
  return {
    key: `${limit.keyPrefix}${identifier}:${window.start}:${limit.period}`,
    ttlSeconds: countLifetime(limit.period, window),
  }
}
