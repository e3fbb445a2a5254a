import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const minimal = { enable_password_grant: true }
const NO_FLOW =
  'at least one of these fields must be true: enable_authorization_code, enable_implicit_grant, enable_client_credentials, enable_password_grant'

describe('a configuration of oauth2', () => {
  it('has the defaults of Kong, and a provision_key only when one is given', () => {
    assert.deepEqual(complete(spec, minimal), {
      mandatory_scope: false,
      token_expiration: 7200,
      enable_authorization_code: false,
      enable_implicit_grant: false,
      enable_client_credentials: false,
      enable_password_grant: true,
      hide_credentials: false,
      accept_http_if_already_terminated: false,
      global_credentials: false,
      auth_header_name: 'authorization',
      refresh_token_ttl: 1_209_600,
      reuse_refresh_token: false,
      pkce: 'lax',
    })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ enable_password_grant: false }, [NO_FLOW]],
    [{ enable_password_grant: false, enable_implicit_grant: true }, []],
    [{ mandatory_scope: true }, ['scopes: required field missing']],
    [{ mandatory_scope: true, scopes: ['email'] }, []],
    [{ scopes: 'email' }, ['scopes: expected an array']],
    [{ pkce: 'off' }, ['pkce: expected one of: none, lax, strict']],
    [{ refresh_token_ttl: 1e9 }, ['refresh_token_ttl: value should be between 0 and 100000000']],
    [{ token_store: 'memory' }, []],
    [{ token_store: 'postgres' }, ['token_store: expected one of: memory, redis']],
    [{ token_store: 'redis' }, ['redis: required field missing']],
    [{ token_store: 'redis', redis: {} }, ['redis.host: required field missing']],
    [{ token_store: 'redis', redis: { host: 'r' } }, []],
    [{ token_store: 'redis', redis: { host: 'r', hosts: 'r' } }, ['redis.hosts: unknown field']],
    [{ token_expiration: null }, ['token_expiration: required field missing']],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, { ...minimal, ...config }), faults)
    })
  }
})
