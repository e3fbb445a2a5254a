import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { leastPriority, srvAddresses, type SrvTarget } from './srv.js'
import type { SrvRecord } from './message.js'

function record(target: string, { weight = 1, priority = 0 } = {}): SrvRecord {
  return { name: 'app.test', type: 'SRV', ttlMs: 1000, target, port: 80, weight, priority }
}

function target(weight: number, ...ips: string[]): SrvTarget {
  return { record: record('x.test', { weight }), ips, expiresAt: 0, fault: null }
}

function weights(...targets: SrvTarget[]): Record<string, number> {
  return Object.fromEntries(srvAddresses(targets).map(({ ip, weight }) => [ip, weight]))
}

describe('the records of a service', () => {
  it('count when theirs is the lowest priority, and when they name a target', () => {
    const records = [
      record('.', { priority: 0 }),
      record('b', { priority: 20 }),
      record('c', { priority: 10 }),
      record('d', { priority: 10 }),
    ]
    assert.deepEqual(
      leastPriority(records).map(({ target }) => target),
      ['c', 'd'],
    )
  })
})

describe('the weight of a target', () => {
  it('is that of its record, and 1 for 0', () => {
    assert.deepEqual(weights(target(10, 'a'), target(0, 'b')), { a: 10, b: 1 })
  })

  it('is shared by its addresses, so that targets keep their proportions', () => {
    assert.deepEqual(weights(target(10, 'a', 'b'), target(10, 'c')), { a: 10, b: 10, c: 20 })
    assert.deepEqual(weights(target(1, 'a', 'b'), target(1, 'c', 'd', 'e')), {
      a: 3,
      b: 3,
      c: 2,
      d: 2,
      e: 2,
    })
  })

  it('is nearly shared when there are so many addresses that weights would grow without end', () => {
    const many = (count: number, name: string): SrvTarget =>
      target(1, ...Array.from({ length: count }, (_, i) => `${name}${i}`))
    const all = Object.values(weights(many(7, 'a'), many(11, 'b'), many(13, 'c'), many(99, 'd')))
    assert.ok(Math.max(...all) <= 60)
    assert.ok(Math.min(...all) >= 1)
  })

  it('plays no part for a target without an address', () => {
    assert.deepEqual(weights(target(10), target(5, 'b')), { b: 5 })
    assert.deepEqual(weights(target(10)), {})
  })
})
