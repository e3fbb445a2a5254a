import assert from 'node:assert/strict'
import { beforeEach, describe, it, mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { LogFunction } from '../../log/logger.js'
import { DEFAULT_BREAKER, type BreakerPolicy } from '../../plugin/policy.js'
import { fakeRoute, fakeService } from '../../../test/support/fake-entities.js'
import type { Breaker, Pass } from './breaker.js'
import { ownerOf } from '../per-owner.js'
import { Breakers } from './breakers.js'

const service = fakeService({ id: 's1', name: 'orders' })
const route = fakeRoute({ id: 'r1', name: 'all', service })

let now = 0
let logged: object[] = []
let breakers: Breakers
let breaker: Breaker

function make(policy: Partial<BreakerPolicy> = {}): Breaker {
  const of = breakers.of(ownerOf(service, route, false), { ...DEFAULT_BREAKER, ...policy })
  return of ?? assert.fail('no breaker')
}

const log =
  (level: string): LogFunction =>
  (fields: object | string, message = '') =>
    void logged.push({ level, ...(typeof fields === 'object' ? fields : {}), message })

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  now = 1_000_000
  logged = []
  breakers = new Breakers({
    isOn: true,
    log: { notice: log('notice'), warn: log('warn') },
    now: () => now,
  })
  breaker = make()
})

function wait(ms: number): void {
  now += ms
  mock.timers.tick(ms)
}

function pass(): Pass {
  return breaker.pass() ?? assert.fail('refused')
}

function succeed(times = 1): void {
  for (let i = 0; i < times; i++) pass().onStatus(200, now)
}

function fail(times = 1): void {
  for (let i = 0; i < times; i++) pass().onFailure('UPSTREAM_REFUSED', now)
}

const isOpen = (): boolean => breaker.pass() === null

describe('a circuit', () => {
  it('opens when the twentieth request of ten seconds has failed', () => {
    fail(19)
    assert.ok(!isOpen())
    fail()
    assert.ok(isOpen())
  })

  it('opens at half of the requests, and not below', () => {
    succeed(11)
    fail(10)
    assert.ok(!isOpen())
    fail()
    assert.ok(isOpen())
  })

  it('counts what went well before the first failure', () => {
    for (let second = 0; second < 9; second++) {
      succeed(100)
      wait(1000)
    }
    fail(500)
    assert.ok(!isOpen())
    fail(400)
    assert.ok(isOpen())
  })

  it('forgets what went well ten seconds ago, however unevenly requests come', () => {
    succeed(1000)
    wait(2000)
    fail()
    wait(9000)
    fail(18)
    assert.ok(!isOpen(), 'nineteen are too few')
    fail()
    assert.ok(isOpen())
  })

  it('forgets failures', () => {
    fail(19)
    wait(11_000)
    fail(19)
    assert.ok(!isOpen())
    wait(500_000)
    fail(19)
    assert.ok(!isOpen())
  })

  it('holds to a share to the fraction', () => {
    for (const percentage of [7, 29, 33.3, 57, 99.9, 100]) {
      breaker = make({ errorThresholdPercentage: percentage, volumeThreshold: 1000 })
      const failures = Math.ceil(percentage * 10)
      succeed(1000 - failures)
      fail(failures - 1)
      assert.ok(!isOpen(), String(percentage))
      // The 1000th.
      fail()
      assert.ok(isOpen(), String(percentage))
    }
  })

  it('does not mind answers, whatever their status', () => {
    for (let i = 0; i < 100; i++) pass().onStatus(500, now)
    assert.ok(!isOpen())
  })

  it('minds answers of the statuses that it is given', () => {
    breaker = make({ failureStatuses: new Set([500, 503]) })
    for (let i = 0; i < 10; i++) pass().onStatus(502, now)
    for (let i = 0; i < 10; i++) pass().onStatus(503, now)
    assert.ok(isOpen())
  })

  it('does not mind clients that leave, nor faults of our own', () => {
    for (let i = 0; i < 100; i++) {
      pass().onLeft()
      pass().onFailure('INTERNAL', now)
    }
    fail(19)
    assert.ok(!isOpen())
  })

  it('says how long it stays open, in whole seconds', () => {
    fail(20)
    assert.equal(breaker.retryAfter, 30)
    wait(1)
    assert.equal(breaker.retryAfter, 30)
    wait(28_999)
    assert.equal(breaker.retryAfter, 1)
    wait(60_000)
    assert.equal(breaker.retryAfter, 1)
  })

  it('does not mind requests from before it opened', () => {
    const early = pass()
    fail(20)
    early.onFailure('UPSTREAM_READ_TIMEOUT', now)
    wait(30_000)
    early.onFailure('UPSTREAM_READ_TIMEOUT', now)
    pass()
  })
})

describe('a half-open circuit', () => {
  beforeEach(() => {
    fail(20)
    wait(29_999)
    assert.ok(isOpen())
    wait(1)
  })

  it('lets one request through', () => {
    pass()
    assert.ok(isOpen())
    assert.ok(isOpen())
  })

  it('closes when that request is answered', async () => {
    pass().onStatus(200, now)
    await turn()
    succeed(3)
  })

  it('opens again at once when that request fails, as long as before', () => {
    fail()
    assert.ok(isOpen())
    assert.equal(breaker.retryAfter, 30)
    wait(29_999)
    assert.ok(isOpen())
    wait(1)
    pass()
  })

  it('lets another one through when that request comes to nothing', async () => {
    pass().onLeft()
    pass().onFailure('INTERNAL', now)
    pass().onStatus(200, now)
    await turn()
    succeed(3)
  })

  it('begins anew when it closes: old failures do not open it', async () => {
    breaker = make({ resetTimeoutMs: 100 })
    fail(20)
    wait(100)
    pass().onStatus(200, now)
    await turn()
    fail(19)
    assert.ok(!isOpen())
    fail()
    assert.ok(isOpen())
  })
})

describe('breakers', () => {
  it('say every change once, and count', async () => {
    fail(20)
    assert.ok(isOpen())
    assert.ok(isOpen())
    wait(30_000)
    fail()
    wait(30_000)
    pass().onStatus(200, now)
    await turn()
    const of = { service: 'orders' }
    const halfOpen = 'circuit half-open: one request may try'
    assert.deepEqual(logged, [
      {
        level: 'warn',
        ...of,
        reset_timeout: 30,
        requests: 20,
        failures: 20,
        message: 'circuit open: requests are refused',
      },
      { level: 'notice', ...of, message: halfOpen },
      {
        level: 'warn',
        ...of,
        reset_timeout: 30,
        message: 'circuit open again: the request that tried has failed',
      },
      { level: 'notice', ...of, message: halfOpen },
      {
        level: 'notice',
        ...of,
        refused: 2,
        message: 'circuit closed: the target answers again',
      },
    ])
    assert.deepEqual(breakers.counts, { opened: 2, refused: 2 })
  })

  it('are the same for a service over reloads, whatever its routes', () => {
    const other = fakeRoute({ id: 'r2', service })
    const first = breakers.of(ownerOf(service, route, false))
    assert.equal(breakers.of(ownerOf(service, other, false)), first)
    assert.notEqual(breakers.of(ownerOf({ ...service }, route, false)), first)
  })

  it('are others for other values, and for a route with values of its own', () => {
    const policy = { ...DEFAULT_BREAKER }
    const ofService = ownerOf(service, route, false)
    const ofRoute = ownerOf(service, route, true)
    assert.equal(breakers.of(ofRoute, policy), breakers.of(ofRoute, policy))
    assert.notEqual(breakers.of(ofRoute, policy), breakers.of(ofService, policy))
    assert.notEqual(breakers.of(ofService, policy), breakers.of(ofService))
  })

  it('are none when they are off, or off for that service', () => {
    const off = new Breakers({ isOn: false, log: { notice: log(''), warn: log('') }, now: () => 0 })
    const owner = ownerOf(service, route, false)
    assert.equal(off.of(owner), null)
    assert.equal(breakers.of(owner, { ...DEFAULT_BREAKER, isEnabled: false }), null)
  })

  it('hold no timer before a circuit is open', (t) => {
    mock.timers.reset()
    const timers = [
      t.mock.method(globalThis, 'setInterval'),
      t.mock.method(globalThis, 'setTimeout'),
    ]
    for (let i = 0; i < 100; i++) {
      breaker = breakers.of(ownerOf(fakeService({ id: String(i) }), route, false)) ?? assert.fail()
      succeed(30)
      fail()
    }
    const calls = (): number[] => timers.map((timer) => timer.mock.callCount())
    assert.deepEqual(calls(), [0, 0])
    fail(29)
    assert.deepEqual(calls(), [0, 1])
  })
})
