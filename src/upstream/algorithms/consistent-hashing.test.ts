import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeHealth, fakePeers } from '../../../test/support/fake-peers.js'
import type { Peer } from '../peer.js'
import { ConsistentHashing } from './consistent-hashing.js'

const KEYS = Array.from({ length: 10_000 }, (_, index) => `user-${index}`)
const SLOTS = 10_000

function owners(peers: readonly Peer[], slots = SLOTS): (string | undefined)[] {
  const ring = new ConsistentHashing(peers, peers.length, slots)
  return KEYS.map((key) => ring.pick([], key)?.ip)
}

function moved(before: readonly unknown[], after: readonly unknown[]): number {
  return before.filter((owner, index) => owner !== after[index]).length / before.length
}

describe('consistent hashing', () => {
  for (const count of [3, 5, 10]) {
    it(`moves little more than its share when one of ${count} peers leaves or comes`, () => {
      const peers = fakePeers(Array.from({ length: count }, () => 100))
      const all = owners(peers)
      for (const gone of peers) {
        const rest = owners(peers.filter((peer) => peer !== gone))
        assert.ok(moved(all, rest) <= 1 / count + 0.05, `${moved(all, rest)} without ${gone.ip}`)
      }
    })
  }

  it('moves nobody else when a peer is down', () => {
    const health = new FakeHealth()
    const peers = fakePeers([100, 100, 100], [health])
    const ring = new ConsistentHashing(peers, 3, SLOTS)
    const before = KEYS.map((key) => ring.pick([], key))
    health.isUp = false
    const after = KEYS.map((key) => ring.pick([], key))
    for (const [index, owner] of before.entries()) {
      if (owner === peers[0]) assert.notEqual(after[index], owner)
      else assert.equal(after[index], owner)
    }
  })

  it('gives each peer about its share', () => {
    const found = owners(fakePeers([100, 100, 200]))
    const share = (ip: string): number => found.filter((one) => one === ip).length / KEYS.length
    assert.ok(Math.abs(share('10.0.0.1') - 0.25) < 0.06)
    assert.ok(Math.abs(share('10.0.0.3') - 0.5) < 0.06)
  })

  it('goes by the addresses, not by their order', () => {
    const peers = fakePeers([100, 50, 100, 7])
    assert.deepEqual(owners(peers), owners([...peers].reverse()))
  })

  it('tries the same peer again', () => {
    const peers = fakePeers([1, 1])
    const ring = new ConsistentHashing(peers, 2, SLOTS)
    const first = ring.pick([], 'a') ?? assert.fail()
    assert.equal(ring.pick([first], 'a'), first)
  })

  it('serves as many peers as fit on the smallest ring', () => {
    const found = owners(fakePeers(Array.from({ length: 2000 }, () => 1)), 10)
    assert.ok(found.every((owner) => owner !== undefined))
  })

  it('has nobody without a peer of any weight, or with all of them down', () => {
    const down = new FakeHealth()
    down.isUp = false
    assert.equal(new ConsistentHashing([], 0, SLOTS).pick([], 'a'), null)
    assert.equal(new ConsistentHashing(fakePeers([0]), 1, SLOTS).pick([], 'a'), null)
    assert.equal(new ConsistentHashing(fakePeers([1], [down]), 1, SLOTS).pick([], 'a'), null)
  })
})
