// Says no at load to what a configuration asks for and this version does not do: a login flow that is silently left out
// would be found by the users of the API.
import { UnsupportedFault, isOfConnection, ConfigFault, type ConfigOf } from 'gw/plugin'
import { AUTH_METHODS, type schema } from './schema.js'

export type OidcConfig = ConfigOf<typeof schema>

const BUILT: readonly string[] = ['bearer', 'introspection']
const BUILT_CLIENT_AUTH: readonly string[] = ['client_secret_basic', 'client_secret_post', 'none']

/** Fields that ask for nothing when they are left out, or empty, or have this value (Kong's default). */
const IDLE_VALUES = {
  by_username_ignore_case: false,
  bearer_token_cookie_name: undefined,
  cluster_cache_strategy: 'off',
  downstream_access_token_header: undefined,
  downstream_access_token_jwk_header: undefined,
  downstream_headers_claims: undefined,
  downstream_headers_names: undefined,
  downstream_introspection_header: undefined,
  downstream_introspection_jwt_header: undefined,
  downstream_user_info_header: undefined,
  downstream_user_info_jwt_header: undefined,
  enable_hs_signatures: false,
  forbidden_redirect_uri: undefined,
  http_proxy: undefined,
  http_proxy_authorization: undefined,
  http_version: 1.1,
  https_proxy: undefined,
  https_proxy_authorization: undefined,
  id_token_param_name: undefined,
  introspection_accept: 'application/json',
  introspection_headers_client: undefined,
  introspection_post_args_client: undefined,
  introspection_post_args_client_headers: undefined,
  jwt_session_cookie: undefined,
  max_age: undefined,
  proof_of_possession_dpop: 'off',
  proof_of_possession_mtls: 'off',
  resolve_distributed_claims: false,
  search_user_info: false,
  token_exchange_endpoint: undefined,
  unauthorized_redirect_uri: undefined,
  unexpected_redirect_uri: undefined,
  upstream_access_token_jwk_header: undefined,
  upstream_introspection_header: undefined,
  upstream_introspection_jwt_header: undefined,
  upstream_user_info_header: undefined,
  upstream_user_info_jwt_header: undefined,
  verify_parameters: false,
} as const satisfies Partial<Record<keyof OidcConfig, unknown>>

/** Throws UnsupportedFault for the first field that asks for what is not built. */
export function refuseUnsupported(config: OidcConfig): void {
  refuseMethods(config.auth_methods)
  for (const [field, idle] of Object.entries(IDLE_VALUES)) {
    const value = config[field as keyof OidcConfig]
    if (value === undefined || value === idle || (Array.isArray(value) && value.length === 0)) {
      continue
    }
    const wayOut = idle === undefined ? 'leave it out' : `leave it out, or write ${String(idle)}`
    throw new UnsupportedFault(field, 'is not built for this plugin', wayOut)
  }
  if (config.bearer_token_param_type.includes('cookie')) {
    const message = 'tokens in cookies are not built'
    throw new UnsupportedFault('bearer_token_param_type', message, 'use header, query or body')
  }
  refuseLogin(config)
  refuseClients(config)
}

function refuseMethods(methods: OidcConfig['auth_methods']): void {
  const wayOut = 'write those of bearer and introspection that are meant, such as [bearer]'
  if (methods === undefined) {
    const others = AUTH_METHODS.filter((method) => !BUILT.includes(method)).join(', ')
    const message = `left out, it stands for every method, and these are not built: ${others}`
    throw new UnsupportedFault('auth_methods', message, wayOut)
  }
  const others = methods.filter((method) => !BUILT.includes(method))
  if (others.length === 0) return
  throw new UnsupportedFault('auth_methods', `not built: ${others.join(', ')}`, wayOut)
}

function refuseLogin({ login_action: action, login_methods: methods = [] }: OidcConfig): void {
  if (action === undefined || action === 'upstream') return
  if (!methods.some((method) => BUILT.includes(method))) return
  const message = `${action} after a login by a token is not built`
  throw new UnsupportedFault('login_action', message, 'write upstream')
}

/** Kong lets a request choose among several clients. */
function refuseClients(config: OidcConfig): void {
  for (const field of ['client_id', 'client_secret', 'client_auth'] as const) {
    if ((config[field]?.length ?? 0) > 1) {
      throw new UnsupportedFault(field, 'more than one client is not built', 'keep the first')
    }
  }
  const wayOut = `use one of ${BUILT_CLIENT_AUTH.join(', ')}`
  for (const method of config.client_auth ?? []) {
    if (!BUILT_CLIENT_AUTH.includes(method)) {
      throw new UnsupportedFault('client_auth', `${method} is not built`, wayOut)
    }
  }
  const { introspection_endpoint_auth_method: method = 'none' } = config
  if (!BUILT_CLIENT_AUTH.includes(method)) {
    const field = 'introspection_endpoint_auth_method'
    throw new UnsupportedFault(field, `${method} is not built`, wayOut)
  }
}

/** Each name with its value. Throws ConfigFault when there are more of the one than of the other. */
export function pairsOf(
  config: OidcConfig,
  namesField: keyof OidcConfig & `${string}_names`,
  valuesField: keyof OidcConfig,
): readonly (readonly [name: string, value: string])[] {
  const names = listOf(config[namesField])
  const values = listOf(config[valuesField])
  if (names.length !== values.length) {
    const message = `has ${names.length} entries, and ${valuesField} has ${values.length}`
    throw new ConfigFault(namesField, message, 'write one for each of the other')
  }
  return names.map((name, index) => [name, values[index] ?? ''])
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Headers in which a token may come. */
export const TOKEN_HEADERS = ['authorization', 'access-token', 'x-access-token'] as const

/** What upstream_headers_names must not name. */
export function refuseHeader(field: string, header: string): void {
  const name = header.toLowerCase().replaceAll('_', '-')
  if (isOfConnection(name)) throw new ConfigFault(field, `header ${header} has another meaning`)
  if (TOKEN_HEADERS.some((one) => one === name)) {
    throw new ConfigFault(field, `header ${header} is one that tokens come in`)
  }
}
