import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const server = { host: '10.0.0.1', port: 9000 }

describe('the configuration of tcp-log', () => {
  it('needs host and port alone', () => {
    assert.deepEqual(complete(spec, server), {
      ...server,
      timeout: 10_000,
      keepalive: 60_000,
      tls: false,
    })
    assert.deepEqual(faultsOf(spec, {}), [
      'host: required field missing',
      'port: required field missing',
    ])
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ host: 'logs.test:9000' }, 'host: must not have a port'],
    [{ host: 'a b' }, 'host: invalid value: a b'],
    [{ port: 65_536 }, 'port: value should be between 0 and 65535'],
    [{ port: '9000' }, 'port: expected an integer'],
    [{ tls: null }, 'tls: required field missing'],
    [{ tls_sni: '' }, 'tls_sni: length must be at least 1'],
  ]
  for (const [config, fault] of refused) {
    it(`is refused for ${fault}`, () => {
      assert.deepEqual(faultsOf(spec, { ...server, ...config }), [fault])
    })
  }
})
