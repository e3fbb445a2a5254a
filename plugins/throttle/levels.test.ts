import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freshCounters } from '../../test/support/plugin-env.js'
import { bucketOf } from './bucket.js'
import { Levels } from './levels.js'

/** One request in 100 ms, five at once: epochs are two seconds, the shortest there are. */
const bucket = bucketOf({ rate: 10, periodMs: 1000, atOnce: 5, undelayed: 5, maxDelayMs: 0 })
const EPOCH_MS = 2000
/** The turn of an epoch. */
const TURN = Date.UTC(2026, 0, 31, 12)

describe('levels in memory', () => {
  function setUp() {
    const levels = new Levels(bucket, 'test')
    const table = freshCounters()
    const client = table.identify('client')
    /** The lead that a request finds; what the clock says at each look. */
    const take = (...times: readonly [number, ...number[]]): number => {
      let look = 0
      const now = (): number => times[Math.min(look++, times.length - 1)] ?? times[0]
      return levels.take(table, client, bucket.most, now)
    }
    return { take }
  }

  it('go on over the turn of an epoch', () => {
    const { take } = setUp()
    assert.deepEqual(
      [1, 2, 3].map(() => take(TURN - 50)),
      [0, 100, 200],
    )
    assert.equal(take(TURN), 250)
    assert.equal(take(TURN + 100), 250)
    assert.equal(take(TURN + EPOCH_MS), 0)
  })

  it('count a request again that was overtaken by the turn, since others may have looked back before', () => {
    const { take } = setUp()
    // Another thread has begun the next epoch; then this one, which read the clock before, adds to the one that is over.
    assert.equal(take(TURN + 10), 0)
    assert.equal(take(TURN - 1, TURN + 20), 90)
    assert.equal(take(TURN + 20), 190)
  })

  it('add nothing for a request that is refused', () => {
    const { take } = setUp()
    const leads = Array.from({ length: 8 }, () => take(TURN))
    assert.deepEqual(leads, [0, 100, 200, 300, 400, 500, 500, 500])
    assert.equal(take(TURN + 100), 400)
  })
})
