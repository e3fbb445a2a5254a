import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketOf, delayMs, remainingAt, secondsTo, type BucketTerms } from './bucket.js'

const DAY_MS = 86_400_000

function bucket(rate: number, periodMs: number, more: Partial<BucketTerms> = {}) {
  const atOnce = more.atOnce ?? 1
  return bucketOf({ rate, periodMs, atOnce, undelayed: atOnce, maxDelayMs: 0, ...more })
}

describe('a bucket', () => {
  it('has ticks in which the time between two requests is whole', () => {
    for (const [rate, periodMs, ticksPerMs, cost] of [
      [10, 1000, 1, 100],
      [3, 1000, 3, 1000],
      [4999, 1000, 4999, 1000],
      [999_983, 1000, 999_983, 1000],
      [7, 60_000, 7, 60_000],
      [1, DAY_MS, 1, DAY_MS],
    ] as const) {
      const made = bucket(rate, periodMs)
      assert.deepEqual([made.ticksPerMs, made.cost], [ticksPerMs, cost], `${rate} in ${periodMs}`)
    }
  })

  it('never allows more than the rate, and hardly less, where ticks cannot be that fine', () => {
    for (const [rate, periodMs, atOnce] of [
      [9999, DAY_MS, 1000],
      [1, DAY_MS, 366],
      [999_983, DAY_MS, 999_983],
      [999_983, 1000, 1_000_000],
      [86_399_999 % 1_000_000, 3_600_000, 500_000],
    ] as const) {
      const { ticksPerMs, cost, most } = bucket(rate, periodMs, { atOnce })
      const interval = cost / ticksPerMs
      assert.ok(interval >= periodMs / rate)
      assert.ok(interval <= (periodMs / rate) * (1 + atOnce / 2 ** 28), String(interval))
      assert.ok(most + cost < 2 ** 30, 'leads fit twice into a counter')
    }
  })

  it('says how long a request waits, how many more pass, and when it is empty', () => {
    const made = bucket(10, 1000, { atOnce: 5, undelayed: 2, maxDelayMs: 60_000 })
    assert.deepEqual(
      [0, 100, 101, 400].map((lead) => delayMs(made, lead)),
      [0, 0, 1, 300],
    )
    assert.deepEqual(
      [0, 1, 400, 401].map((lead) => remainingAt(made, lead)),
      [5, 4, 1, 0],
    )
    assert.equal(secondsTo(made, 2100, 0), 3)
    assert.equal(secondsTo(made, 10, 0), 1)
  })

  it('refuses those that would wait for longer than they may', () => {
    const made = bucket(10, 1000, { atOnce: 100, undelayed: 1, maxDelayMs: 250 })
    assert.equal(made.most, 250)
    assert.equal(remainingAt(made, 0), 3)
  })

  it('that takes more than a year to fill again is a fault of the burst', () => {
    assert.throws(() => bucket(1, DAY_MS, { atOnce: 367 }), { field: 'burst' })
  })
})
