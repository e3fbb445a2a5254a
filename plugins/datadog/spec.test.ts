import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of datadog', () => {
  it('needs nothing', () => {
    const { queue, metrics, ...others } = complete(spec, {}) as Record<string, unknown>
    assert.deepEqual(others, {
      host: 'localhost',
      port: 8125,
      prefix: 'kong',
      service_name_tag: 'name',
      status_tag: 'status',
      consumer_tag: 'consumer',
    })
    assert.deepEqual(queue, {
      max_batch_size: 1,
      max_coalescing_delay: 1,
      max_entries: 10_000,
      max_retry_time: 60,
      initial_retry_delay: 0.01,
      max_retry_delay: 60,
      concurrency_limit: 1,
    })
    const common = { consumer_identifier: 'custom_id', tags: ['app:kong'] }
    assert.deepEqual(metrics, [
      { ...common, name: 'request_count', stat_type: 'counter', sample_rate: 1 },
      { ...common, name: 'latency', stat_type: 'timer' },
      { ...common, name: 'request_size', stat_type: 'timer' },
      { ...common, name: 'response_size', stat_type: 'timer' },
      { ...common, name: 'upstream_latency', stat_type: 'timer' },
      { ...common, name: 'kong_latency', stat_type: 'timer' },
    ])
  })

  it('leaves the queue fields of old where they are', () => {
    const old = { retry_count: 3, queue_size: 5, flush_timeout: 0.5 }
    const { retry_count, queue_size, flush_timeout } = complete(spec, old) as typeof old
    assert.deepEqual({ retry_count, queue_size, flush_timeout }, old)
  })

  const refused: readonly (readonly [metric: object, ...faults: string[]])[] = [
    [{ stat_type: 'counter' }, 'sample_rate: required field missing'],
    [{ stat_type: 'gauge' }, 'sample_rate: required field missing'],
    [
      { stat_type: 'counter', name: 'nope' },
      'name: expected one of: kong_latency, latency, request_count, request_size, response_size, upstream_latency',
      'sample_rate: required field missing',
    ],
    [{ stat_type: 'counter', sample_rate: 2 }, 'sample_rate: value should be between 0 and 1'],
    [{ stat_type: undefined }, 'stat_type: required field missing'],
    [{ tags: ['T1:V1', 'T2:'] }, 'tags[1]: invalid value: T2:'],
    [{ tags: [''] }, 'tags[0]: invalid value: '],
  ]
  for (const [metric, ...faults] of refused) {
    it(`refuses a metric for ${faults.join(' and ')}`, () => {
      const good = { name: 'latency', stat_type: 'timer' }
      const metrics = [good, { ...good, ...metric }]
      assert.deepEqual(
        faultsOf(spec, JSON.parse(JSON.stringify({ metrics })) as object),
        faults.map((fault) => `metrics[1].${fault}`),
      )
    })
  }

  it('takes metrics of all types, and none', () => {
    const metrics = ['histogram', 'meter', 'set', 'timer', 'distribution'].map((stat_type) => ({
      name: 'latency',
      stat_type,
    }))
    assert.deepEqual(faultsOf(spec, { metrics }), [])
    assert.deepEqual(faultsOf(spec, { metrics: [] }), [])
  })

  it('refuses a host with a port, but not one that a vault holds', () => {
    assert.deepEqual(faultsOf(spec, { host: 'agent:1' }), ['host: must not have a port'])
    assert.deepEqual(faultsOf(spec, { host: '{vault://env/dd-host}' }), [])
  })
})
