import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Lru } from './lru.js'

describe('a bounded map', () => {
  it('forgets what has not been used for longest', () => {
    const map = new Lru<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.get('a')
    map.set('c', 3)
    assert.deepEqual([map.get('a'), map.get('b'), map.get('c')], [1, undefined, 3])
    assert.equal(map.size, 2)
  })

  it('forgets nothing when a key is set again', () => {
    const map = new Lru<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.set('a', 3)
    assert.deepEqual([map.get('a'), map.get('b')], [3, 2])
  })

  it('keeps one at least', () => {
    const map = new Lru<string, number>(0)
    map.set('a', 1)
    assert.equal(map.get('a'), 1)
  })
})
