import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakePeers } from '../../../test/support/fake-peers.js'
import { Latency, recordLatency } from './latency.js'

describe('latency', () => {
  it('takes the peer that has answered fastest for its weight', () => {
    const peers = fakePeers([1, 1, 4])
    const [slow, fast, heavy] = peers
    assert.ok(slow !== undefined && fast !== undefined && heavy !== undefined)
    const latency = new Latency(peers, () => 1000)
    recordLatency(slow, 300, 1000)
    recordLatency(fast, 30, 1000)
    recordLatency(heavy, 200, 1000)
    assert.equal(latency.pick([]), fast)
    assert.equal(latency.pick([fast]), heavy)
    assert.equal(latency.pick([fast, heavy]), slow)
  })

  it('does not try a peer twice', () => {
    const peers = fakePeers([1])
    assert.equal(new Latency(peers, () => 1).pick(peers), null)
  })

  it('forgets what is old: by two thirds in ten seconds', () => {
    const [peer] = fakePeers([1])
    assert.ok(peer !== undefined)
    recordLatency(peer, 100, 1000)
    assert.equal(peer.latencyMs, 100)
    recordLatency(peer, 0, 11_000)
    assert.ok(Math.abs(peer.latencyMs - 100 / Math.E) < 0.001)
  })

  it('tries a peer again that has not been asked for long', () => {
    let now = 1000
    const peers = fakePeers([1, 1])
    const [slow, fast] = peers
    assert.ok(slow !== undefined && fast !== undefined)
    const latency = new Latency(peers, () => now)
    recordLatency(slow, 1000, now)
    recordLatency(fast, 10, now)
    assert.equal(latency.pick([]), fast)
    now += 60_000
    recordLatency(fast, 10, now)
    assert.equal(latency.pick([]), slow)
  })

  it('starts new peers at the mean of the others', () => {
    const [slow, fast, fresh] = fakePeers([1, 1, 1])
    assert.ok(slow !== undefined && fast !== undefined && fresh !== undefined)
    recordLatency(slow, 300, 1000)
    recordLatency(fast, 100, 1000)
    const latency = new Latency([slow, fast, fresh], () => 1000)
    assert.equal(fresh.latencyMs, 200)
    assert.equal(latency.pick([]), fast)
  })
})
