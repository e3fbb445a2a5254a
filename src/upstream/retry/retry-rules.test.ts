import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RETRY_CAUSES, type RetryPolicy } from '../../plugin/policy.js'
import { RetryBudget } from './budget.js'
import { RetryRules } from './retry-rules.js'

const NOON = 1_234_567

function taken(budget: RetryBudget, now: number): number {
  for (let count = 0; count < 10_000; count++) if (!budget.take(now)) return count
  return assert.fail('no end')
}

describe('a budget', () => {
  it('allows three retries a second, however few requests there are', () => {
    const budget = new RetryBudget()
    budget.onRequest(NOON)
    assert.equal(taken(budget, NOON), 30)
    assert.equal(taken(budget, NOON + 8_000), 0)
    assert.equal(taken(budget, NOON + 10_000), 30)
  })

  it('allows one retry for five requests of the last ten seconds', () => {
    const budget = new RetryBudget()
    for (let i = 0; i < 1000; i++) budget.onRequest(NOON + i * 9)
    assert.equal(taken(budget, NOON + 9_000), 200)
    // Requests are forgotten, and so are retries, each in its second.
    assert.equal(taken(budget, NOON + 14_000), 0)
    assert.equal(taken(budget, NOON + 19_000), 30)
  })

  it('forgets everything in a pause, however long', () => {
    const budget = new RetryBudget()
    for (let i = 0; i < 1000; i++) budget.onRequest(NOON)
    taken(budget, NOON)
    assert.equal(taken(budget, NOON + 3_600_000), 30)
  })
})

function rules(policy: Partial<RetryPolicy>, random = 1): RetryRules {
  const whole: RetryPolicy = {
    attempts: 2,
    failures: new Set(RETRY_CAUSES),
    statuses: new Set(),
    methods: new Set(['GET']),
    backoffMs: 100,
    maxBackoffMs: 1000,
    ...policy,
  }
  return new RetryRules(whole, { now: () => NOON, random: () => random })
}

describe('rules for retries', () => {
  it('tell ways to fail apart', () => {
    const codes = [
      'UPSTREAM_REFUSED',
      'UPSTREAM_TLS',
      'UPSTREAM_CONNECT_TIMEOUT',
      'UPSTREAM_RESET',
      'UPSTREAM_READ_TIMEOUT',
      'UPSTREAM_WRITE_TIMEOUT',
      'UPSTREAM_INVALID_RESPONSE',
      'INTERNAL',
    ] as const
    const allowed = (policy: Partial<RetryPolicy>): string[] =>
      codes.filter((code) => rules(policy).allows(code))
    assert.deepEqual(allowed({}), codes.slice(0, 6))
    assert.deepEqual(allowed({ failures: new Set(['connect_failure']) }), codes.slice(0, 3))
    assert.deepEqual(allowed({ failures: new Set(['reset']) }), ['UPSTREAM_RESET'])
    assert.deepEqual(allowed({ failures: new Set(['timeout']) }), [codes[2], codes[4], codes[5]])
    assert.deepEqual(allowed({ failures: new Set() }), [])
  })

  it('know the statuses that are tried again', () => {
    const some = rules({ statuses: new Set([503]) })
    assert.equal(some.allows(503), true)
    assert.equal(some.allows(500), false)
  })

  it('wait up to a time that doubles and is bounded', () => {
    const most = rules({})
    assert.deepEqual(
      [1, 2, 3, 4, 5, 60].map((retry) => most.delayMs(retry)),
      [100, 200, 400, 800, 1000, 1000],
    )
    assert.equal(rules({}, 0.25).delayMs(2), 50)
    assert.equal(rules({}, 0).delayMs(5), 0)
    assert.equal(rules({ backoffMs: 0 }).delayMs(5), 0)
  })
})
