// Simulated traffic for limits: random arrivals over hours of a clock that only the test moves, and what of it passed.
import type { Plugin } from '../../src/plugin/contract.js'
import type { JSONSchema } from '../../schemas/types.js'
import { fakeContext } from '../support/fake-context.js'
import { prepared, UNBOUND } from '../support/plugin-config.js'
import { freshCounters, silentEnv } from '../support/plugin-env.js'
import type { Random } from '../support/random.js'

/** On a whole hour, so that windows of all lengths begin with it. */
export const BEGIN = Date.UTC(2026, 0, 31, 12)
export const HOUR_MS = 3_600_000

export interface Passage {
  /** ms since the epoch. */
  readonly at: number
  readonly passed: boolean
}

/** Times of arrival by chance alone, at so many times the rate that the limit allows. */
export function evenArrivals(
  random: Random,
  hours: number,
  perHour: number,
  times: number,
): number[] {
  const arrived: number[] = []
  for (let at = BEGIN; at < BEGIN + hours * HOUR_MS; at += gap(random, HOUR_MS / perHour / times)) {
    arrived.push(Math.floor(at))
  }
  return arrived
}

/** Exponential: what has come says nothing of what comes. */
function gap(random: Random, mean: number): number {
  return -Math.log(1 - random.below(1e6) / 1e6) * mean
}

/**
 * Times of arrival in spells: requests come at a tenth to four times the rate, with gaps as chance has it, broken by
 * silences and by bursts within a few ms.
 * @param perHour the rate that the limit allows
 */
export function burstyArrivals(random: Random, hours: number, perHour: number): number[] {
  const times: number[] = []
  const end = BEGIN + hours * HOUR_MS
  const gapMs = HOUR_MS / perHour
  for (let at = BEGIN; at < end;) {
    const mean = gapMs / (0.1 + random.below(400) / 100)
    const spellEnd = Math.min(end, at + (1 + random.below(200)) * gapMs)
    if (random.percent(15)) at = spellEnd
    for (let left = random.percent(20) ? random.below(300) : 0; left > 0; left--) {
      times.push(Math.floor((at += random.below(3))))
    }
    while (at < spellEnd) {
      at += gap(random, mean)
      times.push(Math.floor(at))
    }
  }
  return times.filter((at) => at < end)
}

/** Sends all through a use of the plugin that counts on the node. */
export function pass<P>(
  plugin: Plugin<JSONSchema, never, P>,
  config: object,
  times: readonly number[],
): Passage[] {
  let now = BEGIN
  const env = silentEnv(now, freshCounters(), freshCounters())
  void plugin.init?.({ ...env, now: () => now })
  const use = prepared(plugin, config, UNBOUND)
  return times.map((at) => {
    now = at
    const ctx = fakeContext()
    void plugin.access?.(ctx, use)
    return { at, passed: ctx.answer === null }
  })
}

export function passedTimes(passages: readonly Passage[]): number[] {
  return passages.filter(({ passed }) => passed).map(({ at }) => at)
}

/** The most that fall into any span of that length, wherever it begins. */
export function mostWithin(times: readonly number[], spanMs: number): number {
  let most = 0
  let from = 0
  for (const [i, at] of times.entries()) {
    while ((times[from] ?? at) <= at - spanMs) from++
    most = Math.max(most, i - from + 1)
  }
  return most
}

/**
 * By how many requests the times exceed `burst + rate * t` in the worst of all spans t, both ends included; 0 or less when
 * they never do. Reckoned in whole numbers: requests times `periodMs`.
 */
export function excess(
  times: readonly number[],
  { rate, periodMs, burst }: { rate: number; periodMs: number; burst: number },
): number {
  let worst = -Infinity
  let least = Infinity
  for (const [i, at] of times.entries()) {
    const level = i * periodMs - (at - BEGIN) * rate
    least = Math.min(least, level)
    worst = Math.max(worst, level + periodMs - least)
  }
  return worst / periodMs - burst
}
