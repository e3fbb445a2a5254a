import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { upstreamSchema } from '../../../schemas/upstream.js'
import { checkSchema } from '../schema-check.js'
import { readUpstream } from './upstreams.js'

function read(fields: Record<string, unknown>): Record<string, unknown> {
  readUpstream(fields)
  assert.deepEqual(checkSchema(upstreamSchema, fields).faults, [])
  return fields
}

describe('an upstream', () => {
  it('that has only a name is round-robin, with every health check off', () => {
    assert.deepEqual(read({ name: 'a.test' }), {
      name: 'a.test',
      tags: null,
      algorithm: 'round-robin',
      hash_on: 'none',
      hash_fallback: 'none',
      hash_on_header: null,
      hash_fallback_header: null,
      hash_on_cookie: null,
      hash_on_cookie_path: '/',
      hash_on_query_arg: null,
      hash_fallback_query_arg: null,
      hash_on_uri_capture: null,
      hash_fallback_uri_capture: null,
      slots: 10000,
      healthchecks: {
        active: {
          type: 'http',
          timeout: 1,
          concurrency: 10,
          http_path: '/',
          https_sni: null,
          https_verify_certificate: true,
          headers: null,
          healthy: { interval: 0, http_statuses: [200, 302], successes: 0 },
          unhealthy: {
            interval: 0,
            http_statuses: [429, 404, 500, 501, 502, 503, 504, 505],
            tcp_failures: 0,
            timeouts: 0,
            http_failures: 0,
          },
        },
        passive: {
          type: 'http',
          healthy: {
            http_statuses: [
              200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306,
              307, 308,
            ],
            successes: 0,
          },
          unhealthy: {
            http_statuses: [429, 500, 503],
            tcp_failures: 0,
            timeouts: 0,
            http_failures: 0,
          },
        },
        threshold: 0,
      },
      host_header: null,
      use_srv_name: false,
    })
  })

  const algorithms: readonly (readonly [object, string, string])[] = [
    [{ hash_on: 'ip' }, 'consistent-hashing', 'ip'],
    [{ hash_on: 'ip', algorithm: 'round-robin' }, 'consistent-hashing', 'ip'],
    [{ hash_on: 'none', algorithm: 'consistent-hashing' }, 'round-robin', 'none'],
    [{ hash_on: null, algorithm: 'consistent-hashing' }, 'consistent-hashing', 'none'],
    [{ hash_on: 'ip', algorithm: 'least-connections' }, 'least-connections', 'none'],
    [{ hash_on: 'none', algorithm: 'latency' }, 'latency', 'none'],
  ]
  for (const [written, algorithm, hashOn] of algorithms) {
    it(`with ${JSON.stringify(written)} is ${algorithm} on ${hashOn}`, () => {
      const fields = read({ name: 'a.test', ...written })
      assert.deepEqual([fields.algorithm, fields.hash_on], [algorithm, hashOn])
    })
  }
})
