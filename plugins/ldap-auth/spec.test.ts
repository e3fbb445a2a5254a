import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const minimal = { ldap_host: 'ldap.test', base_dn: 'dc=test', attribute: 'cn' }

describe('a configuration of ldap-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, minimal), {
      ...minimal,
      ldap_port: 389,
      ldaps: false,
      start_tls: false,
      verify_ldap_host: false,
      cache_ttl: 60,
      hide_credentials: false,
      timeout: 10_000,
      keepalive: 60_000,
      header_type: 'ldap',
    })
  })

  it('names server, entry and attribute', () => {
    assert.deepEqual(faultsOf(spec, {}).sort(), [
      'attribute: required field missing',
      'base_dn: required field missing',
      'ldap_host: required field missing',
    ])
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ ldaps: true }, []],
    [{ start_tls: true }, []],
    [{ ldaps: true, start_tls: true }, ['start_tls: value must be false']],
    [{ ldap_host: 'ldap.test:389' }, ['ldap_host: must not have a port']],
    [{ ldap_host: 'a b' }, ['ldap_host: invalid value: a b']],
    [{ ldap_port: 65536 }, ['ldap_port: value should be between 0 and 65535']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, { ...minimal, ...config }), faults)
    })
  }
})
