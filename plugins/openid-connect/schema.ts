// Configuration of openid-connect: the fields that do something here. Those of login flows are in login-fields.ts.
import { authFields, headerName, timeoutMs, urlText } from 'gw/plugin'
import { loginFields } from './login-fields.js'
import { otherFields } from './other-fields.js'

const names = { type: 'array', items: { type: 'string', minLength: 1 } } as const
/** A claim: several names lead into nested objects. */
const claimPath = { ...names, minItems: 1 } as const
const urls = { type: 'array', items: urlText } as const
const secrets = {
  type: 'array',
  items: { type: 'string', minLength: 1, referenceable: true },
} as const
const seconds = { type: 'number', minimum: 0 } as const

export const AUTH_METHODS = [
  'authorization_code',
  'bearer',
  'client_credentials',
  'introspection',
  'kong_oauth2',
  'password',
  'refresh_token',
  'session',
  'userinfo',
] as const

const CLIENT_AUTH = [
  'client_secret_basic',
  'client_secret_jwt',
  'client_secret_post',
  'none',
  'private_key_jwt',
  'self_signed_tls_client_auth',
  'tls_client_auth',
] as const

const issuerFields = {
  issuer: {
    ...urlText,
    description: 'The issuer, or the address of its discovery document.',
  },
  using_pseudo_issuer: {
    type: 'boolean',
    default: false,
    description: 'Do without discovery: keys come from extra_jwks_uris alone.',
  },
  rediscovery_lifetime: {
    ...seconds,
    default: 30,
    description: 'Seconds between two attempts to learn of new keys; at least one.',
  },
  discovery_headers_names: { ...names, description: 'Headers to send for the discovery document.' },
  discovery_headers_values: { ...names, description: 'Their values, in the same order.' },
  extra_jwks_uris: {
    ...urls,
    description: 'Key sets that are trusted beside those of the issuer.',
  },
  http_version: {
    type: 'number',
    enum: [1, 1.1],
    default: 1.1,
    description: 'HTTP version of requests to the issuer; 1.0 is not built.',
  },
  keepalive: {
    type: 'boolean',
    default: true,
    description: 'Keep connections to the issuer for the next request.',
  },
  timeout: {
    ...timeoutMs,
    minimum: 1,
    default: 10_000,
    description: 'Milliseconds for a whole request to the issuer.',
  },
  ssl_verify: {
    type: 'boolean',
    default: false,
    description: 'Verify the certificate of the issuer, by lua_ssl_trusted_certificate.',
  },
} as const

const introspectionFields = {
  client_id: { ...secrets, description: 'The client that asks the introspection endpoint; one.' },
  client_secret: { ...secrets, description: 'Its secret; one.' },
  client_auth: {
    type: 'array',
    items: { type: 'string', enum: CLIENT_AUTH },
    description: 'How the client proves who it is; one.',
  },
  introspection_endpoint: {
    ...urlText,
    description: 'Where tokens are introspected; left out, as the discovery document says.',
  },
  introspection_endpoint_auth_method: {
    type: 'string',
    enum: CLIENT_AUTH,
    description: 'As client_auth, for this endpoint alone.',
  },
  introspection_accept: {
    type: 'string',
    enum: ['application/json', 'application/jwt', 'application/token-introspection+jwt'],
    default: 'application/json',
    description: 'The form of the answer that is asked for; JSON alone is built.',
  },
  introspection_check_active: {
    type: 'boolean',
    default: true,
    description: 'Refuse tokens whose answer does not say that they are active.',
  },
  introspection_hint: {
    type: 'string',
    minLength: 1,
    default: 'access_token',
    description: 'The token_type_hint that is sent.',
  },
  introspection_token_param_name: {
    type: 'string',
    minLength: 1,
    default: 'token',
    description: 'The name that the token is sent under.',
  },
  introspection_headers_names: { ...names, description: 'Headers to send for introspection.' },
  introspection_headers_values: { ...secrets, description: 'Their values, in the same order.' },
  introspection_post_args_names: { ...names, description: 'Fields to send for introspection.' },
  introspection_post_args_values: { ...names, description: 'Their values, in the same order.' },
  introspect_jwt_tokens: {
    type: 'boolean',
    default: false,
    description: 'Introspect signed tokens as well, once they are verified.',
  },
  cache_introspection: {
    type: 'boolean',
    default: true,
    description: 'Remember what introspection said.',
  },
  cache_ttl: {
    ...seconds,
    default: 3600,
    description:
      'Seconds to remember a token without exp, and after which the issuer is asked anew.',
  },
  cache_ttl_max: { ...seconds, description: 'The most seconds that a token is remembered.' },
  cache_ttl_min: { ...seconds, description: 'The fewest seconds, though never beyond exp.' },
  cache_ttl_neg: {
    ...seconds,
    description: 'Seconds to remember that a token is not active; left out, it is not remembered.',
  },
} as const

const tokenFields = {
  auth_methods: {
    type: 'array',
    minItems: 1,
    items: { type: 'string', enum: AUTH_METHODS },
    description:
      'What is taken: bearer, introspection or both. Must be there, as the others are not built.',
  },
  bearer_token_param_type: {
    type: 'array',
    items: { type: 'string', enum: ['body', 'cookie', 'header', 'query'] },
    default: ['header', 'query', 'body'],
    description: 'Where tokens are looked for.',
  },
  verify_signature: {
    type: 'boolean',
    default: true,
    description: 'Verify signatures. Without that anybody can make a token.',
  },
  verify_claims: {
    type: 'boolean',
    default: true,
    description: 'Hold iss, exp, nbf and iat of signed tokens against issuer and clock.',
  },
  leeway: { ...seconds, default: 0, description: 'Seconds that clocks may differ by.' },
  issuers_allowed: { ...names, description: 'What iss may say, in place of the issuer itself.' },
  domains: { ...names, description: 'What the claim hd may say.' },
  claims_forbidden: { ...names, description: 'Claims that a token must not have.' },
} as const

const required = (what: string) =>
  ({
    ...names,
    description: `Each ${what} needed, with spaces where all of an entry are.`,
  }) as const

const claimFields = {
  scopes_claim: { ...claimPath, default: ['scope'], description: 'The claim with the scopes.' },
  scopes_required: required('scope'),
  audience_claim: { ...claimPath, default: ['aud'], description: 'The claim with the audience.' },
  audience_required: required('audience'),
  groups_claim: { ...claimPath, default: ['groups'], description: 'The claim with the groups.' },
  groups_required: required('group'),
  roles_claim: { ...claimPath, default: ['roles'], description: 'The claim with the roles.' },
  roles_required: required('role'),
  authenticated_groups_claim: {
    ...claimPath,
    description: 'The claim with groups for acl; the target gets them as X-Authenticated-Groups.',
  },
  consumer_claim: { ...claimPath, description: 'The claim that names the consumer.' },
  consumer_by: {
    type: 'array',
    items: { type: 'string', enum: ['custom_id', 'id', 'username'] },
    default: ['username', 'custom_id'],
    description: 'Fields of consumers that the claim is compared with, in this order.',
  },
  consumer_optional: {
    type: 'boolean',
    default: false,
    description: 'Let requests pass whose token names no consumer of the file.',
  },
  credential_claim: {
    ...claimPath,
    default: ['sub'],
    description: 'The claim that stands for the credential, such as for rate-limiting.',
  },
} as const

const headerFields = {
  upstream_headers_claims: { ...names, description: 'Claims that the target gets as headers.' },
  upstream_headers_names: {
    type: 'array',
    items: { ...headerName, description: 'Name of a request header.' },
    description: 'The headers, in the same order; clients cannot send them.',
  },
  upstream_access_token_header: {
    type: 'string',
    minLength: 1,
    description: 'The header that the target gets the token in; left out, Authorization as Bearer.',
  },
  claims_to_headers: {
    type: 'object',
    propertyNames: { type: 'string', minLength: 1 },
    additionalProperties: { ...headerName, description: 'Name of a request header.' },
    description:
      'Claims that the target gets, each in the header that it is mapped to; clients cannot send these headers. Not in Kong.',
  },
} as const

const answerFields = {
  unauthorized_error_message: {
    type: 'string',
    minLength: 1,
    default: 'Unauthorized',
    description: 'The message of a 401.',
  },
  forbidden_error_message: {
    type: 'string',
    minLength: 1,
    default: 'Forbidden',
    description: 'The message of a 403.',
  },
  display_errors: {
    type: 'boolean',
    default: false,
    description: 'Tell clients in the message why they are refused.',
  },
  expose_error_code: {
    type: 'boolean',
    default: true,
    description: 'Say invalid_token or insufficient_scope in WWW-Authenticate.',
  },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['issuer'],
  properties: {
    ...issuerFields,
    ...tokenFields,
    ...claimFields,
    ...introspectionFields,
    ...headerFields,
    ...answerFields,
    anonymous: authFields.anonymous,
    hide_credentials: authFields.hide_credentials,
    run_on_preflight: {
      type: 'boolean',
      default: true,
      description: 'Ask OPTIONS requests for a token too.',
    },
    ...otherFields,
    ...loginFields,
  },
} as const
