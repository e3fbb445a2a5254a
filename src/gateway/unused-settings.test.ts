import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { remarksOn, type Remark } from './unused-settings.js'

function remarks(given: Readonly<Record<string, string>>): readonly Remark[] {
  const unused = Object.entries(given).map(([name, value]) => ({
    name,
    value,
    shown: `KONG_${name.toUpperCase()}`,
  }))
  return remarksOn(unused, ['proxy_listen', 'log_level'])
}

const warnings = (given: Readonly<Record<string, string>>): readonly string[] =>
  remarks(given)
    .filter(({ level }) => level === 'warn')
    .map(({ message }) => message)

describe('settings without effect', () => {
  it('are named together when the reason is the same', () => {
    const given = { nginx_http_gzip: 'on', nginx_http_aio: 'on', untrusted_lua: 'on' }
    assert.deepEqual(warnings(given), [
      'KONG_NGINX_HTTP_GZIP, KONG_NGINX_HTTP_AIO have no effect: gw does not run nginx and does not know the directive',
      'KONG_UNTRUSTED_LUA has no effect: nothing runs in Lua, WebAssembly or plugin servers; plugins in TypeScript: GW_PLUGIN_PATH',
    ])
  })

  it('of a database are no reason for a warning where there is none', () => {
    const given = { pg_host: 'db', pg_password_file: '/run/secrets/x', cassandra_port: '9042' }
    assert.deepEqual(remarks(given), [
      {
        level: 'debug',
        message:
          'KONG_PG_HOST, KONG_PG_PASSWORD_FILE, KONG_CASSANDRA_PORT have no effect: and need none',
      },
    ])
  })

  for (const [name, value] of [
    ['mem_cache_size', '128m'],
    ['nginx_events_worker_connections', '4096'],
    ['nginx_proxy_proxy_buffers', '64 160k'],
    ['proxy_error_log', '/dev/stderr'],
    ['proxy_access_log', 'off'],
    ['stream_listen', 'off'],
    ['role', 'traditional'],
    ['dns_no_sync', 'off'],
    ['resolver_mem_cache_size', '5m'],
    ['lua_ssl_protocols', 'TLSv1.2 TLSv1.3'],
    ['tracing_instrumentations', 'off'],
    ['portal', 'off'],
    ['admin_service_host', '10.0.0.1'],
    ['proxy_port_80_tcp', 'tcp://10.0.0.1:80'],
    ['port', 'tcp://10.0.0.1:8000'],
    ['version', '3.9.1'],
  ] as const) {
    it(`cost nothing when ${name} is ${value}`, () => {
      assert.deepEqual(warnings({ [name]: value }), [])
    })
  }

  it('are named without their values, which may be secrets', () => {
    const given = { request_debug_token: 'hunter2', my_password: 'hunter2', pg_password: 'hunter2' }
    assert.equal(remarks(given).length, 3)
    assert.doesNotMatch(JSON.stringify(remarks(given)), /hunter2/)
  })

  for (const [name, value, reason] of [
    ['proxy_access_log', '/dev/stdout', /access log/],
    ['proxy_error_log', '/var/log/kong/error.log', /standard output/],
    ['stream_listen', '0.0.0.0:9000', /TCP and UDP/],
    ['dns_no_sync', 'on', /waits for the same answer/],
    ['role', 'data_plane', /hybrid/],
    ['lua_ssl_protocols', 'TLSv1.3', /lua_ssl_trusted_certificate/],
    ['enforce_rbac', 'on', /Enterprise/],
    ['admin_gui_auth', 'basic-auth', /Enterprise/],
    ['admin_gui_url', 'http://localhost:8002', /Kong Manager/],
    ['nginx_http_gzip', 'on', /nginx/],
    ['lua_package_path', '/opt/?.lua;;', /Lua/],
    ['host_ports', '80', /does not have it/],
    ['proxy_lisen', '0.0.0.0:80', /no setting of gw or Kong; did you mean proxy_listen\?/],
    ['something_else', 'x', /no setting of gw or Kong$/],
  ] as const) {
    it(`are warned of when ${name} is ${value}`, () => {
      const [message = ''] = warnings({ [name]: value })
      assert.match(message, reason)
      assert.ok(message.startsWith(`KONG_${name.toUpperCase()} has no effect`))
    })
  }
})
