import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of zipkin', () => {
  it('needs nothing', () => {
    const { queue, ...others } = complete(spec, {}) as { queue: { max_batch_size: number } }
    assert.equal(queue.max_batch_size, 1)
    assert.deepEqual(others, {
      local_service_name: 'kong',
      sample_ratio: 0.001,
      include_credential: true,
      traceid_byte_count: 16,
      header_type: 'preserve',
      default_header_type: 'b3',
      tags_header: 'Zipkin-Tags',
      http_span_name: 'method',
      connect_timeout: 2000,
      send_timeout: 5000,
      read_timeout: 5000,
      phase_duration_flavor: 'annotations',
      propagation: { default_format: 'b3' },
    })
  })

  const own =
    'must not be one of: error, http.method, http.path, http.status_code, kong.balancer.state, kong.balancer.try, kong.consumer, kong.credential, kong.node.id, kong.route, kong.service, lc, peer.hostname'
  const tagged: readonly (readonly [names: readonly string[], ...faults: string[]])[] = [
    [['env', 'team']],
    [['env', 'lc', 'error'], `static_tags[1].name: ${own}`, `static_tags[2].name: ${own}`],
    [['env', 'team', 'env'], 'static_tags: repeated tags are not allowed: env'],
    [['lc', 'lc'], `static_tags[0].name: ${own}`, `static_tags[1].name: ${own}`],
  ]
  for (const [names, ...faults] of tagged) {
    it(`${faults.length > 0 ? 'refuses' : 'takes'} the tags ${names.join(', ')}`, () => {
      const static_tags = names.map((name) => ({ name, value: 'x' }))
      assert.deepEqual(faultsOf(spec, { static_tags }), faults)
    })
  }

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ http_endpoint: 'zipkin' }, 'http_endpoint: missing host in url'],
    [{ static_tags: [{ name: 'a' }] }, 'static_tags[0].value: required field missing'],
    [{ traceid_byte_count: 12 }, 'traceid_byte_count: expected one of: 8, 16'],
    [
      { default_header_type: 'ignore' },
      'default_header_type: expected one of: b3, b3-single, w3c, jaeger, ot, aws, datadog, gcp',
    ],
    [{ read_timeout: -1 }, 'read_timeout: value should be between 0 and 2147483646'],
  ]
  for (const [config, fault] of refused) {
    it(`is refused for ${fault}`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }
})
