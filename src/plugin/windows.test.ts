import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PERIODS, windowEnd, windowStart, type Period } from './windows.js'

const NOW = Date.UTC(2024, 1, 29, 13, 14, 15, 167)

describe('windows', () => {
  const expected: Record<Period, readonly [start: number, end: number]> = {
    second: [Date.UTC(2024, 1, 29, 13, 14, 15), Date.UTC(2024, 1, 29, 13, 14, 16)],
    minute: [Date.UTC(2024, 1, 29, 13, 14), Date.UTC(2024, 1, 29, 13, 15)],
    hour: [Date.UTC(2024, 1, 29, 13), Date.UTC(2024, 1, 29, 14)],
    day: [Date.UTC(2024, 1, 29), Date.UTC(2024, 2, 1)],
    month: [Date.UTC(2024, 1), Date.UTC(2024, 2)],
    year: [Date.UTC(2024, 0), Date.UTC(2025, 0)],
  }
  for (const period of PERIODS) {
    it(`of a ${period} follow the calendar in UTC`, () => {
      const start = windowStart(period, NOW)
      assert.deepEqual([start, windowEnd(period, start)], expected[period])
      assert.equal(windowStart(period, start), start)
      assert.equal(windowStart(period, windowEnd(period, start)), windowEnd(period, start))
    })
  }

  it('follow one another over the turn of the year', () => {
    const december = windowStart('month', Date.UTC(2025, 11, 31, 23, 59, 59))
    assert.equal(windowEnd('month', december), Date.UTC(2026, 0))
  })
})
