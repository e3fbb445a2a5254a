// The generator of test inputs: the same every time, and spread evenly.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Random } from './random.js'

describe('Random', () => {
  it('gives the same for the same seed and index, and else something different', () => {
    const text = (seed: number, index: number): string =>
      new Random(seed, index).text('abcdefghijklmnopqrstuvwxyz', 20, 20)
    assert.equal(text(1, 2), text(1, 2))
    const texts = new Set<string>()
    for (let index = 0; index < 1_000; index++) texts.add(text(1, index)).add(text(2, index))
    assert.equal(texts.size, 2_000)
  })

  it('spreads its numbers evenly, from the first one of every index on', () => {
    const counts = new Array<number>(10).fill(0)
    for (let index = 0; index < 10_000; index++) {
      const at = new Random(1, index).below(10)
      counts[at] = (counts[at] ?? 0) + 1
    }
    // Ten standard deviations around 1000.
    for (const count of counts) assert.ok(count > 700 && count < 1_300, counts.join(' '))
  })
})
