import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FakeHealth, fakePeers } from '../../../test/support/fake-peers.js'
import { ALWAYS_UP } from '../peer-health.js'
import type { Peer } from '../peer.js'
import { RoundRobin } from './round-robin.js'

function tally(robin: RoundRobin, peers: readonly Peer[], picks: number): number[] {
  const counts = new Map<Peer, number>()
  for (let i = 0; i < picks; i++) {
    const peer = robin.pick([]) ?? assert.fail('no peer')
    counts.set(peer, (counts.get(peer) ?? 0) + 1)
  }
  return peers.map((peer) => counts.get(peer) ?? 0)
}

describe('round-robin', () => {
  it('serves every peer exactly by its weight over a cycle, wherever it begins', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 0.999, noNaN: true }), (list, start) => {
        const total = list.reduce((sum, weight) => sum + weight, 0)
        const peers = fakePeers(list)
        const robin = new RoundRobin(peers, () => start)
        if (total === 0) assert.equal(robin.pick([]), null)
        else assert.deepEqual(tally(robin, peers, total), list)
      }),
      { seed: 7 },
    )
  })

  it('keeps to the weights within 2 % over 10,000 requests, also where a cycle is far longer', () => {
    const weights = [65_535, 40_003, 20_011, 9_973, 65_521]
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const peers = fakePeers(weights)
    const counts = tally(new RoundRobin(peers), peers, 10_000)
    for (const [index, weight] of weights.entries()) {
      const share = (counts[index] ?? 0) / 10_000
      assert.ok(Math.abs(share - weight / total) < 0.02, `${share} for ${weight}`)
    }
  })

  it('lets peers of one weight take turns', () => {
    const robin = new RoundRobin(fakePeers([100, 100]))
    const [first, second] = [robin.pick([]), robin.pick([])]
    assert.notEqual(first, second)
    assert.deepEqual([robin.pick([]), robin.pick([])], [first, second])
  })

  it('keeps no more than its peers, whatever their weights', () => {
    const weights = Array.from({ length: 1000 }, (_, index) => 65_535 - index)
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    const peers = fakePeers(weights)
    const robin = new RoundRobin(peers)
    const after = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed
    assert.ok(after - before < 8_000_000, `${after - before} bytes`)
    assert.ok(tally(robin, peers, 10_000).every((count) => count >= 1 && count < 40))
  })

  it('passes over a peer that is down, and comes back to it as soon as it is up', () => {
    const health = new FakeHealth()
    const peers = fakePeers([1, 1, 1], [health])
    const robin = new RoundRobin(peers, () => 0)
    health.isUp = false
    assert.deepEqual(tally(robin, peers, 30), [0, 15, 15])
    health.isUp = true
    assert.deepEqual(tally(robin, peers, 30), [10, 10, 10])
  })

  it('has nobody when all are down', () => {
    const healths = [new FakeHealth(), new FakeHealth()]
    const robin = new RoundRobin(fakePeers([1, 1], healths))
    for (const health of healths) health.isUp = false
    assert.equal(robin.pick([]), null)
    assert.equal(robin.pick([]), null)
  })

  it('tries another peer, and the same one only when there is no other', () => {
    const [heavy, light] = fakePeers([1000, 1])
    assert.ok(heavy !== undefined && light !== undefined)
    const robin = new RoundRobin([heavy, light])
    assert.equal(robin.pick([heavy]), light)
    assert.equal(robin.pick([light]), heavy)
    assert.ok([heavy, light].includes(robin.pick([heavy, light]) ?? assert.fail()))
    assert.equal(new RoundRobin(fakePeers([1], [ALWAYS_UP])).pick([heavy])?.ip, '10.0.0.1')
  })
})
