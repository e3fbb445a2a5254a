import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const traces_endpoint = 'http://collector.test:4318/v1/traces'

describe('the configuration of opentelemetry', () => {
  it('needs one endpoint alone', () => {
    assert.deepEqual(complete(spec, { traces_endpoint }), {
      traces_endpoint,
      queue: {
        max_batch_size: 200,
        max_coalescing_delay: 1,
        max_entries: 10_000,
        max_retry_time: 60,
        initial_retry_delay: 0.01,
        max_retry_delay: 60,
        concurrency_limit: 1,
      },
      connect_timeout: 1000,
      send_timeout: 5000,
      read_timeout: 5000,
      header_type: 'preserve',
      propagation: { default_format: 'w3c' },
    })
    assert.deepEqual(faultsOf(spec, { logs_endpoint: traces_endpoint }), [])
    assert.deepEqual(faultsOf(spec, {}), [
      "at least one of these fields must be non-empty: 'config.traces_endpoint', 'config.logs_endpoint'",
    ])
  })

  it('batches by one where a queue of its own does not say', () => {
    const { queue } = complete(spec, { traces_endpoint, queue: { max_entries: 5 } }) as {
      queue: { max_batch_size: number }
    }
    assert.equal(queue.max_batch_size, 1)
  })

  it('reads endpoint as traces_endpoint', () => {
    const config = complete(spec, { endpoint: traces_endpoint })
    assert.ok('traces_endpoint' in config && !('endpoint' in config))
    assert.equal(config.traces_endpoint, traces_endpoint)
    assert.deepEqual(faultsOf(spec, { traces_endpoint, endpoint: 'http://b.test' }), [
      `endpoint: both deprecated and new field are used but their values mismatch: endpoint = http://b.test vs traces_endpoint = ${traces_endpoint}`,
    ])
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ endpoint: 'collector' }, 'traces_endpoint: missing host in url'],
    [{ traces_endpoint, logs_endpoint: 'collector' }, 'logs_endpoint: missing host in url'],
    [
      { traces_endpoint, headers: { 'a:b': 'c' } },
      "headers: bad header name 'a:b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
    ],
    [
      { traces_endpoint, propagation: { extract: ['w3c'] } },
      'propagation.default_format: required field missing',
    ],
    [
      { traces_endpoint, propagation: { default_format: 'w3c', extract: ['b3-single'] } },
      'propagation.extract[0]: expected one of: b3, gcp, jaeger, aws, ot, w3c, datadog',
    ],
    [
      { traces_endpoint, propagation: { default_format: 'w3c', clear: ['a b'] } },
      "propagation.clear[0]: bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
    ],
    [{ traces_endpoint, sampling_rate: 1.1 }, 'sampling_rate: value should be between 0 and 1'],
  ]
  for (const [config, fault] of refused) {
    it(`is refused for ${fault}`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }

  it('describes the gateway by texts alone, none of them empty', () => {
    const check = (a: unknown) => faultsOf(spec, { traces_endpoint, resource_attributes: { a } })
    assert.match(check('').join(), /^resource_attributes.*: length must be at least 1$/)
    assert.match(check(5).join(), /^resource_attributes.*: expected a string$/)
    assert.deepEqual(check('b'), [])
  })

  it('may hold endpoints and headers in a vault', () => {
    const held = { traces_endpoint: '{vault://env/url}', headers: { 'X-Key': '{vault://env/key}' } }
    assert.deepEqual(faultsOf(spec, held), [])
  })
})
