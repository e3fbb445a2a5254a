// Where the tokens of each use are kept, and which connections that takes.
import { redisPool, type Logger, type SharedStore } from 'gw/plugin'
import { Issued } from './issued.js'
import type { Use } from './use.js'

export class Stores {
  readonly #log: Logger
  readonly #memory: Issued
  #live: readonly Use[] = []

  constructor(log: Logger, shared: SharedStore) {
    this.#log = log
    this.#memory = new Issued(shared)
  }

  /** HOT PATH */
  of(use: Use): Issued {
    return use.issued ?? this.#memory
  }

  /** Connections that are still needed stay: the new ones are asked for before the old ones are given back. */
  serve(live: readonly Use[]): void {
    const before = leased(this.#live)
    this.#live = live
    for (const { redis } of live) redis?.use(redisPool.lease(redis.target, this.#log))
    for (const redis of before) redisPool.release(redis)
  }

  close(): void {
    for (const redis of leased(this.#live)) redisPool.release(redis, 0)
    this.#live = []
  }
}

function leased(uses: readonly Use[]) {
  return uses.flatMap(({ redis }) => redis?.redis ?? [])
}
