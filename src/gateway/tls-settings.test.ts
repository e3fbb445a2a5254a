import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { DEFAULT_HANDSHAKE } from '../server/certificates/handshake.js'
import { readSettings } from './settings.js'

function tls(environment: Readonly<Record<string, string>>) {
  return readSettings(environment).tls
}

function faultsOf(environment: Readonly<Record<string, string>>): string {
  try {
    readSettings(environment)
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems.map(({ file, message }) => `${file}: ${message}`).join('\n')
    }
    throw error
  }
  return ''
}

describe('ssl settings', () => {
  it('are without a certificate, and intermediate, by default', () => {
    assert.deepEqual(tls({}), { defaultPairs: null, handshake: DEFAULT_HANDSHAKE })
  })

  it('take lists of certificates with their keys', () => {
    const { defaultPairs } = tls({ KONG_SSL_CERT: '/a.pem, /b.pem', KONG_SSL_CERT_KEY: '/a,/b' })
    assert.deepEqual(defaultPairs, { certs: ['/a.pem', '/b.pem'], keys: ['/a', '/b'] })
  })

  for (const environment of [
    { KONG_SSL_CERT: '/a.pem' },
    { KONG_SSL_CERT_KEY: '/a.key' },
    { KONG_SSL_CERT: '/a.pem,/b.pem', KONG_SSL_CERT_KEY: '/a.key' },
  ]) {
    it(`refuse ${JSON.stringify(environment)}`, () => {
      assert.match(faultsOf(environment), /^KONG_SSL_CERT: .*go together/)
    })
  }

  for (const [suite, from, to, prefersOwn] of [
    ['modern', 'TLSv1.3', 'TLSv1.3', false],
    ['intermediate', 'TLSv1.2', 'TLSv1.3', false],
    ['old', 'TLSv1', 'TLSv1.3', true],
    ['fips', 'TLSv1.2', 'TLSv1.2', true],
  ] as const) {
    it(`know the suite ${suite}, which overrules single settings`, () => {
      const { handshake } = tls({
        KONG_SSL_CIPHER_SUITE: suite,
        KONG_SSL_PROTOCOLS: 'TLSv1.1',
        KONG_SSL_CIPHERS: 'AES128-SHA',
      })
      assert.equal(handshake.minVersion, from)
      assert.equal(handshake.maxVersion, to)
      assert.equal(handshake.prefersOwnCiphers, prefersOwn)
      assert.notEqual(handshake.ciphers, 'AES128-SHA')
    })
  }

  it('take single settings with the suite custom', () => {
    const custom = { KONG_SSL_CIPHER_SUITE: 'custom' }
    assert.deepEqual(tls(custom).handshake, {
      ...DEFAULT_HANDSHAKE,
      ciphers: null,
      prefersOwnCiphers: true,
    })
    const { handshake } = tls({
      ...custom,
      KONG_SSL_PROTOCOLS: 'TLSv1.3 TLSv1.2',
      KONG_SSL_CIPHERS: 'AES128-SHA',
      KONG_SSL_PREFER_SERVER_CIPHERS: 'off',
    })
    assert.deepEqual(handshake, { ...DEFAULT_HANDSHAKE, ciphers: 'AES128-SHA' })
  })

  for (const [value, seconds] of [
    ['1d', 86_400],
    ['600', 600],
    ['5m', 300],
    ['1h30m', 5400],
  ] as const) {
    it(`take ${value} for a time`, () => {
      assert.equal(tls({ KONG_SSL_SESSION_TIMEOUT: value }).handshake.sessionSeconds, seconds)
    })
  }

  it('take tickets away', () => {
    assert.equal(tls({ KONG_SSL_SESSION_TICKETS: 'off' }).handshake.hasTickets, false)
  })

  const custom = { KONG_SSL_CIPHER_SUITE: 'custom' }
  for (const [environment, message] of [
    [{ KONG_SSL_CIPHER_SUITE: 'new' }, /^KONG_SSL_CIPHER_SUITE: .*'new' \(modern, /],
    [{ ...custom, KONG_SSL_PROTOCOLS: 'SSLv3 TLSv1.2' }, /^KONG_SSL_PROTOCOLS: .*SSLv3/],
    [{ ...custom, KONG_SSL_PROTOCOLS: 'TLSv1.1 TLSv1.3' }, /leaves a version out/],
    [{ ...custom, KONG_SSL_PREFER_SERVER_CIPHERS: 'x' }, /^KONG_SSL_PREFER_SERVER_CIPHERS: /],
    [{ KONG_SSL_SESSION_TIMEOUT: '1y' }, /^KONG_SSL_SESSION_TIMEOUT: .*no time: '1y'/],
    [{ KONG_SSL_SESSION_TIMEOUT: '0' }, /no time/],
    [{ KONG_SSL_SESSION_TICKETS: 'maybe' }, /^KONG_SSL_SESSION_TICKETS: .*\(on, off\)/],
  ] as const) {
    it(`refuse ${JSON.stringify(environment)}`, () => {
      assert.match(faultsOf(environment), message)
    })
  }
})
