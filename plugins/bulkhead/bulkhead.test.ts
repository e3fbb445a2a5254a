import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import bulkhead from './index.js'

describe('bulkhead', () => {
  it('lets a hundred wait for a second by default', () => {
    assert.deepEqual(prepared(bulkhead, { max_connections: 5 }), {
      maxConnections: 5,
      maxQueued: 100,
      queueTimeoutMs: 1000,
    })
  })

  it('gives the same policy for the same configuration, so that a reload keeps the count', () => {
    const policy = prepared(bulkhead, { max_connections: 5, max_queued: 0, queue_timeout: 0.25 })
    assert.equal(policy.queueTimeoutMs, 250)
    assert.equal(bulkhead.policy?.(policy).bulkhead, policy)
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{}, 'max_connections: required field missing'],
    [{ max_connections: 0 }, 'max_connections: value should be at least 1'],
    [{ max_connections: 1.5 }, 'max_connections: expected an integer'],
    [{ max_connections: 1, max_queued: -1 }, 'max_queued: value should be between 0 and 100000'],
    [
      { max_connections: 1, queue_timeout: 0 },
      'queue_timeout: value should be between 0.001 and 3600',
    ],
  ]
  for (const [config, fault] of refused) {
    it(`refuses ${JSON.stringify(config)}`, () => {
      assert.deepEqual(faultsOf(bulkhead, config), [fault])
    })
  }
})
