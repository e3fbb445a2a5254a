import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Collector, CollectorBudget } from './collector.js'
import { EntryStore, type Entry } from './store.js'

function entry(identity: string, bytes: number, keptUntil = Infinity): Entry {
  const headers = [['Content-Type', 'text/plain']] as const
  const times = { storedAt: 0, ttl: 1, staleFrom: 0, keptUntil, mayBeStale: true }
  const body = Buffer.alloc(bytes)
  return { identity, key: `key of ${identity}`, status: 200, headers, body, ...times }
}

describe('the store of proxy-cache', () => {
  it('stays within its bytes with 10,000 answers, and keeps those used last', () => {
    const maxBytes = 8 * 1024 * 1024
    const store = new EntryStore(maxBytes)
    for (let i = 0; i < 10_000; i++) {
      store.set(entry(String(i), 10_000))
      store.get('0', 0)
      assert.ok(store.bytes <= maxBytes)
    }
    assert.ok(store.size > 700 && store.size < 840, String(store.size))
    assert.notEqual(store.get('0', 0), null)
    assert.notEqual(store.get('9999', 0), null)
    assert.equal(store.get('1', 0), null)
  })

  it('counts what small answers take besides their bodies', () => {
    const store = new EntryStore(1024 * 1024)
    for (let i = 0; i < 10_000; i++) store.set(entry(String(i), 0))
    assert.ok(store.size < 1024, String(store.size))
  })

  it('gives back all that it has counted', () => {
    const store = new EntryStore(100_000)
    store.set(entry('a', 10))
    store.set(entry('a', 20))
    store.set(entry('b', 10, 5))
    store.set(entry('c', 200_000))
    assert.equal(store.size, 2)
    assert.equal(store.get('b', 5), null)
    store.delete('a')
    store.delete('a')
    assert.deepEqual([store.bytes, store.size], [0, 0])
    store.set(entry('a', 10))
    store.clear()
    assert.deepEqual([store.bytes, store.size], [0, 0])
  })

  it('finds an answer by the key that clients see, as long as it is kept', () => {
    const store = new EntryStore(100_000)
    store.set(entry('a', 10, 5))
    store.set(entry('b', 10))
    assert.deepEqual(
      store.byKey('key of a', 4).map(({ identity }) => identity),
      ['a'],
    )
    assert.deepEqual(store.byKey('key of a', 5), [])
  })
})

describe('the collector of proxy-cache', () => {
  it('makes one body in memory of its own', () => {
    const budget = new CollectorBudget(100)
    const collector = new Collector(budget, 100)
    assert.ok(collector.add(Buffer.from('ab')) && collector.add(Buffer.from('c')))
    assert.equal(budget.bytes, 3)
    const body = collector.whole()
    assert.equal(body.toString(), 'abc')
    assert.equal(body.buffer.byteLength, 3)
    assert.equal(budget.bytes, 0)
  })

  it('holds nothing of a body over its own bound, or over that of all', () => {
    const budget = new CollectorBudget(10)
    const long = new Collector(budget, 5)
    assert.ok(long.add(Buffer.alloc(5)))
    assert.ok(!long.add(Buffer.alloc(1)))
    assert.equal(budget.bytes, 0)
    const [one, other] = [new Collector(budget, 8), new Collector(budget, 8)]
    assert.ok(one.add(Buffer.alloc(8)))
    assert.ok(!other.add(Buffer.alloc(3)))
    assert.equal(budget.bytes, 8)
    one.drop()
    one.drop()
    assert.equal(budget.bytes, 0)
  })
})
