// The median of a measurement.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { median } from './stats.js'

describe('median', () => {
  it('is the middle value, whatever the order', () => assert.equal(median([9, 1, 5]), 5))
  it('is the mean of the two in the middle of an even count', () =>
    assert.equal(median([4, 1, 2, 9]), 3))
  it('refuses an empty list', () => assert.throws(() => median([]), RangeError))
})
