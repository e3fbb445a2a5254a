// As together.test.ts, for throttle: bucket and quota.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { answersOf, PER_SECOND, pressTwoGateways } from '../../support/pressed.js'

describe(`two gateways on one Redis, asked ${PER_SECOND} times a second by one client`, () => {
  it('let the quota of throttle pass', async () => {
    const bucket = { rate: 1_000_000, burst: 900_000, fault_tolerant: false }
    const outcome = await pressTwoGateways('throttle', { ...bucket, quota: { limit: 300 } })
    assert.equal(outcome.passed, 300)
    assert.deepEqual(answersOf(outcome), { 200: 300, 429: outcome.samples.length - 300 })
  })

  it('let burst and rate of throttle pass', async () => {
    const outcome = await pressTwoGateways('throttle', {
      rate: 100,
      burst: 200,
      fault_tolerant: false,
    })
    const { passed, elapsedMs, samples } = outcome
    const most = 200 + (100 * elapsedMs) / 1000
    assert.ok(passed > 200 && passed <= most, `${passed} of ${most}`)
    assert.deepEqual(answersOf(outcome), { 200: passed, 429: samples.length - passed })
  })
})
