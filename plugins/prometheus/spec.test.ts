import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of prometheus', () => {
  it('measures nothing of the requests unless it is told to', () => {
    assert.deepEqual(complete(spec, {}), {
      per_consumer: false,
      status_code_metrics: false,
      ai_metrics: false,
      latency_metrics: false,
      bandwidth_metrics: false,
      upstream_health_metrics: false,
    })
  })

  it('takes switches alone', () => {
    assert.deepEqual(faultsOf(spec, { per_consumer: 'yes', latency_buckets: [] }), [
      'latency_buckets: unknown field',
      'per_consumer: expected a boolean',
    ])
  })
})
