import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError } from '../errors/config-error.js'
import { readSettings } from './settings.js'
import type { DnsSettings } from '../upstream/dns/settings.js'

function dns(environment: Readonly<Record<string, string>>): DnsSettings {
  return readSettings(environment).dns
}

function faultOf(environment: Readonly<Record<string, string>>): string {
  try {
    readSettings(environment)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ file, message }) => `${file}: ${message}`).join('\n')
  }
  return ''
}

const DEFAULTS: DnsSettings = {
  servers: [],
  hostsFile: '/etc/hosts',
  resolvConf: '/etc/resolv.conf',
  order: ['LAST', 'SRV', 'A', 'CNAME'],
  isSrvByName: false,
  validTtlMs: null,
  staleTtlMs: 3_600_000,
  notFoundTtlMs: 30_000,
  errorTtlMs: 1_000,
  cacheSize: 10_000,
}

describe('dns settings', () => {
  it("are Kong's by default", () => {
    assert.deepEqual(dns({}), DEFAULTS)
  })

  it('take what Kong takes', () => {
    const environment = {
      KONG_DNS_RESOLVER: '10.0.0.2, 10.0.0.3:8600,[2001:db8::1]:5353',
      KONG_DNS_HOSTSFILE: '/etc/other-hosts',
      KONG_DNS_ORDER: 'aaaa,A',
      KONG_DNS_VALID_TTL: '5',
      KONG_DNS_STALE_TTL: '0.5',
      KONG_DNS_NOT_FOUND_TTL: '7',
      KONG_DNS_ERROR_TTL: '2',
      KONG_DNS_CACHE_SIZE: '100',
    }
    assert.deepEqual(dns(environment), {
      ...DEFAULTS,
      servers: [
        { ip: '10.0.0.2', port: 53 },
        { ip: '10.0.0.3', port: 8600 },
        { ip: '2001:db8::1', port: 5353 },
      ],
      hostsFile: '/etc/other-hosts',
      order: ['AAAA', 'A'],
      validTtlMs: 5_000,
      staleTtlMs: 500,
      notFoundTtlMs: 7_000,
      errorTtlMs: 2_000,
      cacheSize: 100,
    })
    assert.deepEqual(readSettings(environment).ignored, [])
  })

  it('are those of the newer client when it is on, and of that one alone', () => {
    const environment = {
      KONG_NEW_DNS_CLIENT: 'on',
      KONG_DNS_ORDER: 'CNAME',
      KONG_DNS_VALID_TTL: '5',
      KONG_RESOLVER_ADDRESS: '10.0.0.2:8600',
      KONG_RESOLVER_HOSTS_FILE: '/etc/new-hosts',
      KONG_RESOLVER_FAMILY: 'A,AAAA,SRV',
      KONG_RESOLVER_STALE_TTL: '60',
      KONG_RESOLVER_ERROR_TTL: '3',
      KONG_RESOLVER_LRU_CACHE_SIZE: '50',
    }
    assert.deepEqual(dns(environment), {
      servers: [{ ip: '10.0.0.2', port: 8600 }],
      hostsFile: '/etc/new-hosts',
      resolvConf: '/etc/resolv.conf',
      order: ['A', 'AAAA', 'SRV'],
      isSrvByName: true,
      validTtlMs: null,
      staleTtlMs: 60_000,
      notFoundTtlMs: 3_000,
      errorTtlMs: 3_000,
      cacheSize: 50,
    })
    assert.deepEqual(readSettings(environment).ignored, [])
  })

  for (const [name, value, message] of [
    [
      'KONG_DNS_RESOLVER',
      '10.0.0.2,dns.test',
      "dns_resolver must be a comma separated list in the form of IPv4/6 or IPv4/6:port, got 'dns.test'",
    ],
    [
      'KONG_DNS_RESOLVER',
      '10.0.0.2:99999',
      "dns_resolver must be a comma separated list in the form of IPv4/6 or IPv4/6:port, got '10.0.0.2:99999'",
    ],
    ['KONG_DNS_ORDER', 'A,MX', "dns_order: invalid entry 'MX' (LAST, SRV, A, AAAA, CNAME)"],
    ['KONG_DNS_ORDER', ',', 'dns_order must name a type at least (LAST, SRV, A, AAAA, CNAME)'],
    ['KONG_DNS_STALE_TTL', '-1', "dns_stale_ttl is not a number of seconds: '-1'"],
    ['KONG_DNS_VALID_TTL', '1m', "dns_valid_ttl is not a number of seconds: '1m'"],
    ['KONG_DNS_CACHE_SIZE', 'big', "dns_cache_size is not a number: 'big'"],
    ['KONG_NEW_DNS_CLIENT', 'maybe', "new_dns_client has an invalid value: 'maybe' (on, off)"],
  ] as const) {
    it(`refuse ${name}=${value}`, () => {
      assert.equal(faultOf({ [name]: value }), `${name}: ${message}`)
    })
  }

  it('refuse a family that the newer client does not know', () => {
    assert.equal(
      faultOf({ KONG_NEW_DNS_CLIENT: 'on', KONG_RESOLVER_FAMILY: 'LAST,A' }),
      "KONG_RESOLVER_FAMILY: resolver_family: invalid entry 'LAST' (A, AAAA, SRV)",
    )
  })
})
