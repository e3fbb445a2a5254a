// One configured use of oauth2, as `prepare` leaves it.
import {
  RedisSharedStore,
  headerSpellings,
  redisTargetOf,
  refusalOf,
  type ConfigOf,
  type PluginUse,
  type Refusal,
} from 'gw/plugin'
import { Issued } from './issued.js'
import type { schema } from './schema.js'

type Config = ConfigOf<typeof schema>

export interface Use {
  readonly id: string
  /** With the challenge for a request without a token. */
  readonly refusal: Refusal
  /** WWW-Authenticate begins so. */
  readonly scheme: string
  /** For a token that is not good. */
  readonly invalidToken: Readonly<Record<string, string>>
  readonly headers: readonly string[]
  readonly hide: boolean
  readonly isGlobal: boolean
  readonly trustsForwardedProto: boolean
  /** Null: clients cannot ask for any, and what they ask for does not count. */
  readonly scopes: ReadonlySet<string> | null
  readonly needsScope: boolean
  /** Null: nobody has it. */
  readonly provisionKey: string | null
  readonly grants: ReadonlySet<string>
  readonly responseTypes: ReadonlySet<unknown>
  readonly pkce: 'none' | 'lax' | 'strict'
  /** Null for ever. */
  readonly tokenSeconds: number | null
  /** 0 for ever. */
  readonly refreshMs: number
  readonly reusesRefreshToken: boolean
  /** Both null: what is issued is kept in the memory of the node. */
  readonly redis: RedisSharedStore | null
  readonly issued: Issued | null
}

export const INVALID_TOKEN = 'The access token is invalid or has expired'

export function useOf(config: Config, { id }: Pick<PluginUse, 'id'>): Use {
  const refusal = refusalOf('Bearer', config)
  const scheme = refusal.challenge['WWW-Authenticate'] ?? ''
  const redis = redisOf(config)
  return {
    id,
    refusal,
    scheme,
    invalidToken: challenge(scheme, 'invalid_token', INVALID_TOKEN),
    headers: headerSpellings(config.auth_header_name),
    hide: config.hide_credentials,
    isGlobal: config.global_credentials,
    trustsForwardedProto: config.accept_http_if_already_terminated,
    scopes: config.scopes === undefined ? null : new Set(config.scopes),
    needsScope: config.mandatory_scope,
    provisionKey: config.provision_key ?? null,
    grants: grantsOf(config),
    responseTypes: responseTypesOf(config),
    pkce: config.pkce,
    // Kong: less than nothing is for ever, too.
    tokenSeconds: config.token_expiration > 0 ? config.token_expiration : null,
    refreshMs: config.refresh_token_ttl * 1000,
    reusesRefreshToken: config.reuse_refresh_token,
    redis,
    issued: redis === null ? null : new Issued(redis),
  }
}

function redisOf({ token_store: store, redis }: Config): RedisSharedStore | null {
  return store === 'redis' && redis !== undefined
    ? new RedisSharedStore(redisTargetOf(redis))
    : null
}

export function challenge(
  scheme: string,
  error: string,
  description: string,
): Readonly<Record<string, string>> {
  return {
    'WWW-Authenticate': `${scheme} error="${error}" error_description="${description}"`,
  }
}

/** Kong: codes and refresh tokens are taken whatever is enabled; whether there are any is another question. */
function grantsOf(config: Config): ReadonlySet<string> {
  const grants = new Set(['authorization_code', 'refresh_token'])
  if (config.enable_client_credentials) grants.add('client_credentials')
  if (config.enable_password_grant) grants.add('password')
  return grants
}

function responseTypesOf(config: Config): ReadonlySet<unknown> {
  const types = new Set<unknown>()
  if (config.enable_authorization_code) types.add('code')
  if (config.enable_implicit_grant) types.add('token')
  return types
}
