import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { complete, faultsOf } from '../../test/support/plugin-config.js'
import { spec } from './spec.js'

const minimal = { account_email: 'admin@example.com' }

const redis = {
  port: 6379,
  timeout: 2000,
  database: 0,
  ssl: false,
  ssl_verify: false,
  extra_options: { namespace: '', scan_count: 10 },
}

/** The configuration with this Redis server. */
function withRedis(server: object): object {
  return { ...minimal, storage: 'redis', storage_config: { redis: server } }
}

describe('a configuration of acme', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(spec, minimal), {
      ...minimal,
      api_uri: 'https://acme-v02.api.letsencrypt.org/directory',
      tos_accepted: false,
      cert_type: 'rsa',
      rsa_key_size: 4096,
      renew_threshold_days: 14,
      allow_any_domain: false,
      fail_backoff_minutes: 5,
      storage: 'shm',
      storage_config: {
        shm: { shm_name: 'kong' },
        kong: {},
        redis,
        consul: { https: false },
        vault: { https: false, tls_verify: true, auth_method: 'token' },
      },
      enable_ipv4_common_name: true,
    })
  })

  it('takes the old names of the Redis settings', () => {
    const old = withRedis({
      host: 'redis.test',
      auth: 'pw',
      ssl_server_name: 'sni.test',
      namespace: 'ns',
      scan_count: 5,
    })
    const { storage_config: config } = complete(spec, old) as { storage_config: { redis: object } }
    assert.deepEqual(config.redis, {
      ...redis,
      host: 'redis.test',
      password: 'pw',
      server_name: 'sni.test',
      extra_options: { namespace: 'ns', scan_count: 5 },
    })
  })

  const directory = 'https://acme-staging-v02.api.letsencrypt.org'
  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ api_uri: directory, tos_accepted: true }, []],
    [{ api_uri: directory }, ['tos_accepted: value must be true']],
    [{ api_uri: 'acme.test' }, ['api_uri: missing host in url']],
    // A mail address is a secret in Kong, and shown to nobody.
    [{ account_email: 'nobody' }, ['account_email: invalid value: ***']],
    [{ account_email: '{vault://env/mail}' }, []],
    [{ account_key: {} }, ['account_key.key_id: required field missing']],
    [{ domains: ['a.test', '*.b.test'] }, []],
    [{ domains: ['*.*.test'] }, ['domains[0]: invalid wildcard: must have at most one wildcard']],
    [
      { domains: ['a.*.test'] },
      ['domains[0]: invalid wildcard: must be placed at leftmost or rightmost label'],
    ],
    [{ rsa_key_size: 1024 }, ['rsa_key_size: expected one of: 2048, 3072, 4096']],
    [{ storage: 'kong' }, [`"kong" storage can't be used with dbless mode`]],
    [withRedis({}), ['storage_config.redis.host: required field missing']],
    [
      withRedis({ host: 'r', extra_options: { namespace: 'kong_acme:cert_key:x' } }),
      [
        "storage_config.redis.extra_options.namespace: namespace can't be prefixed with reserved word: kong_acme:cert_key:",
      ],
    ],
    [
      { storage_config: { consul: { host: 'consul.test:8500' } } },
      ['storage_config.consul.host: must not have a port'],
    ],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(spec, { ...minimal, ...config }), faults)
    })
  }
})
