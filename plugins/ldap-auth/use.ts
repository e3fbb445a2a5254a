// One configured use of ldap-auth, as `prepare` leaves it.
import { ConfigFault, refusalOf, type ConfigOf, type Refusal } from 'gw/plugin'
import type { Directory, DirectorySettings } from './directory.js'
import { schemePattern } from './login.js'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  readonly refusal: Refusal
  readonly scheme: RegExp
  readonly hide: boolean
  readonly settings: DirectorySettings
  /** Found at the first request: `prepare` connects to nothing. */
  directory: Directory | null
}

/** It stands in WWW-Authenticate. */
const LINE_BREAK = /[\r\n\0]/
/** Beyond, timers of Node.js would end at once. */
const MAX_TIMER_MS = 0x7fffffff
/** What nginx does without a time (lua_socket_connect_timeout). */
const NO_TIMEOUT_MS = 60_000

export function useOf(config: Config): Use {
  const { header_type: scheme, cache_ttl: ttl, keepalive, timeout } = config
  if (LINE_BREAK.test(scheme)) {
    throw new ConfigFault('header_type', 'must not hold a line break or a NUL')
  }
  return {
    // Kong: a scheme of its own is upper-cased, for clients that have always seen it so.
    refusal: refusalOf(scheme === 'ldap' ? 'LDAP' : scheme, config),
    scheme: schemePattern(scheme),
    hide: config.hide_credentials,
    settings: {
      server: {
        host: config.ldap_host.replace(/^\[(.*)\]$/, '$1'),
        port: config.ldap_port,
        tls: config.ldaps ? 'from the start' : config.start_tls ? 'by StartTLS' : 'none',
        timeoutMs: duration('timeout', timeout) || NO_TIMEOUT_MS,
      },
      verifiesHost: config.verify_ldap_host,
      keepaliveMs: duration('keepalive', keepalive),
      baseDn: config.base_dn,
      attribute: config.attribute,
      ttlMs: duration('cache_ttl', ttl) * 1000,
    },
    directory: null,
  }
}

/** Kong loads a negative time, and answers 500 to every request. */
function duration(field: string, value: number): number {
  if (value < 0) throw new ConfigFault(field, 'must not be negative')
  return Math.min(value, MAX_TIMER_MS)
}
