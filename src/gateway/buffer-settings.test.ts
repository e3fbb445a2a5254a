import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { readSettings } from './settings.js'

const KIB = 1024

function read(environment: Record<string, string>) {
  return readSettings(environment).buffers
}

describe('settings of request buffers', () => {
  it('are on, and keep what the engines hold anyway', () => {
    assert.deepEqual(read({}), { requests: true, requestBytes: 64 * KIB })
  })

  it("are read from nginx's directives, the innermost block first", () => {
    const settings = read({
      KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE: '1m',
      KONG_NGINX_PROXY_CLIENT_BODY_BUFFER_SIZE: '512k',
      KONG_NGINX_LOCATION_PROXY_REQUEST_BUFFERING: 'off',
    })
    assert.deepEqual(settings, { requests: false, requestBytes: 512 * KIB })
  })

  it('keep neither less nor more than what is sensible', () => {
    const bytes = (size: string) =>
      read({ KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE: size }).requestBytes
    assert.equal(bytes('1k'), 64 * KIB)
    assert.equal(bytes('1g'), 16 * KIB * KIB)
  })

  for (const [name, value] of [
    ['KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE', 'much'],
    ['KONG_NGINX_PROXY_PROXY_REQUEST_BUFFERING', 'maybe'],
  ] as const) {
    it(`refuse ${value} for ${name}`, () => {
      assert.throws(
        () => read({ [name]: value }),
        (error) => error instanceof ConfigError && error.problems[0]?.file === name,
      )
    })
  }
})
