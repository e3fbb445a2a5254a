// Buckets and quotas in Redis: one script looks, decides and counts in one step, by the clock of Redis.
import { RedisStore, keyPart, redisScript, redisTargetOf, type RedisDeployment } from 'gw/plugin'
import type { Bucket } from './bucket.js'
import { quotaWindow, type Quota } from './quota.js'

export interface Level {
  /** That the request found. */
  readonly lead: number
  readonly passes: boolean
  readonly isQuotaUsedUp: boolean
  /** Of the quota, with this request if it passes. */
  readonly used: number
  /** Ms to the end of the quota's window. */
  readonly resetMs: number
}

/**
 * One hash for each identifier: the instant at which the requests that came would be done, as ms and ticks, and what the
 * quota's window has counted. The lead is reckoned in both from now, so that numbers stay small and whole. Of the windows
 * that the gateway names by its clock, Redis takes the one that is running by its own.
 */
const TAKE = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local perMs, cost, most, highest, quota = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local held = redis.call('HMGET', KEYS[1], 'm', 't', 'q', 'w')
local lead = ((tonumber(held[1]) or 0) - now) * perMs + (tonumber(held[2]) or 0)
lead = math.min(math.max(lead, 0), highest + cost)
local used, begins, ends = 0, 0, now
if quota > 0 then
  for i = 6, 8 do
    if now >= tonumber(ARGV[i]) then begins, ends = ARGV[i], tonumber(ARGV[i + 1]) end
  end
  if held[4] == begins then used = tonumber(held[3]) or 0 end
end
local spent = quota > 0 and used >= quota
local passes = not spent and lead <= most
if passes then
  used = used + 1
  local ahead = lead + cost
  local ms = math.floor(ahead / perMs)
  redis.call('HSET', KEYS[1], 'm', string.format('%.0f', now + ms), 't', ahead - ms * perMs, 'q', used, 'w', begins)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.max(ms + 1000, ends - now)))
end
return {math.ceil(lead), passes and 1 or 0, spent and 1 or 0, used, ends - now}
`)

export class LevelsInRedis extends RedisStore {
  readonly #key: string
  readonly #bucket: Bucket
  readonly #quota: Quota | null

  constructor(redis: RedisDeployment, key: string, bucket: Bucket, quota: Quota | null) {
    super(redisTargetOf(redis))
    this.#key = key
    this.#bucket = bucket
    this.#quota = quota
  }

  /** Adds a request if its lead is not above `most` and its quota not used up. Rejects with RedisError. */
  async take(identifier: string, most: number, now: number): Promise<Level> {
    const { ticksPerMs, cost, most: highest } = this.#bucket
    const args = [ticksPerMs, cost, most, highest, ...this.#quotaArgs(now)]
    const reply = await this.run(TAKE, [this.#key + keyPart(identifier)], args)
    const [lead = 0, passes, isQuotaUsedUp, used = 0, resetMs = 0] = reply.map(Number)
    return { lead, passes: passes === 1, isQuotaUsedUp: isQuotaUsedUp === 1, used, resetMs }
  }

  /** The window before, this one and the next one by their ends. */
  #quotaArgs(now: number): readonly number[] {
    if (this.#quota === null) return [0]
    const { limit, period } = this.#quota
    const { start, end } = quotaWindow(period, now)
    const before = quotaWindow(period, start - 1)
    return [limit, before.start, start, end, quotaWindow(period, end).end]
  }
}
