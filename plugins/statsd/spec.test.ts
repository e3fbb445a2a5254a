import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of statsd', () => {
  it('needs nothing', () => {
    const { queue, metrics, ...others } = complete(spec, {}) as {
      queue: { max_batch_size: number }
      metrics: readonly { name: string; stat_type: string; sample_rate?: number }[]
    }
    assert.deepEqual(others, {
      host: 'localhost',
      port: 8125,
      prefix: 'kong',
      udp_packet_size: 0,
      use_tcp: false,
      hostname_in_prefix: false,
      consumer_identifier_default: 'custom_id',
      service_identifier_default: 'service_name_or_host',
      workspace_identifier_default: 'workspace_id',
    })
    assert.equal(queue.max_batch_size, 1)
    const lines = metrics.map(({ name, stat_type, sample_rate = '-' }) =>
      [name, stat_type, sample_rate].join(' '),
    )
    assert.deepEqual(lines, [
      'request_count counter 1',
      'latency timer -',
      'request_size counter 1',
      'status_count counter 1',
      'response_size counter 1',
      'unique_users set -',
      'request_per_user counter 1',
      'upstream_latency timer -',
      'kong_latency timer -',
      'status_count_per_user counter 1',
      'status_count_per_workspace counter 1',
      'status_count_per_user_per_route counter 1',
      'shdict_usage gauge 1',
    ])
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [
      { metrics: [{ name: 'latency', stat_type: 'counter' }] },
      'metrics[0].sample_rate: required field missing',
    ],
    [
      { metrics: [{ name: 'latency', stat_type: 'gauge', sample_rate: 0 }] },
      'metrics[0].sample_rate: value must be greater than 0',
    ],
    [{ metrics: [{ stat_type: 'timer' }] }, 'metrics[0].name: required field missing'],
    [{ allow_status_codes: ['200-205', '2xx'] }, 'allow_status_codes[1]: invalid value: 2xx'],
    [{ udp_packet_size: 65_508 }, 'udp_packet_size: value should be between 0 and 65507'],
    [{ tag_style: 'x' }, 'tag_style: expected one of: dogstatsd, influxdb, librato, signalfx'],
    [{ service_identifier_default: null }, 'service_identifier_default: required field missing'],
    [{ host: 'statsd:8125' }, 'host: must not have a port'],
  ]
  for (const [config, fault] of refused) {
    it(`is refused for ${fault}`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }

  it('may have rates above 1, ranges of statuses and no metrics', () => {
    const metrics = [{ name: 'latency', stat_type: 'gauge', sample_rate: 2 }]
    assert.deepEqual(faultsOf(spec, { metrics, allow_status_codes: ['200-299', '404-404'] }), [])
    assert.deepEqual(faultsOf(spec, { metrics: [] }), [])
  })
})
