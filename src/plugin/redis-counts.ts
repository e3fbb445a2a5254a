// Counts of windows in Redis, as Kong keeps them: what plugins that limit something have in common there.
import { redisScript } from './redis-client.js'
import type { Window } from './shared-windows.js'
import { PERIOD_SECONDS, type Period } from './windows.js'

/**
 * For each key by how much and for how many seconds; returns what they have come to. As Kong's script, for several keys in
 * one step. INCR where it will do: a user (ACL) may have the right to that alone.
 */
export const addCounts = redisScript(`
local counts = {}
for i, key in ipairs(KEYS) do
  local by, ttl = ARGV[2 * i - 1], ARGV[2 * i]
  local count
  if by == '1' then count = redis.call('INCR', key) else count = redis.call('INCRBY', key, by) end
  if count == tonumber(by) then redis.call('EXPIRE', key, ttl) end
  counts[i] = count
end
return counts
`)

/** Null for what has not been counted yet. */
export const readCounts = redisScript(`
local counts = {}
for i, key in ipairs(KEYS) do counts[i] = redis.call('GET', key) end
return counts
`)

/** What Kong writes into a key for a use that is bound to no route, or no service. */
export const UNBOUND_ID = '00000000-0000-0000-0000-000000000000'

/** Seconds. Kong's month has 30 days, and so the count of a long one would end before the month. */
export function countLifetime(period: Period, { start, end }: Window): number {
  return Math.max(PERIOD_SECONDS[period], (end - start) / 1000)
}
