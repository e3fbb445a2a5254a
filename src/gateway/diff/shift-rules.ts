// What loosens and what tightens: the table behind the levels, for configurations of plugins and for entities.
import { isRecord } from '../../config/settle.js'
import {
  allowed,
  ceiling,
  choice,
  coversAddresses,
  flag,
  measured,
  refused,
  type Shift,
  type ShiftRule,
} from './shift.js'
import { valueAt, type Fields } from './values.js'

/** What a plugin is for, as far as it matters to who gets through. */
export type Purpose =
  /** Finds out who calls, and refuses those that cannot say. */
  | 'authentication'
  /** Refuses for other reasons. */
  | 'guard'
  | 'limit'
  /** Answers in place of the target. */
  | 'termination'
  /** Lets pages of other sites read answers. */
  | 'sharing'
  | 'other'

const PURPOSES: ReadonlyMap<string, Purpose> = new Map<string, Purpose>([
  ['basic-auth', 'authentication'],
  ['hmac-auth', 'authentication'],
  ['jwt', 'authentication'],
  ['key-auth', 'authentication'],
  ['key-auth-enc', 'authentication'],
  ['ldap-auth', 'authentication'],
  ['oauth2', 'authentication'],
  ['oauth2-introspection', 'authentication'],
  ['openid-connect', 'authentication'],
  ['acl', 'guard'],
  ['ai-prompt-guard', 'guard'],
  ['bot-detection', 'guard'],
  ['ip-restriction', 'guard'],
  ['request-validator', 'guard'],
  ['standard-webhooks', 'guard'],
  ['rate-limiting', 'limit'],
  ['request-size-limiting', 'limit'],
  ['response-ratelimiting', 'limit'],
  ['request-termination', 'termination'],
  ['cors', 'sharing'],
])

export const AUTHENTICATION: readonly string[] = namesOf('authentication')
/** Without them somebody gets through who did not before. */
export const PROTECTION: readonly string[] = [...AUTHENTICATION, ...namesOf('guard')]

export function purposeOf(plugin: string): Purpose {
  return PURPOSES.get(plugin) ?? 'other'
}

function namesOf(purpose: Purpose): string[] {
  return [...PURPOSES].flatMap(([name, own]) => (own === purpose ? [name] : []))
}

const WINDOWS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const

const hidesCredentials = flag('hide_credentials', true)
const keyAuthRules = [hidesCredentials, flag('run_on_preflight', true)]
const addresses = { covers: coversAddresses, isOpenWithout: true }
const open = { isOpenWithout: true }
const closed = { isOpenWithout: false }

/** Rules of the configuration, by plugin. */
export const PLUGIN_RULES: Readonly<Record<string, readonly ShiftRule[]>> = {
  acl: [allowed('allow', open), refused('deny')],
  'ai-prompt-guard': [
    allowed('allow_patterns', open),
    refused('deny_patterns'),
    flag('allow_all_conversation_history', false),
  ],
  'basic-auth': [hidesCredentials],
  'bot-detection': [allowed('allow', closed), refused('deny')],
  cors: [
    allowed('origins', { covers: coversOrigins, isOpenWithout: true }),
    flag('credentials', false),
    flag('private_network', false),
  ],
  'hmac-auth': [
    hidesCredentials,
    ceiling('clock_skew'),
    allowed('algorithms', open),
    refused('enforce_headers'),
    flag('validate_request_body', true),
  ],
  'ip-restriction': [allowed('allow', addresses), refused('deny', coversAddresses)],
  jwt: [
    hidesCredentials,
    refused('claims_to_verify'),
    ceiling('maximum_expiration', 0),
    flag('run_on_preflight', true),
  ],
  'key-auth': keyAuthRules,
  'key-auth-enc': keyAuthRules,
  'ldap-auth': [
    hidesCredentials,
    flag('verify_ldap_host', true),
    measured(
      'ldaps',
      (config) => (usesTls(config) ? 0 : 1),
      (config) => (usesTls(config) ? 'TLS' : 'plain text'),
    ),
  ],
  oauth2: [
    hidesCredentials,
    ceiling('token_expiration', 0),
    ceiling('refresh_token_ttl', 0),
    choice('pkce', ['strict', 'lax', 'none']),
    flag('mandatory_scope', true),
    ...[
      'accept_http_if_already_terminated',
      'global_credentials',
      'enable_authorization_code',
      'enable_client_credentials',
      'enable_implicit_grant',
      'enable_password_grant',
      'reuse_refresh_token',
    ].map((field) => flag(field, false)),
  ],
  'rate-limiting': [...WINDOWS.map((window) => ceiling(window)), flag('fault_tolerant', false)],
  'request-size-limiting': [
    measured(
      'allowed_payload_size',
      payloadBytes,
      ({ allowed_payload_size: size, size_unit: unit }) => `${Number(size)} ${String(unit)}`,
    ),
    flag('require_content_length', true),
  ],
  'response-ratelimiting': [
    namedLimits,
    flag('block_on_first_violation', true),
    flag('fault_tolerant', false),
  ],
  session: [
    flag('cookie_secure', true),
    flag('cookie_http_only', true),
    choice('cookie_same_site', ['Strict', 'Lax', 'Default', 'None']),
    ceiling('absolute_timeout', 0),
    ceiling('idling_timeout', 0),
  ],
  'standard-webhooks': [ceiling('tolerance_second')],
}

/** Rules of the fields of entities, by collection. */
export const ENTITY_RULES: Readonly<Record<string, readonly ShiftRule[]>> = {
  services: [
    flag('tls_verify', true),
    measured('protocol', ({ protocol }) => (/^(?:https|grpcs|tls)/.test(String(protocol)) ? 0 : 1)),
  ],
  routes: [measured('protocols', plainProtocols)],
  upstreams: [
    measured('healthchecks.active.https_verify_certificate', (upstream) =>
      valueAt(upstream, 'healthchecks.active.https_verify_certificate') === true ? 0 : 1,
    ),
  ],
}

/** How many of those are open to requests without TLS. */
function plainProtocols({ protocols }: Fields): number {
  return Array.isArray(protocols) && protocols.some((one) => one === 'http' || one === 'grpc')
    ? 1
    : 0
}

const UNITS: Readonly<Record<string, number>> = { megabytes: 1024 * 1024, kilobytes: 1024 }

function payloadBytes({ allowed_payload_size: size, size_unit: unit }: Fields): number {
  return Number(size) * (UNITS[String(unit)] ?? 1)
}

function usesTls({ ldaps, start_tls: upgrade }: Fields): boolean {
  return ldaps === true || upgrade === true
}

/** `limits.video.minute`: each name has windows of its own. */
function namedLimits(old: Fields, now: Fields): readonly Shift[] {
  const names = new Set([
    ...Object.keys(recordAt(old, 'limits')),
    ...Object.keys(recordAt(now, 'limits')),
  ])
  return [...names].flatMap((name) =>
    WINDOWS.flatMap((window) => {
      const limit = ({ limits }: Fields) => recordAt(limits, name)[window]
      const measure = (config: Fields) => Number(limit(config) ?? Infinity)
      return measured(`limits.${name}.${window}`, measure, limit)(old, now)
    }),
  )
}

function recordAt(record: unknown, field: string): Fields {
  const value = isRecord(record) && Object.hasOwn(record, field) ? record[field] : undefined
  return isRecord(value) ? value : {}
}

// Entries that are regular expressions for "anything".
const ANYTHING = /^(?:\*|\^?\(?\.[*+]\)?\$?)$/

function coversOrigins(wide: string, narrow: string): boolean {
  return wide === narrow || ANYTHING.test(wide)
}
