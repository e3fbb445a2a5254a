// The ssl_* settings: which certificate is the default, and how handshakes are made.
import type { SecureVersion } from 'node:tls'
import { parseTime } from '../util/nginx-values.js'
import type { DefaultPairSource } from '../server/certificates/default-pairs.js'
import { list, onOff } from './setting-values.js'
import { INTERMEDIATE_CIPHERS, type HandshakeSettings } from '../server/certificates/handshake.js'

export interface TlsSettings {
  /** Null: a self-signed certificate is made. */
  readonly defaultPairs: DefaultPairSource | null
  readonly handshake: HandshakeSettings
}

/** Kong's names and defaults. */
export const TLS_DEFAULTS = {
  ssl_cert: '',
  ssl_cert_key: '',
  ssl_cipher_suite: 'intermediate',
  ssl_ciphers: '',
  ssl_protocols: 'TLSv1.2 TLSv1.3',
  ssl_prefer_server_ciphers: 'on',
  ssl_session_tickets: 'on',
  ssl_session_timeout: '1d',
} as const

type Name = keyof typeof TLS_DEFAULTS

/** Reads one setting; a throw becomes a problem under the name of its variable, and the fallback stands in. */
type Read = <T>(name: Name, parse: (value: string) => T, fallback?: () => T) => T

type Suite = Pick<HandshakeSettings, 'minVersion' | 'maxVersion' | 'ciphers' | 'prefersOwnCiphers'>

const INTERMEDIATE: Suite = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: INTERMEDIATE_CIPHERS,
  prefersOwnCiphers: false,
}

/** Kong's suites, after Mozilla's server side TLS, 5.7; what stands in one of them overrules the single settings. */
const SUITES: Readonly<Record<string, Suite>> = {
  modern: { ...INTERMEDIATE, minVersion: 'TLSv1.3', ciphers: null },
  intermediate: INTERMEDIATE,
  old: {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.3',
    ciphers: [
      INTERMEDIATE_CIPHERS,
      'ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA',
      'ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA',
      'AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA:DES-CBC3-SHA',
    ].join(':'),
    prefersOwnCiphers: true,
  },
  fips: {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'TLSv1.2+FIPS:kRSA+FIPS:!eNULL:!aNULL',
    prefersOwnCiphers: true,
  },
}

/** @param text a setting as it stands, or its default */
export function readTlsSettings(text: (name: Name) => string, read: Read): TlsSettings {
  return {
    defaultPairs: read(
      'ssl_cert',
      (certs) => defaultPairs(certs, text('ssl_cert_key')),
      () => null,
    ),
    handshake: {
      ...readSuite(read),
      hasTickets: read('ssl_session_tickets', (value) => onOff('ssl_session_tickets', value)),
      sessionSeconds: read('ssl_session_timeout', seconds),
    },
  }
}

function readSuite(read: Read): Suite {
  const suite = read('ssl_cipher_suite', (value) => {
    if (value === 'custom') return null
    const known = Object.hasOwn(SUITES, value) ? SUITES[value] : undefined
    if (known !== undefined) return known
    const names = [...Object.keys(SUITES), 'custom'].join(', ')
    throw new Error(`ssl_cipher_suite has an invalid value: '${value}' (${names})`)
  })
  if (suite !== null) return suite
  return {
    ...read('ssl_protocols', versions),
    ciphers: read('ssl_ciphers', (value) => value || null),
    prefersOwnCiphers: read('ssl_prefer_server_ciphers', (value) =>
      onOff('ssl_prefer_server_ciphers', value),
    ),
  }
}

function defaultPairs(certs: string, keys: string): DefaultPairSource | null {
  const source = { certs: list(certs), keys: list(keys) }
  if (source.certs.length === 0 && source.keys.length === 0) return null
  if (source.certs.length !== source.keys.length) {
    throw new Error('ssl_cert and ssl_cert_key go together: each certificate needs its key')
  }
  return source
}

const VERSIONS: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']

/** A list as nginx has it; what is between the oldest and the newest is spoken as well. */
function versions(value: string): Pick<Suite, 'minVersion' | 'maxVersion'> {
  const names = value.split(/\s+/).filter(Boolean)
  const ranks = names.map((name) => VERSIONS.findIndex((version) => version === name))
  const [minVersion, maxVersion] = [VERSIONS[Math.min(...ranks)], VERSIONS[Math.max(...ranks)]]
  if (minVersion === undefined || maxVersion === undefined) {
    throw new Error(`ssl_protocols has an invalid value: '${value}' (${VERSIONS.join(', ')})`)
  }
  const isWhole = Math.max(...ranks) - Math.min(...ranks) + 1 === new Set(ranks).size
  if (!isWhole) throw new Error(`ssl_protocols leaves a version out in the middle: '${value}'`)
  return { minVersion, maxVersion }
}

/** What OpenSSL takes. */
const MOST_SECONDS = 2 ** 31 - 1

function seconds(value: string): number {
  const sum = Math.floor((parseTime(value) ?? 0) / 1000)
  if (sum > 0 && sum <= MOST_SECONDS) return sum
  throw new Error(`ssl_session_timeout is no time: '${value}' (such as 1d, 12h, 600)`)
}
