import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import { DEFAULT_BREAKER } from '../../src/plugin/policy.js'
import circuitBreaker from './index.js'

describe('circuit-breaker', () => {
  it('says by default what every service has anyway', () => {
    assert.deepEqual(prepared(circuitBreaker), DEFAULT_BREAKER)
  })

  it('says what the pipeline is to do, in milliseconds', () => {
    const policy = prepared(circuitBreaker, {
      enabled: false,
      error_threshold_percentage: 12.5,
      volume_threshold: 3,
      rolling_window: 0.5,
      reset_timeout: 2,
      failure_statuses: [500, 503],
      fallback: { body: '{}' },
    })
    assert.deepEqual(policy, {
      isEnabled: false,
      errorThresholdPercentage: 12.5,
      volumeThreshold: 3,
      rollingWindowMs: 500,
      resetTimeoutMs: 2000,
      failureStatuses: new Set([500, 503]),
      fallback: { status: 503, body: '{}', contentType: 'application/json' },
    })
  })

  it('gives the same policy for the same configuration, so that a reload keeps the circuit', () => {
    const policy = prepared(circuitBreaker)
    assert.equal(circuitBreaker.policy?.(policy).breaker, policy)
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [
      { error_threshold_percentage: 101 },
      'error_threshold_percentage: value should be at most 100',
    ],
    [{ error_threshold_percentage: 0 }, 'error_threshold_percentage: value must be greater than 0'],
    [{ volume_threshold: 0 }, 'volume_threshold: value should be at least 1'],
    [{ reset_timeout: 0 }, 'reset_timeout: value should be between 0.1 and 86400'],
    [{ failure_statuses: [200] }, 'failure_statuses[0]: value should be between 400 and 599'],
    [{ fallback: { status: 101 } }, 'fallback.status: value should be between 200 and 599'],
  ]
  for (const [config, fault] of refused) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOf(circuitBreaker, config), [fault])
    })
  }

  it('refuses a content type that cannot stand in a header', () => {
    assert.throws(
      () => prepared(circuitBreaker, { fallback: { content_type: 'text/plain\r\nX-A: b' } }),
      {
        name: 'ConfigFault',
        field: 'fallback.content_type',
        message: 'has a character that cannot stand in a header',
      },
    )
  })
})
