// How exact limits are, as the README tells: each algorithm against an exact account of simulated hours of traffic.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import rateLimiting from '../../plugins/rate-limiting/index.js'
import rateLimitingAdvanced from '../../plugins/rate-limiting-advanced/index.js'
import { bucketOf, delayMs } from '../../plugins/throttle/bucket.js'
import throttle from '../../plugins/throttle/index.js'
import { Levels } from '../../plugins/throttle/levels.js'
import { freshCounters } from '../support/plugin-env.js'
import { Random } from '../support/random.js'
import {
  BEGIN,
  HOUR_MS,
  burstyArrivals,
  evenArrivals,
  excess,
  mostWithin,
  pass,
  passedTimes,
  type Passage,
} from './traffic.js'

const HOURS = 6
const LIMIT = 100
const MINUTE_MS = 60_000
const SEEDS = [1, 2, 3]

const bursty = (seed: number): number[] => burstyArrivals(new Random(seed), HOURS, LIMIT * 60)
const even = (seed: number, times: number): number[] =>
  evenArrivals(new Random(seed), HOURS, LIMIT * 60, times)

/** How many an exact log of the last minute lets pass. */
function passedByLog(times: readonly number[]): number {
  const log: number[] = []
  let from = 0
  for (const at of times) {
    while ((log[from] ?? at) <= at - MINUTE_MS) from++
    if (log.length - from < LIMIT) log.push(at)
  }
  return log.length
}

/** How many pass although, of those that passed before, as many as the limit did so in the minute before. */
function passedBeyond(times: readonly number[]): number {
  let beyond = 0
  let from = 0
  for (const [i, at] of times.entries()) {
    while ((times[from] ?? at) <= at - MINUTE_MS) from++
    if (i - from >= LIMIT) beyond++
  }
  return beyond
}

describe('a fixed window', () => {
  it('never lets more pass than its limit, and across its turn up to twice that', (t) => {
    for (const seed of SEEDS) {
      const passages = pass(rateLimiting, { minute: LIMIT }, bursty(seed))
      const passed = passedTimes(passages)
      const counts = new Map<number, number>()
      for (const at of passed) {
        const window = Math.floor(at / MINUTE_MS)
        counts.set(window, (counts.get(window) ?? 0) + 1)
      }
      assert.equal(Math.max(...counts.values()), LIMIT)
      const most = mostWithin(passed, MINUTE_MS)
      t.diagnostic(`${passages.length} requests, at most ${most} in 60 s`)
      assert.ok(most > LIMIT * 1.3 && most <= 2 * LIMIT, String(most))
    }
  })

  it('lets twice the limit pass within an instant at its turn', () => {
    const times = [59_999, 60_000].flatMap((at) => Array<number>(150).fill(BEGIN + at))
    const config = { limit: [LIMIT], window_size: [60], window_type: 'fixed' }
    for (const passages of [
      pass(rateLimiting, { minute: LIMIT }, times),
      advanced(config, times),
    ]) {
      assert.equal(passedTimes(passages).length, 2 * LIMIT)
    }
  })
})

function advanced(config: object, times: readonly number[]): Passage[] {
  return pass(rateLimitingAdvanced, { limit: [LIMIT], window_size: [60], ...config }, times)
}

describe('a sliding window', () => {
  /** `most` in any minute; `beyond` and `served` in percent: of what passed, and of what an exact log lets pass. */
  const traffic = [
    {
      name: 'even, half the limit',
      make: (seed: number) => even(seed, 0.5),
      penalty: { most: 100, beyond: 0, served: [100, 100] },
      none: { most: 100, beyond: 0, served: [100, 100] },
    },
    {
      name: 'even, nine tenths of the limit',
      make: (seed: number) => even(seed, 0.9),
      penalty: { most: 118, beyond: 4, served: [80, 100] },
      none: { most: 118, beyond: 8, served: [98, 101] },
    },
    {
      name: 'even, twice the limit',
      make: (seed: number) => even(seed, 2),
      penalty: { most: 100, beyond: 0, served: [0, 1] },
      none: { most: 112, beyond: 10, served: [98, 101] },
    },
    {
      name: 'in bursts, twice the limit',
      make: bursty,
      penalty: { most: 140, beyond: 5, served: [5, 50] },
      none: { most: 200, beyond: 25, served: [90, 108] },
    },
  ] as const
  for (const { name, make, ...expected } of traffic) {
    for (const [mode, { most, beyond, served }] of [
      ['which counts refused requests', expected.penalty],
      ['with disable_penalty', expected.none],
    ] as const) {
      it(`${mode}, is as far from an exact log as it says for traffic that is ${name}`, (t) => {
        for (const seed of SEEDS) {
          const times = make(seed)
          const config = { disable_penalty: mode === 'with disable_penalty' }
          const passed = passedTimes(advanced(config, times))
          const seen = {
            most: mostWithin(passed, MINUTE_MS),
            beyond: (100 * passedBeyond(passed)) / passed.length,
            served: (100 * passed.length) / passedByLog(times),
          }
          t.diagnostic(JSON.stringify({ ...seen, requests: times.length }))
          assert.ok(seen.most <= most, `${seen.most} in a minute`)
          assert.ok(seen.beyond <= beyond, `${seen.beyond} % beyond the limit`)
          assert.ok(seen.served >= served[0] && seen.served <= served[1], `${seen.served} % served`)
        }
      })
    }
  }

  it('lets no more than twice the limit pass, when all of one window comes at its end', () => {
    const times = [59_999, 119_998].flatMap((at) => Array<number>(150).fill(BEGIN + at))
    assert.equal(
      mostWithin(passedTimes(advanced({ disable_penalty: true }, times)), MINUTE_MS),
      199,
    )
  })
})

describe('a bucket', () => {
  const rates = [
    { rate: 100, period: 'minute', periodMs: MINUTE_MS, burst: 20, roundings: 0 },
    { rate: 7, period: 'second', periodMs: 1000, burst: 1, roundings: 0 },
    { rate: 4999, period: 'hour', periodMs: HOUR_MS, burst: 100, roundings: 0 },
    // Ticks of this one are rounded: some requests are refused for a moment too long.
    { rate: 4999, period: 'hour', periodMs: HOUR_MS, burst: 333, roundings: 50 },
  ] as const
  for (const { rate, period, periodMs, burst, roundings } of rates) {
    const hours = Math.min(HOURS, (50_000 * periodMs) / rate / HOUR_MS)
    const traffic = (seed: number): number[] =>
      burstyArrivals(new Random(seed), hours, (rate * HOUR_MS) / periodMs)

    it(`of ${rate} a ${period}, burst ${burst}, lets exactly that pass, in any span`, (t) => {
      for (const seed of SEEDS) {
        const passages = pass(throttle, { rate, period, burst }, traffic(seed))
        assert.ok(excess(passedTimes(passages), { rate, periodMs, burst }) <= 0)
        const { tooMany, tooFew } = againstTokens(passages, rate, periodMs, burst)
        t.diagnostic(`${passages.length} requests, ${tooFew} refused wrongly`)
        assert.equal(tooMany, 0)
        assert.ok(tooFew <= roundings, `${tooFew} refused wrongly`)
      }
    })
  }

  it('that leaks lets requests go on evenly, none later than it may, and refuses no other', () => {
    const bucket = bucketOf({
      rate: 7,
      periodMs: 1000,
      atOnce: 1000,
      undelayed: 1,
      maxDelayMs: 3000,
    })
    const levels = new Levels(bucket, 'leaky')
    const table = freshCounters()
    const client = table.identify('client')
    const departures: number[] = []
    for (const at of burstyArrivals(new Random(1), 4, 7 * 3600)) {
      const lead = levels.take(table, client, bucket.most, () => at)
      const last = departures.at(-1) ?? 0
      if (lead > bucket.most) {
        assert.ok(last + 1000 / 7 - at > 3000 - 1, 'its turn would come later than it may wait')
        continue
      }
      const wait = delayMs(bucket, lead)
      assert.ok(wait <= 3000)
      departures.push(at + wait)
    }
    assert.ok(departures.length > 10_000)
    // A turn is on a whole millisecond: one may come late by less than one.
    assert.ok(excess(departures, { rate: 7, periodMs: 1000, burst: 1 }) < 7 / 1000)
  })
})

/** Tokens are counted in parts of a period, so that they are whole. */
function againstTokens(
  passages: readonly Passage[],
  rate: number,
  periodMs: number,
  burst: number,
): { tooMany: number; tooFew: number } {
  const wrong = { tooMany: 0, tooFew: 0 }
  let tokens = burst * periodMs
  let last = BEGIN
  for (const { at, passed } of passages) {
    tokens = Math.min(burst * periodMs, tokens + (at - last) * rate)
    last = at
    const wouldPass = tokens >= periodMs
    if (passed && !wouldPass) wrong.tooMany++
    if (!passed && wouldPass) wrong.tooFew++
    if (passed) tokens -= periodMs
  }
  return wrong
}
