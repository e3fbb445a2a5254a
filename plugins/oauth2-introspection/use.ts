// A use of the plugin as requests need it, and the headers that it fills.
import {
  claimHeaderPairs,
  type BearerSources,
  type ClaimHeaders,
  type ConfigOf,
  type Introspection,
} from 'gw/plugin'
import type { schema } from './schema.js'

/** What the server says, each under the name of its header (Kong's). */
const FORWARDED: readonly (readonly [member: string, header: string])[] = [
  ['scope', 'X-Credential-Scope'],
  ['client_id', 'X-Credential-Client-ID'],
  ['username', 'X-Credential-Identifier'],
  ['token_type', 'X-Credential-Token-Type'],
  ['exp', 'X-Credential-Exp'],
  ['iat', 'X-Credential-Iat'],
  ['nbf', 'X-Credential-Nbf'],
  ['sub', 'X-Credential-Sub'],
  ['aud', 'X-Credential-Aud'],
  ['iss', 'X-Credential-Iss'],
  ['jti', 'X-Credential-Jti'],
]

export interface Use {
  readonly url: URL
  readonly request: Introspection
  readonly tellsRequest: boolean
  /** Infinity for as long as the token lasts. */
  readonly ttlMs: number
  readonly sources: BearerSources
  readonly hide: boolean
  readonly consumerBy: 'client_id' | 'username'
  readonly anonymous: string | undefined
  readonly runOnPreflight: boolean
  readonly forwarded: ClaimHeaders
  /** Gives its tokens places of their own in the cache. */
  readonly salt: number
}

let uses = 0

export function useOf(config: ConfigOf<typeof schema>): Use {
  const { token_type_hint: hint, anonymous = '' } = config
  return {
    url: new URL(config.introspection_url),
    request: {
      headers: {
        ...config.custom_introspection_headers,
        Authorization: config.authorization_value,
      },
      fields: hint === undefined ? [] : [['token_type_hint', hint]],
      tokenField: 'token',
      timeoutMs: config.timeout,
      // The server gets what proves who asks.
      verify: true,
      idleMs: config.keepalive,
    },
    tellsRequest: config.introspect_request,
    ttlMs: config.ttl === 0 ? Infinity : config.ttl * 1000,
    sources: { plainHeaders: [], inHeader: true, inQuery: true, inBody: true },
    hide: config.hide_credentials,
    consumerBy: config.consumer_by,
    anonymous: anonymous === '' ? undefined : anonymous,
    runOnPreflight: config.run_on_preflight,
    forwarded: forwardedOf(config.custom_claims_forward),
    salt: ++uses,
  }
}

function forwardedOf(custom: readonly string[]): ClaimHeaders {
  const added = custom
    // Where a name stands in the table, its header is the right one.
    .filter((name) => !FORWARDED.some(([member]) => member === name))
    .map((name) => [name, `X-Credential-${name}`] as const)
  const all = claimHeaderPairs([...FORWARDED, ...added])
  // What this header says may be another plugin's word; whoever authenticates sets or removes it.
  const names = new Set(all.names)
  names.delete('x-credential-identifier')
  return { ...all, names }
}
