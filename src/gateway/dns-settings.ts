// How names are looked up: dns_*, or with new_dns_client resolver_*, as in Kong.
import { parseServer } from '../upstream/dns/resolv-conf.js'
import {
  ORDER_ENTRIES,
  type DnsServer,
  type DnsSettings,
  type OrderEntry,
} from '../upstream/dns/settings.js'
import { list, onOff, wholeNumber } from './setting-values.js'

/** Kong's. */
export const DNS_DEFAULTS = {
  new_dns_client: 'off',
  dns_resolver: '',
  dns_hostsfile: '/etc/hosts',
  dns_order: 'LAST,SRV,A,CNAME',
  dns_valid_ttl: '',
  dns_stale_ttl: '3600',
  dns_not_found_ttl: '30',
  dns_error_ttl: '1',
  dns_cache_size: '10000',
  resolver_address: '',
  resolver_hosts_file: '/etc/hosts',
  resolver_family: 'A,SRV',
  resolver_valid_ttl: '',
  resolver_stale_ttl: '3600',
  resolver_error_ttl: '1',
  resolver_lru_cache_size: '10000',
} as const

type Name = keyof typeof DNS_DEFAULTS

/** Reads one setting; a throw becomes a problem under the name of its variable, and the default stands in. */
type Read = <T>(name: Name, parse: (value: string) => T) => T

/** Settings of the same meaning for either client of Kong. */
type Names = Readonly<
  Record<'servers' | 'hosts' | 'valid' | 'stale' | 'notFound' | 'error' | 'size', Name>
>

const CLASSIC: Names = {
  servers: 'dns_resolver',
  hosts: 'dns_hostsfile',
  valid: 'dns_valid_ttl',
  stale: 'dns_stale_ttl',
  notFound: 'dns_not_found_ttl',
  error: 'dns_error_ttl',
  size: 'dns_cache_size',
}

const NEW: Names = {
  servers: 'resolver_address',
  hosts: 'resolver_hosts_file',
  valid: 'resolver_valid_ttl',
  stale: 'resolver_stale_ttl',
  notFound: 'resolver_error_ttl',
  error: 'resolver_error_ttl',
  size: 'resolver_lru_cache_size',
}

const RESOLV_CONF = '/etc/resolv.conf'
const FAMILIES = ['A', 'AAAA', 'SRV'] as const

export function readDnsSettings(read: Read): DnsSettings {
  const isNew = read('new_dns_client', (value) => onOff('new_dns_client', value))
  const names = isNew ? NEW : CLASSIC
  const ttl = (name: Name): number => read(name, (value) => seconds(name, value))
  return {
    servers: read(names.servers, (value) => servers(names.servers, value)),
    hostsFile: read(names.hosts, (value) => value),
    resolvConf: RESOLV_CONF,
    order: isNew
      ? read('resolver_family', (value) => types('resolver_family', value, FAMILIES))
      : read('dns_order', (value) => types('dns_order', value, ORDER_ENTRIES)),
    isSrvByName: isNew,
    validTtlMs: read(names.valid, (value) => (value === '' ? null : seconds(names.valid, value))),
    staleTtlMs: ttl(names.stale),
    notFoundTtlMs: ttl(names.notFound),
    errorTtlMs: ttl(names.error),
    cacheSize: read(names.size, (value) => wholeNumber(names.size, value)),
  }
}

/** @throws Error in Kong's words */
function servers(name: Name, value: string): readonly DnsServer[] {
  return list(value).map((text) => {
    const server = parseServer(text)
    if (server !== null) return server
    throw new Error(
      `${name} must be a comma separated list in the form of IPv4/6 or IPv4/6:port, got '${text}'`,
    )
  })
}

/** @throws Error in Kong's words, with the way out */
function types<T extends OrderEntry>(
  name: Name,
  value: string,
  choices: readonly T[],
): readonly T[] {
  const chosen = list(value).map((text) => {
    const type = choices.find((choice) => choice === text.toUpperCase())
    if (type !== undefined) return type
    throw new Error(`${name}: invalid entry '${text}' (${choices.join(', ')})`)
  })
  if (chosen.length > 0) return chosen
  throw new Error(`${name} must name a type at least (${choices.join(', ')})`)
}

/** In milliseconds. Fractions are fine. */
function seconds(name: Name, value: string): number {
  const number = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : NaN
  if (Number.isFinite(number)) return number * 1000
  throw new Error(`${name} is not a number of seconds: '${value}'`)
}
