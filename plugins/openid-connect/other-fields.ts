// Fields that ask for what is not built: each may be left out, or have the value with which it asks for nothing.
const names = { type: 'array', items: { type: 'string', minLength: 1 } } as const
const text = { type: 'string', minLength: 1 } as const
const flag = { type: 'boolean' } as const
const map = { type: 'object', additionalProperties: {} } as const
const proof = { type: 'string', enum: ['off', 'optional', 'strict'] } as const

const UNUSED = 'Not built: a file that asks for it is refused.'

export const otherFields = {
  by_username_ignore_case: { ...flag, description: UNUSED },
  bearer_token_cookie_name: { ...text, description: UNUSED },
  client_jwk: { type: 'array', items: map, description: UNUSED },
  cluster_cache_strategy: { type: 'string', enum: ['off', 'redis'], description: UNUSED },
  downstream_access_token_header: { ...text, description: UNUSED },
  downstream_access_token_jwk_header: { ...text, description: UNUSED },
  downstream_headers_claims: { ...names, description: UNUSED },
  downstream_headers_names: { ...names, description: UNUSED },
  downstream_introspection_header: { ...text, description: UNUSED },
  downstream_introspection_jwt_header: { ...text, description: UNUSED },
  downstream_user_info_header: { ...text, description: UNUSED },
  downstream_user_info_jwt_header: { ...text, description: UNUSED },
  enable_hs_signatures: { ...flag, description: UNUSED },
  forbidden_redirect_uri: { ...names, description: UNUSED },
  http_proxy: { ...text, description: UNUSED },
  http_proxy_authorization: { ...text, referenceable: true, description: UNUSED },
  https_proxy: { ...text, description: UNUSED },
  https_proxy_authorization: { ...text, referenceable: true, description: UNUSED },
  id_token_param_name: { ...text, description: UNUSED },
  introspection_headers_client: { ...names, description: UNUSED },
  introspection_post_args_client: { ...names, description: UNUSED },
  introspection_post_args_client_headers: { ...names, description: UNUSED },
  jwt_session_cookie: { ...text, description: UNUSED },
  login_action: {
    type: 'string',
    enum: ['redirect', 'response', 'upstream'],
    description: 'Of logins by a token: other than upstream is not built.',
  },
  login_methods: { ...names, description: 'The methods that login_action is for.' },
  max_age: { type: 'number', description: UNUSED },
  proof_of_possession_dpop: { ...proof, description: UNUSED },
  proof_of_possession_mtls: { ...proof, description: UNUSED },
  resolve_distributed_claims: { ...flag, description: UNUSED },
  search_user_info: { ...flag, description: UNUSED },
  token_exchange_endpoint: { ...text, description: UNUSED },
  unauthorized_redirect_uri: { ...names, description: UNUSED },
  unexpected_redirect_uri: { ...names, description: UNUSED },
  upstream_access_token_jwk_header: { ...text, description: UNUSED },
  upstream_introspection_header: { ...text, description: UNUSED },
  upstream_introspection_jwt_header: { ...text, description: UNUSED },
  upstream_user_info_header: { ...text, description: UNUSED },
  upstream_user_info_jwt_header: { ...text, description: UNUSED },
  verify_parameters: { ...flag, description: UNUSED },
} as const
