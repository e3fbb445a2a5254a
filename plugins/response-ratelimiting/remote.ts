// What has been used as Redis knows it, under Kong's keys.
import {
  addCounts,
  countLifetime,
  readCounts,
  RedisUser,
  redisTargetOf,
  type RedisDeployment,
  type Window,
} from 'gw/plugin'
import type { Limit } from './limits.js'

/** What a request adds to one count. */
export interface Addition {
  readonly key: string
  readonly amount: number
  readonly ttlSeconds: number
}

export class RemoteCounts extends RedisUser {
  constructor(redis: RedisDeployment) {
    super(redisTargetOf(redis))
  }

  /** Rejects with RedisError when Redis does not serve. */
  async read(keys: readonly string[]): Promise<number[]> {
    return (await this.run(readCounts, keys, [])).map(Number)
  }

  /** Kong: nobody waits for it, and what does not arrive is lost. */
  add(additions: readonly Addition[]): void {
    const keys = additions.map(({ key }) => key)
    const args = additions.flatMap(({ amount, ttlSeconds }) => [amount, ttlSeconds])
    // The connection tells the log what is wrong with it.
    this.run(addCounts, keys, args).catch(() => undefined)
  }
}

/** Kong's key; windows begin at milliseconds there. */
export function keyOf(limit: Limit, identifier: string, { start }: Window): string {
  return `${limit.keyPrefix}${identifier}:${String(start)}:${limit.keySuffix}`
}

export function additionOf(limit: Limit, key: string, window: Window, amount: number): Addition {
  return { key, amount, ttlSeconds: countLifetime(limit.period, window) }
}
