import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StoreMemory, type StoreLimits } from './shared-store.js'

const ROOM: StoreLimits = { maxEntries: 1000, maxChars: 1_000_000 }

function memory(limits: StoreLimits = ROOM) {
  const clock = { now: 0 }
  const gone: string[] = []
  const store = new StoreMemory(
    () => clock.now,
    (key) => gone.push(key),
    limits,
  )
  return { clock, gone, store }
}

describe('a store of values', () => {
  it('gives back what was put, until its time is over', () => {
    const { clock, store } = memory()
    store.put('a', 'x', 100)
    store.put('b', 'y', 0)
    assert.equal(store.timeLeft('a'), 100)
    clock.now = 99
    assert.equal(store.get('a'), 'x')
    clock.now = 100
    assert.equal(store.get('a'), null)
    assert.equal(store.timeLeft('a'), 0)
    clock.now = 1e15
    assert.equal(store.get('b'), 'y')
    assert.equal(store.timeLeft('b'), Infinity)
  })

  it('gives back what was replaced, and what was taken, once', () => {
    const { store } = memory()
    assert.equal(store.put('a', 'x', 0), null)
    assert.equal(store.put('a', 'y', 0), 'x')
    assert.equal(store.take('a'), 'y')
    assert.equal(store.take('a'), null)
    assert.equal(store.size, 0)
  })

  it('does not give back what is over', () => {
    const { clock, store } = memory()
    store.put('a', 'x', 10)
    clock.now = 10
    assert.equal(store.take('a'), null)
    store.put('a', 'x', 10)
    clock.now = 20
    assert.equal(store.put('a', 'y', 10), null)
  })

  it('tells of each key whose value is gone', () => {
    const { clock, gone, store } = memory()
    store.put('a', 'x', 0)
    store.put('a', 'y', 0)
    store.take('a')
    store.put('b', 'x', 10)
    clock.now = 10
    store.get('b')
    assert.deepEqual(gone, ['a', 'a', 'b'])
  })

  it('gives up what was put longest ago when it is full', () => {
    const { store } = memory({ ...ROOM, maxEntries: 2 })
    for (const key of ['a', 'b', 'c']) store.put(key, 'x', 0)
    assert.deepEqual([store.get('a'), store.get('b'), store.get('c')], [null, 'x', 'x'])
    assert.equal(store.evictions, 1)
  })

  it('is full with long values, too, and has room again when they are gone', () => {
    const { store } = memory({ ...ROOM, maxChars: 20 })
    store.put('a', 'x'.repeat(9), 0)
    store.put('b', 'x'.repeat(9), 0)
    assert.equal(store.evictions, 0)
    store.put('c', '', 0)
    assert.equal(store.get('a'), null)
    store.take('b')
    store.put('d', 'x'.repeat(18), 0)
    assert.deepEqual([store.get('c'), store.evictions], ['', 1])
  })

  it('drops by and by what nobody asks for again', () => {
    const { clock, store } = memory()
    for (let i = 0; i < 100; i++) store.put(`old ${i}`, 'x', 10)
    clock.now = 10
    for (let i = 0; i < 100; i++) store.put(`new ${i}`, 'x', 10)
    assert.equal(store.size, 100)
    assert.equal(store.evictions, 0)
  })
})
