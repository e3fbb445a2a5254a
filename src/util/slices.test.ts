import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInSlices, runWhole, type Sliced } from './slices.js'

function* sum(numbers: readonly number[]): Sliced<number> {
  let total = 0
  for (const number of numbers) {
    total += number
    yield
  }
  return total
}

describe('sliced work', () => {
  it('gives the same result whole and in slices', async () => {
    assert.equal(runWhole(sum([1, 2, 3])), 6)
    assert.equal(await runInSlices(sum([1, 2, 3])), 6)
    assert.equal(await runInSlices(sum([])), 0)
  })

  it('lets others have their turn whenever a slice is over', async () => {
    let clock = 0
    let turns = 0
    let isOver = false
    const others = (): void => {
      turns++
      if (!isOver) setImmediate(others)
    }
    setImmediate(others)
    // Each step takes a fifth of a slice.
    await runInSlices(sum(Array.from({ length: 50 }, () => 1)), () => (clock += 0.1))
    isOver = true
    assert.ok(turns >= 5, `${turns} turns`)
  })

  it('passes on what the work throws', async () => {
    function* failing(): Sliced<number> {
      yield
      throw new RangeError('too far')
    }
    assert.throws(() => runWhole(failing()), { name: 'RangeError', message: 'too far' })
    await assert.rejects(runInSlices(failing()), { name: 'RangeError', message: 'too far' })
  })
})
