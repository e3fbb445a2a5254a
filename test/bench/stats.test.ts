// What measurements are boiled down to.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { median, percentile, slope } from './stats.js'

describe('median', () => {
  it('is the middle value, whatever the order', () => assert.equal(median([9, 1, 5]), 5))
  it('is the mean of the two in the middle of an even count', () =>
    assert.equal(median([4, 1, 2, 9]), 3))
  it('refuses an empty list', () => assert.throws(() => median([]), RangeError))
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
  it('is the value that so many do not exceed', () => {
    assert.equal(percentile(hundred, 0.5), 50)
    assert.equal(percentile(hundred, 0.99), 99)
    assert.equal(percentile(hundred, 0.991), 100)
  })
  it('is the largest value for 1, the smallest for 0', () => {
    assert.equal(percentile(hundred, 1), 100)
    assert.equal(percentile(hundred, 0), 1)
  })
})

describe('slope', () => {
  it('is that of the line on which all points lie', () =>
    assert.equal(
      slope([
        [0, 7],
        [10, 27],
        [20, 47],
      ]),
      2,
    ))
  it('evens out what lies beside it', () =>
    assert.equal(
      slope([
        [0, 1],
        [1, 0],
        [2, 5],
        [3, 4],
      ]),
      1.4,
    ))
  it('refuses points above each other', () =>
    assert.throws(
      () =>
        slope([
          [1, 1],
          [1, 2],
        ]),
      RangeError,
    ))
})
