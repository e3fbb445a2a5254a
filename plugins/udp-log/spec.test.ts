import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

describe('the configuration of udp-log', () => {
  it('needs host and port alone', () => {
    const server = { host: 'logs.test', port: 0 }
    assert.deepEqual(complete(spec, server), { ...server, timeout: 10_000 })
    assert.deepEqual(faultsOf(spec, {}), [
      'host: required field missing',
      'port: required field missing',
    ])
  })

  it('knows neither TLS nor connections that stay open', () => {
    assert.deepEqual(faultsOf(spec, { host: 'h', port: 1, tls: true, keepalive: 1 }), [
      'tls: unknown field',
      'keepalive: unknown field',
    ])
  })
})
