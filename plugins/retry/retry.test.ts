import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import retry from './index.js'

describe('retry', () => {
  it('tries what is safe to send again two more times by default', () => {
    assert.deepEqual(prepared(retry), {
      attempts: 2,
      failures: new Set(['connect_failure', 'reset', 'timeout']),
      statuses: new Set(),
      methods: new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']),
      backoffMs: 25,
      maxBackoffMs: 1000,
    })
  })

  it('gives the same policy for the same configuration, so that a reload keeps the budget', () => {
    const policy = prepared(retry, { backoff: { base: 0.5 } })
    assert.equal(policy.backoffMs, 500)
    assert.equal(retry.policy?.(policy).retry, policy)
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ attempts: 21 }, 'attempts: value should be between 0 and 20'],
    [{ failures: ['5xx'] }, 'failures[0]: expected one of: connect_failure, reset, timeout'],
    [{ statuses: [200] }, 'statuses[0]: value should be between 400 and 599'],
    [{ methods: ['get'] }, 'methods[0]: invalid value: get'],
    [{ backoff: { max: 61 } }, 'backoff.max: value should be between 0 and 60'],
  ]
  for (const [config, fault] of refused) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOf(retry, config), [fault])
    })
  }
})
