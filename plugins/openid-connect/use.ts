// A use of the plugin as requests need it.
import {
  ConfigFault,
  claimHeaderPairs,
  type BearerSources,
  type ClaimHeaders,
  type ConsumerField,
  type Introspection,
} from 'gw/plugin'
import { requirementOf, type ClaimPath, type ClaimRules } from './judge.js'
import type { Provider, ProviderSettings, Providers } from './provider.js'
import {
  TOKEN_HEADERS,
  pairsOf,
  refuseHeader,
  refuseUnsupported,
  type OidcConfig,
} from './unsupported.js'

/** How long a connection to an issuer waits for the next request. */
const IDLE_MS = 60_000
const DISCOVERY_PATH = '/.well-known/openid-configuration'

export interface IntrospectionUse {
  readonly request: Introspection
  /** Null: as the provider says. */
  readonly url: URL | null
  readonly checkActive: boolean
  readonly isCached: boolean
  /** Seconds. */
  readonly ttl: { readonly usual: number; readonly min: number; readonly max: number }
  /** Seconds; 0 for not at all. */
  readonly refusedTtl: number
}

export interface Use {
  readonly issuer: string
  readonly provider: Provider
  /** Gives its tokens places of their own in the cache. */
  readonly salt: number
  readonly takesSigned: boolean
  readonly takesOpaque: boolean
  readonly introspectsSigned: boolean
  readonly verifiesSignature: boolean
  readonly rules: ClaimRules
  readonly introspection: IntrospectionUse
  readonly sources: BearerSources
  readonly hide: boolean
  readonly runOnPreflight: boolean
  readonly anonymous: string | undefined
  readonly consumer: {
    readonly claim: ClaimPath | null
    readonly by: readonly ConsumerField[]
    readonly isOptional: boolean
  }
  readonly credentialClaim: ClaimPath
  readonly groupsClaim: ClaimPath | null
  readonly claimHeaders: ClaimHeaders | null
  readonly tokenHeader: TokenHeader | null
  readonly answers: Answers
}

/** How the target gets the token. */
export interface TokenHeader {
  readonly name: string
  readonly prefix: string
  /** Clients have no reason to send it: what they send is removed. */
  readonly isOwn: boolean
}

export interface Answers {
  readonly unauthorized: string
  readonly forbidden: string
  readonly showsReasons: boolean
  /** WWW-Authenticate: without a token, with a bad one, with one that does not suffice. */
  readonly challenge: Readonly<Record<string, string>>
  readonly invalidToken: Readonly<Record<string, string>>
  readonly insufficient: Readonly<Record<string, string>>
}

let uses = 0

/** Throws UnsupportedFault and ConfigFault. */
export function useOf(config: OidcConfig, providers: Providers): Use {
  refuseUnsupported(config)
  const methods = config.auth_methods ?? []
  const types = config.bearer_token_param_type
  const takesSigned = methods.includes('bearer')
  const introspectsSigned = takesSigned && config.introspect_jwt_tokens
  return {
    issuer: config.issuer,
    provider: providers.of(providerSettings(config, takesSigned)),
    salt: ++uses,
    takesSigned,
    takesOpaque: methods.includes('introspection'),
    introspectsSigned,
    verifiesSignature: config.verify_signature,
    rules: rulesOf(config),
    introspection: introspectionOf(config),
    sources: {
      plainHeaders: ['access-token', 'x-access-token'],
      inHeader: types.includes('header'),
      inQuery: types.includes('query'),
      inBody: types.includes('body'),
    },
    hide: config.hide_credentials,
    runOnPreflight: config.run_on_preflight,
    anonymous: config.anonymous,
    consumer: {
      claim: config.consumer_claim ?? null,
      by: config.consumer_by,
      isOptional: config.consumer_optional,
    },
    credentialClaim: config.credential_claim,
    groupsClaim: config.authenticated_groups_claim ?? null,
    claimHeaders: claimHeaders(config),
    tokenHeader: tokenHeaderOf(config),
    answers: answersOf(config),
  }
}

function providerSettings(config: OidcConfig, takesSigned: boolean): ProviderSettings {
  const headers = pairsOf(config, 'discovery_headers_names', 'discovery_headers_values')
  const isPseudo = config.using_pseudo_issuer
  const needsKeys = takesSigned && config.verify_signature
  const extraKeyUrls = config.extra_jwks_uris ?? []
  if (isPseudo && needsKeys && extraKeyUrls.length === 0) {
    const message = 'needs keys to verify signatures with'
    throw new ConfigFault('using_pseudo_issuer', message, 'name a key set in extra_jwks_uris')
  }
  return {
    issuer: config.issuer,
    discoveryUrl: isPseudo ? null : discoveryUrl(config.issuer),
    headers: Object.fromEntries(headers),
    extraKeyUrls,
    needsKeys,
    lifetimeMs: config.cache_ttl * 1000,
    coolDownMs: config.rediscovery_lifetime * 1000,
    ...connectionOf(config),
  }
}

function connectionOf(config: OidcConfig) {
  return {
    timeoutMs: config.timeout,
    verify: config.ssl_verify,
    idleMs: config.keepalive ? IDLE_MS : 0,
  }
}

/** The issuer may be given by the address of its document (OpenID Connect Discovery, 4.1). */
function discoveryUrl(issuer: string): string {
  const { href, pathname } = new URL(issuer)
  return pathname.includes('/.well-known/') ? href : `${href.replace(/\/+$/, '')}${DISCOVERY_PATH}`
}

function rulesOf(config: OidcConfig): ClaimRules {
  const { issuers_allowed: issuers = [] } = config
  return {
    verifyClaims: config.verify_claims,
    leeway: config.leeway,
    issuersAllowed: issuers.length > 0 ? issuers : null,
    domains: config.domains ?? [],
    forbidden: config.claims_forbidden ?? [],
    requirements: [
      ...requirementOf('scopes', config.scopes_claim, config.scopes_required),
      ...requirementOf('audience', config.audience_claim, config.audience_required),
      ...requirementOf('groups', config.groups_claim, config.groups_required),
      ...requirementOf('roles', config.roles_claim, config.roles_required),
    ],
  }
}

function introspectionOf(config: OidcConfig): IntrospectionUse {
  const headers = pairsOf(config, 'introspection_headers_names', 'introspection_headers_values')
  const args = pairsOf(config, 'introspection_post_args_names', 'introspection_post_args_values')
  const client = clientOf(config)
  return {
    request: {
      headers: { ...client.headers, ...Object.fromEntries(headers) },
      fields: [['token_type_hint', config.introspection_hint], ...client.fields, ...args],
      tokenField: config.introspection_token_param_name,
      ...connectionOf(config),
    },
    url:
      config.introspection_endpoint === undefined ? null : new URL(config.introspection_endpoint),
    checkActive: config.introspection_check_active,
    isCached: config.cache_introspection,
    ttl: {
      usual: config.cache_ttl,
      min: config.cache_ttl_min ?? 0,
      max: config.cache_ttl_max ?? Infinity,
    },
    refusedTtl: config.cache_ttl_neg ?? 0,
  }
}

interface Client {
  readonly headers: Readonly<Record<string, string>>
  readonly fields: readonly (readonly [string, string])[]
}

/** How the gateway shows who it is (RFC 6749, 2.3.1). */
function clientOf(config: OidcConfig): Client {
  const id = config.client_id?.[0]
  const secret = config.client_secret?.[0] ?? ''
  if (id === undefined) return { headers: {}, fields: [] }
  switch (config.introspection_endpoint_auth_method ?? config.client_auth?.[0]) {
    case 'client_secret_post':
      return {
        headers: {},
        fields: [
          ['client_id', id],
          ['client_secret', secret],
        ],
      }
    case 'none':
      return { headers: {}, fields: [['client_id', id]] }
    default: {
      const pair = Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')
      return { headers: { Authorization: `Basic ${pair}` }, fields: [] }
    }
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1)
}

function claimHeaders(config: OidcConfig): ClaimHeaders | null {
  const field = 'upstream_headers_names'
  // Kong writes the claims first and the names second; here a pair is a claim with its header.
  const pairs = pairsOf(config, field, 'upstream_headers_claims').map(
    ([header, claim]) => [claim, header] as const,
  )
  for (const [, header] of pairs) refuseHeader(field, header)
  const all = [...pairs, ...Object.entries(config.claims_to_headers ?? {})]
  return all.length === 0 ? null : claimHeaderPairs(all)
}

/** `authorization:bearer`, or the name of another header; null where hidden tokens would go out again. */
function tokenHeaderOf(config: OidcConfig): TokenHeader | null {
  const field = 'upstream_access_token_header'
  const [name = '', kind = ''] = (config[field] ?? 'authorization:bearer').split(':')
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    throw new ConfigFault(field, `'${name}' is no name of a header`)
  }
  const isOwn = !TOKEN_HEADERS.some((one) => one === name.toLowerCase())
  if (isOwn) refuseHeader(field, name)
  else if (config.hide_credentials) return null
  return {
    name: name.toLowerCase() === 'authorization' ? 'Authorization' : name,
    prefix: kind.toLowerCase() === 'bearer' ? 'Bearer ' : '',
    isOwn,
  }
}

function answersOf(config: OidcConfig): Answers {
  const challenge = `Bearer realm="${new URL(config.issuer).hostname}"`
  const code = (error: string): string =>
    config.expose_error_code ? `${challenge}, error="${error}"` : challenge
  return {
    unauthorized: config.unauthorized_error_message,
    forbidden: config.forbidden_error_message,
    showsReasons: config.display_errors,
    challenge: { 'WWW-Authenticate': challenge },
    invalidToken: { 'WWW-Authenticate': code('invalid_token') },
    insufficient: { 'WWW-Authenticate': code('insufficient_scope') },
  }
}
