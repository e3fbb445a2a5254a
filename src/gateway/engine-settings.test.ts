import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { DEFAULT_SETTINGS } from '../server/settings.js'
import { readSettings } from './settings.js'

function read(environment: Record<string, string>) {
  return readSettings(environment).engineSettings
}

function faultOf(environment: Record<string, string>): string {
  try {
    readSettings(environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.deepEqual(
      error.problems.map(({ file }) => file),
      Object.keys(environment),
    )
    return error.problems.map(({ message }) => message).join()
  }
  return assert.fail('the settings were accepted')
}

describe('settings of the engines', () => {
  it('are those that an engine has by itself when nothing is set', () => {
    assert.deepEqual({ ...DEFAULT_SETTINGS, ...read({}) }, DEFAULT_SETTINGS)
  })

  it("are read from nginx's directives", () => {
    const settings = read({
      KONG_NGINX_HTTP_CLIENT_HEADER_TIMEOUT: '5s',
      KONG_NGINX_HTTP_CLIENT_BODY_TIMEOUT: '500ms',
      KONG_NGINX_HTTP_SEND_TIMEOUT: '1m',
      KONG_NGINX_HTTP_KEEPALIVE_TIMEOUT: '30s 20s',
      KONG_NGINX_HTTP_KEEPALIVE_REQUESTS: '2',
      KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '8 16k',
      KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE: '10m',
      KONG_NGINX_HTTP_IGNORE_INVALID_HEADERS: 'off',
      KONG_NGINX_PROXY_UNDERSCORES_IN_HEADERS: 'off',
    })
    assert.deepEqual(settings, {
      headerTimeoutMs: 5000,
      bodyTimeoutMs: 500,
      sendTimeoutMs: 60_000,
      keepaliveTimeoutMs: 30_000,
      keepaliveRequests: 2,
      lineBuffers: 8,
      lineBytes: 16_384,
      maxBodyBytes: 10_485_760,
      ignoresInvalidHeaders: false,
      takesUnderscores: false,
    })
  })

  it('let a line be as long as the first buffer, which may be larger than the others', () => {
    const env = { KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '4 8k' }
    const inFirst = { ...env, KONG_NGINX_HTTP_CLIENT_HEADER_BUFFER_SIZE: '16k' }
    assert.equal(read(inFirst).lineBytes, 16_384)
    assert.equal(
      read({ ...inFirst, KONG_NGINX_PROXY_CLIENT_HEADER_BUFFER_SIZE: '2k' }).lineBytes,
      8192,
    )
  })

  it('are those of the innermost block', () => {
    const settings = read({
      KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE: '1k',
      KONG_NGINX_PROXY_CLIENT_MAX_BODY_SIZE: '2k',
      KONG_NGINX_LOCATION_CLIENT_MAX_BODY_SIZE: '3k',
      KONG_NGINX_HTTP_SEND_TIMEOUT: '1s',
      KONG_NGINX_PROXY_SEND_TIMEOUT: '2s',
    })
    assert.equal(settings.maxBodyBytes, 3072)
    assert.equal(settings.sendTimeoutMs, 2000)
  })

  it('close a connection behind every answer without keep-alive', () => {
    const settings = read({
      KONG_NGINX_HTTP_KEEPALIVE_TIMEOUT: '0',
      GW_NGINX_HTTP_KEEPALIVE_REQUESTS: '0',
    })
    assert.equal(settings.keepaliveTimeoutMs, 0)
    assert.equal(settings.keepaliveRequests, 1)
  })

  it('take lines that fit into the first buffer of nginx, however small the others are', () => {
    const settings = read({ KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '4 512' })
    assert.equal(settings.lineBytes, 1024)
  })

  for (const [name, value, message] of [
    ['HTTP_CLIENT_BODY_TIMEOUT', 'soon', /'soon' is not a time: write 60s/],
    ['HTTP_CLIENT_HEADER_TIMEOUT', '0', /would refuse every client/],
    ['HTTP_KEEPALIVE_TIMEOUT', '75s soon', /'soon' is not a time/],
    ['HTTP_KEEPALIVE_TIMEOUT', '1s 2s 3s', /not one time, or two/],
    ['HTTP_KEEPALIVE_REQUESTS', 'many', /'many' is not a number/],
    ['HTTP_CLIENT_MAX_BODY_SIZE', '10mb', /'10mb' is not a size: write 8k/],
    ['LOCATION_CLIENT_MAX_BODY_SIZE', '-1', /'-1' is not a size/],
    ['HTTP_LARGE_CLIENT_HEADER_BUFFERS', '8k', /not a number and a size, such as 4 8k/],
    ['HTTP_LARGE_CLIENT_HEADER_BUFFERS', '0 8k', /not a number and a size/],
    ['HTTP_LARGE_CLIENT_HEADER_BUFFERS', '4 0', /not a number and a size/],
    ['HTTP_LARGE_CLIENT_HEADER_BUFFERS', '4 8k 1', /not a number and a size/],
    ['HTTP_LARGE_CLIENT_HEADER_BUFFERS', '1000 1m', /more than 16m in all/],
  ] as const) {
    it(`refuse ${value} for nginx_${name.toLowerCase()}`, () => {
      assert.match(faultOf({ [`KONG_NGINX_${name}`]: value }), message)
    })
  }

  it('choose the engine', () => {
    assert.equal(readSettings({}).engine, 'uws')
    assert.equal(readSettings({ GW_ENGINE: 'http1' }).engine, 'http1')
    assert.match(faultOf({ GW_ENGINE: 'apache' }), /engine has an invalid value: 'apache' \(uws, /)
  })
})
