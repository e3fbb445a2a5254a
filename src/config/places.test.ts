import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LineIndex } from './places.js'

describe('an index of lines', () => {
  const text = 'a\r\nü😀b😀c\n\rd'

  it('gives the same column whatever was asked for before', () => {
    const inOrder = Array.from(text.matchAll(/./gsu), ({ index }) => index)
    const mixed = [8, 3, 9, 9, 6, 0, 7]
    for (const order of [inOrder, [...inOrder].reverse(), mixed]) {
      const shared = new LineIndex(text)
      for (const offset of order) {
        assert.deepEqual(shared.placeOf(offset), new LineIndex(text).placeOf(offset))
      }
    }
    assert.deepEqual(new LineIndex(text).placeOf(text.indexOf('c')), { line: 2, column: 5 })
  })

  it('gives lines without what ends them', () => {
    const index = new LineIndex(text)
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5].map((number) => index.textOf(number)),
      [undefined, 'a', 'ü😀b😀c', '', 'd', undefined],
    )
  })
})
