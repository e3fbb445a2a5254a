import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeService, fakeTarget, fakeUpstream } from '../../test/support/fake-entities.js'
import { FakeDns, FakeHealth } from '../../test/support/fake-peers.js'
import type { Service, Target, Upstream } from '../model/entities.js'
import { createSnapshot } from '../model/create-snapshot.js'
import { runWhole } from '../util/slices.js'
import type { Balancer } from './balancer.js'
import { balancerFor, Balancers, type BalancerSet } from './balancers.js'
import type { HealthSource } from './health-source.js'

interface Content {
  readonly upstreams?: readonly Upstream[]
  readonly targets?: readonly Target[]
  readonly services?: readonly Service[]
}

class Scene {
  readonly dns = new FakeDns()
  readonly balancers: Balancers

  constructor(health: HealthSource | null = null) {
    this.balancers = new Balancers({ dns: this.dns, health, random: () => 0 })
  }

  use(content: Content): BalancerSet {
    const lists = { upstreams: [], targets: [], services: [], ...content }
    const others = { hash: '', routes: [], consumers: [], plugins: [], credentials: [] }
    const set = runWhole(this.balancers.make(createSnapshot({ ...others, ...lists })))
    this.balancers.use(set)
    return set
  }
}

function balancerOf(set: BalancerSet, host: string, port = 80): Balancer {
  return balancerFor(set, fakeService({ id: 's', host, port }))?.balancer ?? assert.fail(host)
}

function addresses({ peers }: Balancer): string[] {
  return peers.map(({ ip, port, weight }) => `${ip} ${port} ${weight}`)
}

const upstream = fakeUpstream({ name: 'pool' })

describe('a service', () => {
  it('whose host is the name of an upstream goes to its targets, whatever its port', () => {
    const targets = [fakeTarget(upstream, '10.0.0.1:81', 5), fakeTarget(upstream, '[::1]')]
    const set = new Scene().use({ upstreams: [upstream], targets })
    assert.deepEqual(addresses(balancerOf(set, 'pool', 9999)), ['10.0.0.1 81 5', '::1 8000 100'])
    assert.equal(balancerFor(set, fakeService({ id: 's', host: 'Pool' })), null)
  })

  it('whose host is an address goes there, even if an upstream has that name', () => {
    const named = fakeUpstream({ name: '10.0.0.9' })
    const scene = new Scene()
    const services = [
      fakeService({ id: 's', host: '10.0.0.9' }),
      fakeService({ id: 't', host: '[::1]' }),
    ]
    const set = scene.use({ upstreams: [named], services })
    for (const service of services) assert.equal(balancerFor(set, service), null)
    assert.deepEqual(scene.dns.opened, [])
  })

  it('whose host is another name goes to all of its addresses in turn, from the first on', () => {
    const scene = new Scene()
    scene.dns.set('a.test', ['10.0.0.1', '10.0.0.2'])
    const set = scene.use({ services: [fakeService({ id: 's', host: 'a.test' })] })
    const balancer = balancerOf(set, 'a.test')
    const picked = [1, 2, 3].map(() => balancer.pick([], '')?.ip)
    assert.deepEqual(picked, ['10.0.0.1', '10.0.0.2', '10.0.0.1'])
  })

  it('waits for its name, and fails as the name does', async () => {
    const scene = new Scene()
    const services = ['a.test', 'b.test'].map((host) => fakeService({ id: host, host }))
    const set = scene.use({ services })
    const [balancer, failing] = [balancerOf(set, 'a.test'), balancerOf(set, 'b.test')]
    assert.equal(balancer.pick([], ''), null)
    const waiting = balancer.wait()
    scene.dns.set('a.test', ['10.0.0.1'])
    await waiting
    assert.equal(balancer.pick([], '')?.ip, '10.0.0.1')
    assert.equal(balancer.wait(), null)
    scene.dns.fail('b.test', new Error('no such name'))
    await assert.rejects(async () => failing.wait(), /no such name/)
  })
})

describe('a target that is a name', () => {
  it('is as many peers as it has addresses, each with all of its weight', () => {
    const scene = new Scene()
    scene.dns.set('a.test', ['10.0.0.1', '10.0.0.2'])
    const set = scene.use({
      upstreams: [upstream],
      targets: [fakeTarget(upstream, 'a.test:81', 7)],
    })
    assert.deepEqual(addresses(balancerOf(set, 'pool')), ['10.0.0.1 81 7', '10.0.0.2 81 7'])
  })

  it('takes ports and weights from SRV records, but none while its own weight is 0', () => {
    const scene = new Scene()
    const records = [
      { ip: '10.0.0.1', port: 91, weight: 3 },
      { ip: '10.0.0.2', port: 0, weight: 1 },
    ]
    scene.dns.set('a.test', records, 'SRV')
    scene.dns.set('b.test', records, 'SRV')
    const targets = [fakeTarget(upstream, 'a.test:81'), fakeTarget(upstream, 'b.test', 0)]
    const set = scene.use({ upstreams: [upstream], targets })
    const expected = ['10.0.0.1 91 3', '10.0.0.2 81 1', '10.0.0.1 91 0', '10.0.0.2 8000 0']
    assert.deepEqual(addresses(balancerOf(set, 'pool')), expected)
  })

  it('follows its name, and keeps what is known of the peers that stay', () => {
    const scene = new Scene()
    scene.dns.set('a.test', ['10.0.0.1', '10.0.0.2'])
    const set = scene.use({ upstreams: [upstream], targets: [fakeTarget(upstream, 'a.test')] })
    const balancer = balancerOf(set, 'pool')
    const stays = balancer.peers[1]
    assert.equal(balancer.refresh(), false)
    scene.dns.set('a.test', ['10.0.0.2', '10.0.0.3'])
    assert.equal(balancer.refresh(), true)
    assert.equal(balancer.peers[0], stays)
    assert.deepEqual(addresses(balancer), ['10.0.0.2 8000 100', '10.0.0.3 8000 100'])
  })

  it('is waited for only while no other peer is there', async () => {
    const scene = new Scene()
    const targets = [fakeTarget(upstream, 'a.test'), fakeTarget(upstream, 'b.test')]
    const balancer = balancerOf(scene.use({ upstreams: [upstream], targets }), 'pool')
    assert.equal(balancer.pick([], ''), null)
    const waiting = balancer.wait()
    scene.dns.set('b.test', ['10.0.0.2'])
    scene.dns.fail('a.test', new Error('no such name'))
    await waiting
    assert.equal(balancer.pick([], '')?.ip, '10.0.0.2')
    assert.equal(balancer.wait(), null)
  })
})

describe('a reload', () => {
  it('leaves a balancer alone of which nothing has changed', () => {
    const scene = new Scene()
    const targets = [fakeTarget(upstream, '10.0.0.1')]
    const services = [fakeService({ id: 's', host: 'a.test' })]
    const before = scene.use({ upstreams: [upstream], targets, services })
    const after = scene.use({ upstreams: [upstream], targets: [...targets], services })
    assert.equal(balancerOf(after, 'pool'), balancerOf(before, 'pool'))
    assert.equal(balancerOf(after, 'a.test'), balancerOf(before, 'a.test'))
  })

  it('that adds a target leaves the peers of the others what they were', () => {
    const scene = new Scene()
    const first = fakeTarget(upstream, '10.0.0.1')
    const before = balancerOf(scene.use({ upstreams: [upstream], targets: [first] }), 'pool')
    const targets = [first, fakeTarget(upstream, '10.0.0.2')]
    const after = balancerOf(scene.use({ upstreams: [upstream], targets }), 'pool')
    assert.notEqual(after, before)
    assert.equal(after.peers[0], before.peers[0])
    assert.equal(after.peers.length, 2)
  })
})

describe('health', () => {
  const strict = fakeUpstream({ name: 'strict' })
  const healths = [new FakeHealth(), new FakeHealth()]
  const source: HealthSource = {
    of: () => ({
      peer: ({ ip }) => healths[ip === '10.0.0.1' ? 0 : 1] ?? assert.fail(ip),
      isEnough: (available, total) => (available / total) * 100 > 50,
    }),
  }
  const targets = ['10.0.0.1', '10.0.0.2'].map((target) => fakeTarget(strict, target))

  it('keeps requests away from peers that are down', () => {
    const balancer = balancerOf(new Scene(source).use({ upstreams: [strict], targets }), 'strict')
    const [first] = healths
    assert.ok(first !== undefined)
    first.isUp = false
    for (let i = 0; i < 3; i++) assert.equal(balancer.pick([], '')?.ip, '10.0.0.2')
    first.isUp = true
  })

  it('refuses all of them when less than the threshold is up', () => {
    const upstreams = [{ ...strict, healthchecks: { ...strict.healthchecks, threshold: 50 } }]
    const own = targets.map((target) => ({ ...target, upstream: upstreams[0] ?? strict }))
    const balancer = balancerOf(new Scene(source).use({ upstreams, targets: own }), 'strict')
    const [first] = healths
    assert.ok(first !== undefined)
    assert.notEqual(balancer.pick([], ''), null)
    first.isUp = false
    assert.equal(balancer.pick([], ''), null)
    first.isUp = true
    assert.notEqual(balancer.pick([], ''), null)
  })

  it('counts the requests that are under way', () => {
    const balancer = balancerOf(new Scene(source).use({ upstreams: [strict], targets }), 'strict')
    const peer = balancer.pick([], '') ?? assert.fail()
    assert.equal(peer.connections, 1)
    balancer.release(peer, 5)
    assert.deepEqual([peer.connections, peer.latencyMs], [0, 5])
  })
})
