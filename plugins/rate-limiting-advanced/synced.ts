// Counts in the memory of this worker that are exchanged with Redis every sync_rate seconds. No request waits for Redis;
// while it is away, limits hold for what is counted here, and what was counted is handed on later.
import {
  RedisError,
  RedisStore,
  keyPart,
  redisScript,
  redisTargetOf,
  type RedisDeployment,
} from 'gw/plugin'
import type { Counting, Look, Verdict } from './remote.js'
import { ceilingOf, type SlidingLimit } from './window.js'

/**
 * Adds to the same hashes as the script of remote.ts; for each size its window, what was counted in it and, late, in the
 * one before. Answers for each key and size with the window that is running there and what is counted in both.
 */
const EXCHANGE = redisScript(`
local each, replies = #ARGV / #KEYS, {}
for k, key in ipairs(KEYS) do
  local reply, life = {}, 0
  for i = (k - 1) * each + 1, k * each, 4 do
    local size, number = ARGV[i], tonumber(ARGV[i + 1])
    local held = redis.call('HMGET', key, size .. 'n', size .. 'c', size .. 'p')
    local last, current, previous = tonumber(held[1]) or -1, tonumber(held[2]) or 0, tonumber(held[3]) or 0
    if last < number then
      if last == number - 1 then previous = current else previous = 0 end
      last, current = number, 0
    end
    local now, late = tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
    if last == number then
      current, previous = current + now, previous + late
    elseif last == number + 1 then
      previous = previous + now
    end
    redis.call('HSET', key, size .. 'n', last, size .. 'c', current, size .. 'p', previous)
    reply[#reply + 1], reply[#reply + 2], reply[#reply + 3] = last, current, previous
    life = math.max(life, 2 * tonumber(size))
  end
  if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
  replies[k] = reply
end
return replies
`)

/** More identifiers than this are not kept: the one that has been known for longest is given up. */
const MAX_KEPT = 100_000
/** So many go out in one step; a longer one would keep others waiting. */
const STEP_KEYS = 200

/** Newcomers are asked about soon, and together. */
const NEWCOMER_MS = 20

/** One window size of one identifier. */
interface Count {
  /** Of the window; -1 before the first. */
  number: number
  /** What Redis has said of the window, and of the one before. */
  known: number
  knownPrevious: number
  /** What Redis has not been told yet. */
  own: number
  ownPrevious: number
}

export class SyncedCounts extends RedisStore {
  readonly #counting: Counting
  readonly #intervalMs: number
  readonly #kept = new Map<string, readonly Count[]>()
  /** Those of which Redis has something to hear, or to tell. */
  #touched = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #isSoon = false
  /** One exchange at a time: what is under way must not be sent again. */
  #running: Promise<void> = Promise.resolve()
  /** When the last request came, in ms since the epoch. */
  #latest = 0

  /** @param syncRate seconds */
  constructor(redis: RedisDeployment, counting: Counting, syncRate: number) {
    super(redisTargetOf(redis))
    this.#counting = counting
    this.#intervalMs = syncRate * 1000
  }

  /** Decides by what is known here. */
  count(identifier: string, now: number): Verdict {
    this.#latest = now
    const { limits, isSliding, hasPenalty } = this.#counting
    const counts = this.#countsOf(this.#counting.key + keyPart(identifier))
    const looks = limits.map((limit, i) => look(counts[i] ?? fresh(), limit, isSliding, now))
    const hasPassed = !looks.some(({ isUsedUp }) => isUsedUp)
    if (!hasPassed && !hasPenalty) return { hasPassed, looks }
    for (const count of counts) count.own++
    return { hasPassed, looks: looks.map((one) => ({ ...one, current: one.current + 1 })) }
  }

  /** Exchanges counts with Redis. What does not arrive is kept for the next time. */
  override push(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isSoon = false
    // What has gone wrong in one is told by that one.
    this.#running = this.#running.catch(() => undefined).then(() => this.#pushAll())
    return this.#running
  }

  async #pushAll(): Promise<void> {
    this.#forget()
    const touched = [...this.#touched]
    this.#touched = new Set()
    const steps: Promise<void>[] = []
    for (let from = 0; from < touched.length; from += STEP_KEYS) {
      steps.push(this.#exchange(touched.slice(from, from + STEP_KEYS)))
    }
    await Promise.all(steps)
  }

  async #exchange(keys: readonly string[]): Promise<void> {
    const { limits } = this.#counting
    const sent = keys.map((key) => (this.#kept.get(key) ?? []).map((count) => ({ ...count })))
    const args = sent.flatMap((counts) =>
      counts.flatMap(({ number, own, ownPrevious }, i) => {
        return [limits[i]?.sizeMs ?? 0, number, own, ownPrevious]
      }),
    )
    try {
      const replies = await this.run(EXCHANGE, keys, args)
      for (const [k, key] of keys.entries()) {
        const reply = replies[k]
        if (Array.isArray(reply)) learn(this.#kept.get(key), sent[k], reply.map(Number))
      }
    } catch (error) {
      if (!(error instanceof RedisError)) throw error
      // The connection has told the log. Without an answer Redis may have counted all the same: then some count twice.
      for (const key of keys) if (this.#kept.has(key)) this.#touched.add(key)
    }
  }

  #countsOf(key: string): readonly Count[] {
    this.#touched.add(key)
    const kept = this.#kept.get(key)
    this.#pushLater(kept === undefined)
    if (kept !== undefined) return kept
    if (this.#kept.size >= MAX_KEPT) this.#giveUpOne()
    const counts = this.#counting.limits.map(fresh)
    this.#kept.set(key, counts)
    return counts
  }

  #pushLater(isSoon: boolean): void {
    if (this.#timer !== undefined && (this.#isSoon || !isSoon)) return
    clearTimeout(this.#timer)
    this.#isSoon = isSoon
    const delay = isSoon ? Math.min(NEWCOMER_MS, this.#intervalMs) : this.#intervalMs
    this.#timer = setTimeout(() => void this.push(), delay)
  }

  #giveUpOne(): void {
    for (const key of this.#kept.keys()) {
      this.#kept.delete(key)
      this.#touched.delete(key)
      return
    }
  }

  /** Those whose windows are over have nothing to say any more. */
  #forget(): void {
    const { limits } = this.#counting
    const isOver = ({ number }: Count, i: number): boolean =>
      this.#latest >= (number + 2) * (limits[i]?.sizeMs ?? 0)
    for (const [key, counts] of this.#kept) {
      if (!counts.every(isOver)) continue
      this.#kept.delete(key)
      this.#touched.delete(key)
    }
  }
}

function fresh(): Count {
  return { number: -1, known: 0, knownPrevious: 0, own: 0, ownPrevious: 0 }
}

function look(count: Count, limit: SlidingLimit, isSliding: boolean, now: number): Look {
  roll(count, Math.floor(now / limit.sizeMs))
  const previous = isSliding ? count.knownPrevious + count.ownPrevious : 0
  const current = count.known + count.own
  const elapsed = Math.max(0, now - count.number * limit.sizeMs)
  return { previous, current, elapsed, isUsedUp: current >= ceilingOf(limit, previous, elapsed) }
}

/** Goes on to the window, unless the clock has been set back. */
function roll(count: Count, number: number): void {
  if (number <= count.number) return
  const isNext = number === count.number + 1
  count.knownPrevious = isNext ? count.known : 0
  count.ownPrevious = isNext ? count.own : 0
  count.known = 0
  count.own = 0
  count.number = number
}

/** Takes in what Redis has said; the windows may have turned meanwhile, here or there. */
function learn(
  counts: readonly Count[] = [],
  sent: readonly Count[] = [],
  reply: readonly number[],
): void {
  for (const [i, count] of counts.entries()) {
    const told = sent[i] ?? fresh()
    if (count.number === told.number) {
      count.own -= told.own
      count.ownPrevious -= told.ownPrevious
    } else if (count.number === told.number + 1) count.ownPrevious -= told.own
    const [number = 0, current = 0, previous = 0] = reply.slice(3 * i, 3 * i + 3)
    if (number === count.number) {
      count.known = current
      count.knownPrevious = previous
    } else if (number === count.number - 1) count.knownPrevious = current
    else if (number === count.number + 1) count.known = previous
  }
}
