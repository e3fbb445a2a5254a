import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const strategy = 'memory'

describe('the configuration of proxy-cache', () => {
  it('needs a strategy alone', () => {
    assert.deepEqual(complete(spec, { strategy }), {
      strategy,
      response_code: [200, 301, 404],
      request_method: ['GET', 'HEAD'],
      content_type: ['text/plain', 'application/json'],
      cache_ttl: 300,
      cache_control: false,
      ignore_uri_case: false,
      memory: { dictionary_name: 'kong_db_cache' },
      redis: {
        port: 6379,
        timeout: 2000,
        database: 0,
        ssl: false,
        ssl_verify: false,
        cluster_max_redirections: 5,
      },
      response_headers: { age: true, 'X-Cache-Status': true, 'X-Cache-Key': true },
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{}, 'strategy: required field missing'],
    [{ strategy: 'file' }, 'strategy: expected one of: memory, redis'],
    [{ strategy, response_code: [] }, 'response_code: length must be at least 1'],
    [{ strategy, response_code: [99] }, 'response_code[0]: value should be between 100 and 900'],
    [{ strategy, response_code: ['200'] }, 'response_code[0]: expected an integer'],
    [
      { strategy, request_method: ['DELETE'] },
      'request_method[0]: expected one of: HEAD, GET, POST, PATCH, PUT',
    ],
    [{ strategy, cache_ttl: 0 }, 'cache_ttl: value must be greater than 0'],
    [{ strategy, response_headers: { Age: false } }, 'response_headers.Age: unknown field'],
    [
      { strategy, memory: { dictionary_name: 'nope' } },
      "memory.dictionary_name: missing shared dict 'nope'",
    ],
  ]
  for (const [config, fault] of refused) {
    it(`is refused for ${fault}`, () => {
      assert.deepEqual(faultsOf(spec, config), [fault])
    })
  }

  it('needs to be told of a Redis that it is to use', () => {
    assert.deepEqual(faultsOf(spec, { strategy: 'redis' }), ['redis.host: required field missing'])
    assert.deepEqual(faultsOf(spec, { strategy: 'redis', redis: { host: 'r.test' } }), [])
  })

  it('may name any memory that Kong declares', () => {
    const memory = { dictionary_name: 'kong_rate_limiting_counters' }
    assert.deepEqual(faultsOf(spec, { strategy, memory }), [])
  })
})
