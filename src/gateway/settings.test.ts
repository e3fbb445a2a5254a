import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { availableParallelism } from 'node:os'
import { parseConf } from './conf-file.js'
import { readSettings } from './settings.js'
import { workerCount } from './worker-count.js'

function faultsOf(environment: Record<string, string>): readonly (readonly [string, string])[] {
  try {
    readSettings(environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map(({ file, message }) => [file, message])
  }
  return assert.fail('the settings were accepted')
}

function placesOf(...[environment, sources]: Parameters<typeof readSettings>): readonly string[] {
  try {
    readSettings(environment, sources)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.map(({ file, line, column }) =>
      line === 0 ? file : `${file}:${line}:${column}`,
    )
  }
  return assert.fail('the settings were accepted')
}

describe('settings', () => {
  it("have Kong's defaults", () => {
    const settings = readSettings({})
    assert.deepEqual(
      settings.proxyListen.map(({ address, port }) => [address, port]),
      [
        ['0.0.0.0', 8000],
        ['0.0.0.0', 8443],
      ],
    )
    assert.deepEqual(
      settings.adminListen.map(({ port, ssl }) => [port, ssl]),
      [
        [8001, false],
        [8444, true],
      ],
    )
    assert.equal(settings.statusListen[0]?.port, 8007)
    assert.equal(settings.daemon, true)
    assert.equal(settings.watch, false)
    assert.equal(settings.drainDelayMs, 0)
    assert.equal(settings.shutdownTimeoutMs, 30_000)
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
      KONG_TRUSTED_IPS: '10.0.0.0/8,::1,unix:',
      KONG_HEADERS: 'off',
      KONG_HEADERS_UPSTREAM: 'off',
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
    assert.equal(settings.upstreamRequestId, false)
  })
  it('take GW_ over KONG_', () => {
    const settings = readSettings({ GW_LOG_LEVEL: 'debug', KONG_LOG_LEVEL: 'error' })
    assert.equal(settings.logLevel, 'debug')
  })
  it('take flags over everything, and kong.conf where nothing else speaks', () => {
    const conf = parseConf('nginx_worker_processes = 2\nlog_level = debug', 'kong.conf')
    const flags = [{ flag: '--workers', name: 'nginx_worker_processes', value: '4' }]
    const settings = readSettings({ KONG_NGINX_WORKER_PROCESSES: '3' }, { conf, flags })
    assert.equal(settings.workers, 4)
    assert.equal(workerCount(settings), 4)
    assert.equal(settings.logLevel, 'debug')
  })

  it('take as many workers as there are processors, unless told otherwise', () => {
    const settings = readSettings({})
    assert.equal(settings.workers, 'auto')
    assert.equal(workerCount(settings), availableParallelism())
  })

  it('report a fault of kong.conf and of a flag with its place', () => {
    const conf = parseConf('\nlog_level = loud', '/etc/kong/kong.conf')
    const flags = [{ flag: '--workers', name: 'nginx_worker_processes', value: '0' }]
    assert.deepEqual(placesOf({}, { conf, flags }), ['/etc/kong/kong.conf:2:1', '--workers'])
  })

  it('take times as nginx writes them', () => {
    const { drainDelayMs, shutdownTimeoutMs } = readSettings({
      GW_DRAIN_DELAY: '5',
      KONG_NGINX_MAIN_WORKER_SHUTDOWN_TIMEOUT: '1m30s',
    })
    assert.deepEqual([drainDelayMs, shutdownTimeoutMs], [5_000, 90_000])
    assert.match(faultsOf({ GW_DRAIN_DELAY: 'soon' })[0]?.[1] ?? '', /'soon' is not a time/)
  })

  it('can be shown: secrets are masked, references are not followed', () => {
    const { values } = readSettings({
      KONG_SSL_CERT: '/c.pem',
      KONG_SSL_CERT_KEY: 'a key as text',
      KONG_STATUS_SSL_CERT: '/c.pem',
      KONG_STATUS_SSL_CERT_KEY: '{vault://env/the-key}',
      KONG_DECLARATIVE_CONFIG_STRING: '{"_format_version":"3.0"}',
      THE_KEY: 'hunter2',
    })
    assert.equal(values.ssl_cert, '/c.pem')
    assert.equal(values.ssl_cert_key, '******')
    assert.equal(values.status_ssl_cert_key, '{vault://env/the-key}')
    assert.equal(values.declarative_config_string, '******')
    assert.equal(values.admin_ssl_cert_key, '')
    assert.equal(values.log_level, 'notice')
  })

  it('take off in any form for no database', () => {
    for (const value of ['off', 'false', 'False']) {
      assert.equal(readSettings({ KONG_DATABASE: value }).values.database, value)
    }
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
        KONG_HEADERS_UPSTREAM: 'off, x',
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
        ['KONG_HEADERS_UPSTREAM', "headers_upstream: invalid entry 'x'"],
        ['GW_UPSTREAM_KEEPALIVE_POOL_SIZE', "upstream_keepalive_pool_size is not a number: 'many'"],
      ],
    )
  })
  for (const workers of ['0', 'many', '1.5', '4096']) {
    it(`refuse ${workers} workers`, () => {
      const [fault] = faultsOf({ KONG_NGINX_WORKER_PROCESSES: workers })
      assert.match(fault?.[1] ?? '', /^nginx_worker_processes /)
    })
  }
  for (const listen of ['8000', 'example.com:80', '0.0.0.0:99999', '127.0.0.1:']) {
    it(`refuse proxy_listen ${listen}`, () => {
      assert.match(faultsOf({ KONG_PROXY_LISTEN: listen })[0]?.[1] ?? '', /must be of form/)
    })
  }
  it('refuse a certificate without its key', () => {
    assert.match(faultsOf({ KONG_SSL_CERT_KEY: '/x.key' })[0]?.[1] ?? '', /go together/)
  })
  for (const database of ['postgres', 'cassandra']) {
    it(`refuse the database ${database}, and say what to do instead`, () => {
      assert.match(faultsOf({ KONG_DATABASE: database })[0]?.[1] ?? '', /set it to off/)
    })
  }
})
