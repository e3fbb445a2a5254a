import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeHealth, fakePeers } from '../../../test/support/fake-peers.js'
import { LeastConnections } from './least-connections.js'

describe('least connections', () => {
  it('takes the peer with the fewest requests for its weight', () => {
    const peers = fakePeers([1, 2])
    const [light, heavy] = peers
    assert.ok(light !== undefined && heavy !== undefined)
    const least = new LeastConnections(peers)
    assert.equal(least.pick([]), heavy)
    heavy.connections = 2
    assert.equal(least.pick([]), light)
    light.connections = 1
    assert.equal(least.pick([]), heavy)
  })

  it('lets idle peers take turns', () => {
    const peers = fakePeers([1, 1, 1])
    const least = new LeastConnections(peers)
    assert.deepEqual(new Set([least.pick([]), least.pick([]), least.pick([])]), new Set(peers))
  })

  it('tries those first that have not failed, and starts over when all have', () => {
    const peers = fakePeers([1, 9])
    const [light, heavy] = peers
    assert.ok(light !== undefined && heavy !== undefined)
    const least = new LeastConnections(peers)
    assert.equal(least.pick([heavy]), light)
    assert.equal(least.pick([heavy, light]), heavy)
  })

  it('has nobody when all are down or without weight', () => {
    const down = new FakeHealth()
    down.isUp = false
    assert.equal(new LeastConnections(fakePeers([1, 0], [down])).pick([]), null)
    assert.equal(new LeastConnections([]).pick([]), null)
  })
})
