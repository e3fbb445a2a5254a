import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { healthchecks, keptLog, type KeptLine } from '../../../test/support/health.js'
import { ALWAYS_UP } from '../peer-health.js'
import { activeJudge } from './health-rules.js'
import { HealthChecks, type CheckedUpstream } from './health-checks.js'
import { HealthTable } from './health-table.js'

const ADDRESS = { ip: '10.0.0.1', port: 80, host: 'a.test' }
const CHECKS = healthchecks({
  active: { healthy: { interval: 1, successes: 1 } },
  passive: { unhealthy: { http_failures: 2, tcp_failures: 1, timeouts: 3 } },
})

/** Two threads of a node, each with its log. */
function threads(checks = CHECKS, slots = 64) {
  const table = HealthTable.create(slots)
  return [1, 2].map(() => {
    const lines: KeptLine[] = []
    const all = new HealthChecks(HealthTable.attach(table.buffer), keptLog(lines), () => 0)
    const upstream = (name: string): CheckedUpstream => all.of({ name, healthchecks: checks })
    return { all, lines, upstream, pool: upstream('pool') }
  }) as [Thread, Thread]
}

interface Thread {
  readonly all: HealthChecks
  readonly lines: KeptLine[]
  readonly pool: CheckedUpstream
  upstream(name: string): CheckedUpstream
}

describe('an address under checks', () => {
  it('falls in all threads for what two of them have seen', () => {
    const [one, two] = threads()
    const [here, there] = [one.pool.peer(ADDRESS), two.pool.peer(ADDRESS)]
    here.onStatus(500)
    assert.deepEqual([here.isUp, there.isUp], [true, true])
    there.onStatus(503)
    assert.deepEqual([here.isUp, there.isUp], [false, false])
  })

  it('says so once, in the thread that has seen the last', () => {
    const [one, two] = threads()
    one.pool.peer(ADDRESS).onStatus(500)
    for (let i = 0; i < 5; i++) two.pool.peer(ADDRESS).onStatus(503)
    assert.deepEqual(one.lines, [])
    assert.deepEqual(two.lines, [
      {
        level: 'warn',
        fields: {
          upstream: 'pool',
          target: 'a.test',
          ip: '10.0.0.1',
          port: 80,
          checks: 'passive',
          event: 'http',
          count: 2,
          limit: 2,
          status: 503,
        },
        message: 'health status changed to UNHEALTHY',
      },
    ])
  })

  it('falls for failed connections and for timeouts by limits of their own', () => {
    const { pool } = threads()[0]
    const [first, second] = [pool.peer(ADDRESS), pool.peer({ ...ADDRESS, port: 81 })]
    first.onFailure('tcp')
    second.onFailure('timeout')
    second.onFailure('timeout')
    assert.deepEqual([first.isUp, second.isUp], [false, true])
    second.onFailure('timeout')
    assert.equal(second.isUp, false)
  })

  it('recovers by a probe, which requests alone do not bring about', () => {
    const [one, two] = threads()
    const peer = one.pool.checked(ADDRESS) ?? assert.fail('is checked')
    peer.onFailure('tcp')
    peer.onStatus(200)
    assert.equal(peer.isUp, false)
    const probed = two.pool.checked(ADDRESS) ?? assert.fail('is checked')
    probed.onProbe('success', 200, activeJudge(CHECKS))
    assert.equal(peer.isUp, true)
    assert.deepEqual(
      two.lines.map(({ message }) => message),
      ['health status changed to HEALTHY'],
    )
  })

  it('is what somebody has set it to, with nothing counted', () => {
    const { pool, lines } = threads()[0]
    const peer = pool.checked(ADDRESS) ?? assert.fail('is checked')
    peer.onStatus(500)
    peer.set(true)
    peer.onStatus(500)
    assert.equal(peer.isUp, true)
    peer.set(false)
    peer.set(false)
    assert.equal(peer.isUp, false)
    assert.deepEqual(
      lines.map(({ fields }) => fields.by),
      ['the Admin API'],
    )
  })

  it('has one state for each upstream', () => {
    const [one] = threads()
    one.pool.peer(ADDRESS).onFailure('tcp')
    assert.equal(one.upstream('other').peer(ADDRESS).isUp, true)
  })

  it('keeps its state for a configuration that comes later', () => {
    const [one] = threads()
    one.pool.peer(ADDRESS).onFailure('tcp')
    assert.equal(one.upstream('pool').peer(ADDRESS).isUp, false)
  })

  it('is judged by each thread for itself when there is no room, which is said once', () => {
    const [one, two] = threads(CHECKS, 1)
    assert.ok(one.pool.peer(ADDRESS).isUp)
    const beyond = { ...ADDRESS, port: 81 }
    const [here, there] = [one.pool.peer(beyond), two.pool.peer(beyond)]
    one.pool.peer({ ...ADDRESS, port: 82 })
    here.onFailure('tcp')
    assert.deepEqual([here.isUp, there.isUp], [false, true])
    assert.deepEqual(
      one.lines.map(({ level }) => level),
      ['error', 'warn'],
    )
  })
})

describe('an address without checks', () => {
  it('is up whatever happens', () => {
    const { pool } = threads(healthchecks({}))[0]
    assert.equal(pool.isOn, false)
    assert.equal(pool.peer(ADDRESS), ALWAYS_UP)
    assert.equal(pool.checked(ADDRESS), null)
  })

  it('is that of an upstream with probes that nobody can send', () => {
    const checks = healthchecks({
      active: { type: 'grpc', healthy: { interval: 1 } },
      passive: { unhealthy: { tcp_failures: 1 } },
    })
    assert.equal(threads(checks)[0].pool.peer(ADDRESS), ALWAYS_UP)
  })
})

describe('places in the table', () => {
  it('stay with those who use them, and go to others after that', () => {
    const table = HealthTable.create(1)
    let seconds = 0
    const all = new HealthChecks(table, keptLog([]), () => seconds * 1000)
    const pool = all.of({ name: 'pool', healthchecks: CHECKS })
    const peer = pool.peer(ADDRESS)
    peer.onFailure('tcp')
    for (seconds = 60; seconds <= 900; seconds += 60) {
      all.renew()
      all.forgetOld()
    }
    assert.equal(HealthTable.attach(table.buffer).states[0] ?? 0, 1 | (1 << 16))
    assert.equal(peer.isUp, false)
    seconds += 301
    all.forgetOld()
    assert.equal(table.states[0], 0)
  })
})
