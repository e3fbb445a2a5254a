import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { healthchecks, keptLog } from '../../../test/support/health.js'
import type { CheckedPeer } from './checked-peer.js'
import { HealthChecks } from './health-checks.js'
import { HealthTable } from './health-table.js'
import type { ProbeEnd, ProbePlan } from './probe.js'
import { UpstreamProbes, type ProbedUpstream, type ProbeWorld } from './upstream-probes.js'

interface Started {
  readonly port: number
  readonly at: number
  readonly plan: ProbePlan
  readonly end: ProbeEnd
  isAborted: boolean
}

/** A clock that the test turns, and probes that end when the test says so. */
class World implements ProbeWorld {
  time = 0
  /** What `random` says. */
  luck = 1
  readonly started: Started[] = []
  readonly checks = new HealthChecks(HealthTable.create(1024), keptLog([]), () => 0)

  now(): number {
    return this.time
  }

  random(): number {
    return this.luck
  }

  start(_: string, port: number, plan: ProbePlan, end: ProbeEnd): { abort(): void } {
    const probe = { port, at: this.time, plan, end, isAborted: false }
    this.started.push(probe)
    return { abort: () => (probe.isAborted = true) }
  }

  peers(upstream: ProbedUpstream, ...ports: number[]): CheckedPeer[] {
    const pool = this.checks.of({ name: 'pool', healthchecks: upstream.healthchecks })
    return ports.flatMap((port) => pool.checked({ ip: '10.0.0.1', port, host: 'a.test' }) ?? [])
  }

  /** From now until then, a tick every 100 ms. Each probe that starts ends as told, unless that is null. */
  run(probes: UpstreamProbes, until: number, result: Parameters<ProbeEnd> | null): void {
    for (; this.time <= until; this.time += 100) {
      const before = this.started.length
      probes.startDue(1000, this)
      if (result !== null) for (const { end } of this.started.slice(before)) end(...result)
    }
  }

  get times(): number[] {
    return this.started.map(({ at }) => at)
  }
}

function upstream(active: object, more: Partial<ProbedUpstream> = {}): ProbedUpstream {
  return { healthchecks: healthchecks({ active }), host_header: null, ...more }
}

const BOTH = {
  healthy: { interval: 1, successes: 1 },
  unhealthy: { interval: 0.3, http_failures: 1, tcp_failures: 1, timeouts: 1 },
}

describe('probes of an upstream', () => {
  it('come in the interval of healthy targets, and of unhealthy ones once they have fallen', () => {
    const world = new World()
    const pool = upstream(BOTH)
    const peers = world.peers(pool, 80)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.luck = 0
    world.run(probes, 2000, ['answer', 200])
    assert.deepEqual(world.times, [1000, 2000])
    world.run(probes, 3000, ['answer', 503])
    assert.equal(peers[0]?.isUp, false)
    world.run(probes, 3900, ['tcp', 0])
    assert.deepEqual(world.times.slice(2), [3000, 3400, 3700])
    world.run(probes, 4000, ['answer', 200])
    assert.equal(peers[0].isUp, true)
    world.run(probes, 5100, ['answer', 200])
    assert.deepEqual(world.times.slice(5), [4000, 5100])
  })

  it('of unhealthy targets alone leave the others in peace', () => {
    const world = new World()
    const pool = upstream({ ...BOTH, healthy: { interval: 0, successes: 1 } })
    const peers = world.peers(pool, 80, 81)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.run(probes, 2000, ['answer', 503])
    assert.deepEqual(world.started, [])
    peers[0]?.set(false)
    world.run(probes, 3000, ['answer', 200])
    assert.deepEqual(
      world.started.map(({ port, at }) => [port, at]),
      [[80, 2400]],
    )
  })

  it('begin spread over the interval', () => {
    const world = new World()
    const pool = upstream(BOTH)
    const ports = Array.from({ length: 100 }, (_, i) => i + 1)
    const peers = world.peers(pool, ...ports)
    world.random = () => ((world.luck += 1) % 100) / 100
    const probes = new UpstreamProbes(
      { ...pool, healthchecks: concurrent(pool, 1000) },
      null,
      () => peers,
    )
    world.run(probes, 1000, ['answer', 200])
    const perTick = world.times.reduce(
      (map, at) => map.set(at, (map.get(at) ?? 0) + 1),
      new Map<number, number>(),
    )
    assert.ok(Math.max(...perTick.values()) <= 12, JSON.stringify([...perTick]))
    assert.ok(new Set(world.started.map(({ port }) => port)).size === 100)
  })

  it('are at most so many at once, and none twice to one address', () => {
    const world = new World()
    const pool = upstream({ ...BOTH, concurrency: 2 })
    const peers = world.peers(pool, 80, 81, 82)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.run(probes, 5000, null)
    assert.deepEqual(
      world.started.map(({ port }) => port),
      [80, 81],
    )
    world.started[0]?.end('timeout', 0)
    world.run(probes, 5100, null)
    assert.deepEqual(
      world.started.map(({ port }) => port),
      [80, 81, 82],
    )
    assert.equal(probes.running, 2)
  })

  it('follow the addresses: who leaves is left alone, who stays keeps its rhythm', () => {
    const world = new World()
    const pool = upstream(BOTH)
    const all = world.peers(pool, 80, 81, 82)
    let peers = all.slice(0, 2)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.run(probes, 500, null)
    assert.deepEqual(world.times, [0, 0])
    peers = all.slice(1)
    world.run(probes, 600, null)
    assert.deepEqual(
      world.started.map(({ port, isAborted }) => [port, isAborted]),
      [
        [80, true],
        [81, false],
        [82, false],
      ],
    )
    probes.close()
    assert.ok(world.started.every(({ isAborted }) => isAborted))
  })

  it('change nothing by a status that is in no list', () => {
    const world = new World()
    const pool = upstream(BOTH)
    const peers = world.peers(pool, 80)
    peers[0]?.set(false)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.run(probes, 2000, ['answer', 204])
    assert.ok(world.started.length > 4)
    assert.equal(peers[0]?.isUp, false)
  })

  it('change nothing when they could not be sent', () => {
    const world = new World()
    const pool = upstream(BOTH)
    const peers = world.peers(pool, 80)
    const probes = new UpstreamProbes(pool, null, () => peers)
    world.run(probes, 3000, ['unsent', 0])
    assert.ok(world.started.length > 1)
    assert.equal(peers[0]?.isUp, true)
  })
})

function concurrent(
  { healthchecks: checks }: ProbedUpstream,
  concurrency: number,
): ProbedUpstream['healthchecks'] {
  return { ...checks, active: { ...checks.active, concurrency } }
}

describe('a probe', () => {
  function planOf(active: object, more: Partial<ProbedUpstream> = {}): ProbePlan {
    const world = new World()
    const pool = upstream({ ...BOTH, ...active }, more)
    const peers = world.peers(pool, 80)
    world.run(new UpstreamProbes(pool, null, () => peers), 0, null)
    return world.started[0]?.plan ?? assert.fail('none has started')
  }

  it('asks for the path over HTTP/1.0, with the headers of the file before Host', () => {
    const { request } = planOf({
      http_path: '/up/now',
      headers: { 'X-A': ['1', '2'], 'X-B': ['3'] },
    })
    assert.equal(
      request,
      'GET /up/now HTTP/1.0\r\nX-A: 1\r\nX-A: 2\r\nX-B: 3\r\nHost: a.test\r\n\r\n',
    )
  })

  it('has the Host header of the upstream', () => {
    const { request, serverName } = planOf({}, { host_header: 'site.test:8443' })
    assert.equal(request, 'GET / HTTP/1.0\r\nHost: site.test:8443\r\n\r\n')
    assert.equal(serverName, 'site.test')
  })

  it('lets no line break out of a header', () => {
    const { request } = planOf({ headers: { 'X-A': ['1\r\nX-B: 2'] } })
    assert.equal(request, 'GET / HTTP/1.0\r\nX-A: 1 X-B: 2\r\nHost: a.test\r\n\r\n')
  })

  it('of type tcp only connects', () => {
    assert.equal(planOf({ type: 'tcp' }).request, null)
  })

  it('has the server name and the timeout of the file', () => {
    const { serverName, timeoutMs } = planOf({ type: 'https', https_sni: 'sni.test', timeout: 0.5 })
    assert.deepEqual([serverName, timeoutMs], ['sni.test', 500])
    assert.equal(planOf({ timeout: 0 }).timeoutMs, 60_000)
  })
})
