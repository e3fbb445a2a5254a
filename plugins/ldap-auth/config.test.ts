import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import ldapAuth from './index.js'

const minimal = { ldap_host: 'ldap.test', base_dn: 'dc=test', attribute: 'cn' }

describe('a configuration of ldap-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(ldapAuth, minimal), {
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
    assert.deepEqual(faultsOf(ldapAuth, {}).sort(), [
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
    [{ ldap_host: '[::1]' }, []],
    [{ ldap_port: 65536 }, ['ldap_port: value should be between 0 and 65535']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(ldapAuth, { ...minimal, ...config }), faults)
    })
  }

  const unusable: readonly (readonly [config: object, fault: RegExp])[] = [
    [{ timeout: -1 }, /must not be negative/],
    [{ keepalive: -1 }, /must not be negative/],
    [{ cache_ttl: -0.1 }, /must not be negative/],
    [{ header_type: 'a\r\nb' }, /must not hold a line break/],
    [{ realm: 'a\nb' }, /must not hold a line break/],
  ]
  for (const [config, fault] of unusable) {
    it(`${JSON.stringify(config)} is refused at load`, () => {
      assert.throws(() => prepared(ldapAuth, { ...minimal, ...config }), fault)
    })
  }

  it('has times that timers can keep, and those of nginx for none', () => {
    const { settings } = prepared(ldapAuth, { ...minimal, timeout: 1e12, keepalive: 1e12 })
    assert.equal(settings.server.timeoutMs, 0x7fffffff)
    assert.equal(settings.keepaliveMs, 0x7fffffff)
    assert.equal(prepared(ldapAuth, { ...minimal, timeout: 0 }).settings.server.timeoutMs, 60_000)
  })

  it('may have an IPv6 address in brackets', () => {
    const { settings } = prepared(ldapAuth, { ...minimal, ldap_host: '[::1]' })
    assert.equal(settings.server.host, '::1')
  })
})
