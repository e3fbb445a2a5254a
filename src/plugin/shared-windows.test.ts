import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WINDOW_WORDS, sharedWindows, type SharedWindows } from './shared-windows.js'
import { PERIODS, windowEnd, windowStart } from './windows.js'

const NOON = Date.UTC(2026, 5, 15, 12)

/** As two threads see them. */
function twoThreads(): [SharedWindows, SharedWindows] {
  const words = new Int32Array(new SharedArrayBuffer(WINDOW_WORDS * 4))
  return [sharedWindows(words), sharedWindows(words)]
}

describe('SharedWindow', () => {
  for (const period of PERIODS) {
    it(`of a ${period} is that of the calendar, one after the other`, () => {
      const [windows, others] = twoThreads()
      let start = windowStart(period, NOON)
      for (let i = 0; i < 30; i++) {
        const end = windowEnd(period, start)
        assert.deepEqual(windows[period].at(start), { start, end })
        assert.deepEqual(windows[period].at(end - 1), { start, end })
        assert.deepEqual(others[period].at(end - 1), { start, end })
        start = end
      }
    })
  }

  it('stays when the clock is set back a little', () => {
    const [{ minute }] = twoThreads()
    const window = minute.at(NOON + 1)
    assert.equal(minute.at(NOON - 1000), window)
    assert.equal(minute.at(NOON - 60_000), window)
    assert.equal(minute.at(NOON + 2), window)
  })

  it('does not stay in the far future', () => {
    const [{ minute }] = twoThreads()
    minute.at(NOON + 3_600_000)
    assert.equal(minute.at(NOON).start, NOON)
  })

  it('turns for all threads at once, whoever reads the clock later', () => {
    const [{ minute: first }, { minute: second }] = twoThreads()
    assert.equal(second.at(NOON - 1).start, NOON - 60_000)
    assert.equal(first.at(NOON).start, NOON)
    assert.equal(second.at(NOON - 1).start, NOON)
  })

  it('goes on after the year 2038', () => {
    const [{ day }, { day: other }] = twoThreads()
    const start = Date.UTC(2100, 0, 1)
    assert.equal(day.at(start).start, start)
    assert.equal(other.at(start + 1).start, start)
  })
})
