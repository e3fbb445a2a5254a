import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { readSettings } from './settings.js'

function faultsOf(environment: Record<string, string>): readonly (readonly [string, string])[] {
  try {
    readSettings(environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map(({ file, message }) => [file, message])
  }
  return assert.fail('the settings were accepted')
}

describe('settings', () => {
  it("have Kong's defaults", () => {
    const settings = readSettings({})
    assert.deepEqual(
      settings.proxyListen.map(({ address, port }) => [address, port]),
      [['0.0.0.0', 8000]],
    )
    assert.equal(settings.keepalive.poolSize, 512)
    assert.equal(settings.headers.via, true)
    assert.equal(settings.headers.upstreamStatus, false)
    assert.deepEqual(settings.plugins, ['bundled'])
  })
  it('may be references to secrets in the environment', () => {
    const { logLevel } = readSettings({
      KONG_LOG_LEVEL: '{vault://env/wanted-level}',
      WANTED_LEVEL: 'error',
    })
    assert.equal(logLevel, 'error')
  })

  it('name a reference that leads nowhere, and the variable that holds it', () => {
    assert.deepEqual(faultsOf({ KONG_LOG_LEVEL: '{vault://env/none}' }), [
      [
        'KONG_LOG_LEVEL',
        'unable to resolve reference {vault://env/none} (the environment has no NONE)',
      ],
    ])
  })

  it('read what a compose file for Kong says', () => {
    const settings = readSettings({
      KONG_DATABASE: 'off',
      KONG_DECLARATIVE_CONFIG: '/kong/kong.yml',
      KONG_PROXY_LISTEN: '0.0.0.0:8000 reuseport backlog=16384, [::]:8443 http2 ssl',
      KONG_STATUS_LISTEN: 'off',
      KONG_TRUSTED_IPS: '10.0.0.0/8,::1',
      KONG_HEADERS: 'off',
    })
    assert.equal(settings.declarativeConfig, '/kong/kong.yml')
    assert.deepEqual(
      settings.proxyListen.map(({ address, port, ssl }) => [address, port, ssl]),
      [
        ['0.0.0.0', 8000, false],
        ['::', 8443, true],
      ],
    )
    assert.deepEqual(settings.statusListen, [])
    assert.deepEqual(settings.trustedIps, ['10.0.0.0/8', '::1'])
    assert.ok(Object.values(settings.headers).every((on) => !on))
  })
  it('take GW_ over KONG_', () => {
    const settings = readSettings({ GW_LOG_LEVEL: 'debug', KONG_LOG_LEVEL: 'error' })
    assert.equal(settings.logLevel, 'debug')
  })
  it('name variables without effect, and only those', () => {
    const settings = readSettings({ KONG_MEM_CACHE_SIZE: '1m', KONG_LOG_LEVEL: 'warn', HOME: '/' })
    assert.deepEqual(settings.ignored, ['KONG_MEM_CACHE_SIZE'])
  })
  it('report every fault under the name of its variable', () => {
    assert.deepEqual(
      faultsOf({
        KONG_LOG_LEVEL: 'loud',
        KONG_TRUSTED_IPS: '10.0.0.0/33',
        KONG_HEADERS: 'x',
        GW_UPSTREAM_KEEPALIVE_POOL_SIZE: 'many',
      }),
      [
        [
          'KONG_LOG_LEVEL',
          "log_level has an invalid value: 'loud' (debug, info, notice, warn, error, crit, alert, emerg)",
        ],
        ['KONG_TRUSTED_IPS', "invalid ip or cidr range: '10.0.0.0/33'"],
        ['KONG_HEADERS', "headers: invalid entry 'x'"],
        ['GW_UPSTREAM_KEEPALIVE_POOL_SIZE', "upstream_keepalive_pool_size is not a number: 'many'"],
      ],
    )
  })
  for (const listen of ['8000', 'example.com:80', '0.0.0.0:99999', '127.0.0.1:']) {
    it(`refuse proxy_listen ${listen}`, () => {
      assert.match(faultsOf({ KONG_PROXY_LISTEN: listen })[0]?.[1] ?? '', /must be of form/)
    })
  }
  it('refuse a certificate without its key', () => {
    assert.match(faultsOf({ KONG_SSL_CERT_KEY: '/x.key' })[0]?.[1] ?? '', /go together/)
  })
  it('refuse a database, and say what to do instead', () => {
    assert.match(faultsOf({ KONG_DATABASE: 'postgres' })[0]?.[1] ?? '', /set it to off/)
  })
})
