// Counts in Redis, each request at once (sync_rate 0): one script looks at all limits, decides and counts in one step, by
// the clock of Redis, so that neither several gateways nor their clocks let more pass.
import { RedisStore, keyPart, redisScript, redisTargetOf, type RedisDeployment } from 'gw/plugin'
import { ROUNDING, type Counted, type SlidingLimit } from './window.js'

/** What of a use says how to count. */
export interface Counting {
  readonly isSliding: boolean
  readonly hasPenalty: boolean
  readonly limits: readonly SlidingLimit[]
  /** Where its keys begin. */
  readonly key: string
}

/** One limit, as it stood for a request. */
export interface Look extends Counted {
  readonly isUsedUp: boolean
}

export interface Verdict {
  readonly hasPassed: boolean
  /** By limit. */
  readonly looks: readonly Look[]
}

/**
 * One hash for each identifier, so that a cluster takes the step on one node, too. For each window size: its number, and
 * what was counted in it and in the one before. A clock that is set back stays in its window.
 */
const COUNT = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local sliding, penalty = ARGV[1] == '1', ARGV[2] == '1'
local fields, counts, passes, life = {}, {}, true, 0
for i = 3, #ARGV, 2 do
  local size, limit = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local held = redis.call('HMGET', KEYS[1], ARGV[i] .. 'n', ARGV[i] .. 'c', ARGV[i] .. 'p')
  local number = math.floor(now / size)
  local last, current, previous = tonumber(held[1]) or -1, tonumber(held[2]) or 0, 0
  if last >= number then
    number, previous = last, tonumber(held[3]) or 0
  else
    if last == number - 1 then previous = current end
    current = 0
  end
  if not sliding then previous = 0 end
  local elapsed = math.max(0, now - number * size)
  local full = current + 1 > limit - previous * (1 - elapsed / size) + ${ROUNDING}
  if full then passes = false end
  counts[#counts + 1] = {number, current, previous, elapsed, full and 1 or 0}
  life = math.max(life, 2 * size)
end
local reply = {}
for i, count in ipairs(counts) do
  if passes or penalty then count[2] = count[2] + 1 end
  local size = ARGV[2 * i + 1]
  for j, name in ipairs({'n', 'c', 'p'}) do
    fields[#fields + 1] = size .. name
    fields[#fields + 1] = count[j]
  end
  for j = 2, 5 do reply[#reply + 1] = count[j] end
end
if passes or penalty then
  redis.call('HSET', KEYS[1], unpack(fields))
  if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], life) end
end
return reply
`)

export class CountsInRedis extends RedisStore {
  readonly #key: string
  readonly #limits: readonly SlidingLimit[]
  readonly #args: readonly (string | number)[]

  constructor(redis: RedisDeployment, { isSliding, hasPenalty, limits, key }: Counting) {
    super(redisTargetOf(redis))
    this.#key = key
    this.#limits = limits
    const pairs = limits.flatMap(({ sizeMs, limit }) => [sizeMs, limit])
    this.#args = [isSliding ? 1 : 0, hasPenalty ? 1 : 0, ...pairs]
  }

  /** Rejects with RedisError. */
  async count(identifier: string): Promise<Verdict> {
    const reply = await this.run(COUNT, [this.#key + keyPart(identifier)], this.#args)
    const looks = this.#limits.map((_, i) => {
      const [current, previous, elapsed, full] = reply.slice(4 * i, 4 * i + 4).map(Number)
      return {
        current: current ?? 0,
        previous: previous ?? 0,
        elapsed: elapsed ?? 0,
        isUsedUp: full === 1,
      }
    })
    return { hasPassed: !looks.some(({ isUsedUp }) => isUsedUp), looks }
  }
}
