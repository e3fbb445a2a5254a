import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const http_endpoint = 'http://logs.test/in?x=1'

describe('the configuration of http-log', () => {
  it('needs an endpoint alone', () => {
    assert.deepEqual(complete(spec, { http_endpoint }), {
      http_endpoint,
      method: 'POST',
      content_type: 'application/json',
      timeout: 10_000,
      keepalive: 60_000,
      queue: {
        max_batch_size: 1,
        max_coalescing_delay: 1,
        max_entries: 10_000,
        max_retry_time: 60,
        initial_retry_delay: 0.01,
        max_retry_delay: 60,
        concurrency_limit: 1,
      },
    })
  })

  const endpoints: readonly (readonly [endpoint: unknown, ...faults: string[]])[] = [
    [undefined, 'http_endpoint: required field missing'],
    ['', 'http_endpoint: length must be at least 1'],
    ['logs.test', 'http_endpoint: missing host in url'],
    ['//logs.test', 'http_endpoint: missing scheme in url'],
    ['{vault://env/endpoint}'],
  ]
  for (const [endpoint, ...faults] of endpoints) {
    it(`${faults.length > 0 ? 'refuses' : 'takes'} the endpoint ${String(endpoint)}`, () => {
      const config = endpoint === undefined ? {} : { http_endpoint: endpoint }
      assert.deepEqual(faultsOf(spec, config), faults)
    })
  }

  const headers: readonly (readonly [name: string, value: unknown, ...faults: string[]])[] = [
    ['Hello-World', 'hi there'],
    ['Authorization', '{vault://env/token}'],
    ['Hosts', 'x'],
    ['hOST', 'x', "cannot contain 'Host' header"],
    ['content-length', '5', "cannot contain 'Content-Length' header"],
    ['Content-TYPE', 'text/plain', "cannot contain 'Content-Type' header"],
    ['a b', 'x', "bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'"],
    ['X-Empty', '', 'length must be at least 1'],
    ['X-List', ['a'], 'expected a string'],
  ]
  for (const [name, value, ...faults] of headers) {
    it(`${faults.length > 0 ? 'refuses' : 'takes'} the header ${name}: ${String(value)}`, () => {
      const found = faultsOf(spec, { http_endpoint, headers: { [name]: value } })
      assert.deepEqual(
        found.map((line) => line.replace(/^headers[^:]*: /, '')),
        faults,
      )
    })
  }

  it('does not authorize in two ways', () => {
    const fault =
      "specifying both an 'Authorization' header and user info in 'http_endpoint' is not allowed"
    const withUser = 'https://user:pass@logs.test'
    const check = (url: string, headers: object) => faultsOf(spec, { http_endpoint: url, headers })
    assert.deepEqual(check(withUser, { authorization: 'Basic x' }), [fault])
    assert.deepEqual(check(withUser, { authorization: '{vault://env/token}' }), [fault])
    assert.deepEqual(check(withUser, { 'X-Other': 'x' }), [])
    assert.deepEqual(check('https://logs.test/a@b?c@d', { Authorization: 'Basic x' }), [])
  })
})
