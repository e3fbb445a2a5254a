import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const minimal = { limits: { video: { minute: 10 } } }
const redis = {
  port: 6379,
  timeout: 2000,
  database: 0,
  ssl: false,
  ssl_verify: false,
  cluster_max_redirections: 5,
}

describe('a configuration of response-ratelimiting', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, minimal), {
      ...minimal,
      header_name: 'x-kong-limit',
      limit_by: 'consumer',
      policy: 'local',
      fault_tolerant: true,
      redis,
      block_on_first_violation: false,
      hide_client_headers: false,
    })
  })

  it('takes the old names of the Redis server', () => {
    const old = { ...minimal, policy: 'redis', redis_host: 'redis.test', redis_timeout: 100 }
    const { redis: moved } = complete(spec, old) as { redis: object }
    assert.deepEqual(moved, { ...redis, host: 'redis.test', timeout: 100 })
  })

  const limits: readonly (readonly [limits: unknown, faults: readonly string[]])[] = [
    [{ video: { second: 1, year: 1 }, image: { hour: 2 } }, []],
    [undefined, ['limits: required field missing']],
    [null, ['limits: required field missing']],
    [{}, ['limits: length must be at least 1']],
    [5, ['limits: expected a map']],
    // As users write who take it for rate-limiting.
    [{ minute: 100 }, ['limits: expected a record']],
    [{ video: { minute: 0 } }, ['limits.video.minute: value must be greater than 0']],
    [{ video: { week: 1 } }, ['limits.video.week: unknown field']],
    [
      { image: { hour: 1 }, video: {} },
      [
        "limits: at least one of these fields must be non-empty: 'second', 'minute', 'hour', 'day', 'month', 'year'",
      ],
    ],
    [
      { video: { second: 2, minute: 1 } },
      ['limits: the limit for minute(1.0) cannot be lower than the limit for second(2.0)'],
    ],
  ]
  for (const [value, faults] of limits) {
    it(`with the limits ${JSON.stringify(value)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      const config = value === undefined ? {} : { limits: value }
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }

  it('names the server of the redis policy', () => {
    const config = { ...minimal, policy: 'redis' }
    assert.deepEqual(faultsOf(spec, config), ['redis.host: required field missing'])
    assert.deepEqual(faultsOf(spec, { ...config, redis: { host: 'redis.test' } }), [])
  })
})
