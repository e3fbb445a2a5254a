// Configuration of oauth2.
import { authFields, redisDeployment } from 'gw/plugin'

const grant = { type: 'boolean', default: false } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  // Kong asks for a provision_key too, and makes one up when there is none.
  required: [
    'mandatory_scope',
    'token_expiration',
    'enable_authorization_code',
    'enable_implicit_grant',
    'enable_client_credentials',
    'enable_password_grant',
    'hide_credentials',
    'accept_http_if_already_terminated',
    'global_credentials',
    'refresh_token_ttl',
    'reuse_refresh_token',
  ],
  properties: {
    scopes: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'Scopes that a client may ask for.',
    },
    mandatory_scope: {
      type: 'boolean',
      default: false,
      description: 'A client has to ask for at least one scope.',
    },
    provision_key: {
      type: 'string',
      minLength: 1,
      description:
        'Key with which the application that asks for consent proves itself; a random one when left out.',
    },
    token_expiration: {
      type: 'number',
      default: 7200,
      description: 'Seconds for which an access token is good; 0 for ever.',
    },
    enable_authorization_code: {
      ...grant,
      description: 'Grant tokens for an authorization code (RFC 6749, 4.1).',
    },
    enable_implicit_grant: {
      ...grant,
      description: 'Grant tokens along with the authorization (RFC 6749, 4.2).',
    },
    enable_client_credentials: {
      ...grant,
      description: 'Grant tokens to a client for itself (RFC 6749, 4.4).',
    },
    enable_password_grant: {
      ...grant,
      description: 'Grant tokens for the name and password of a user (RFC 6749, 4.3).',
    },
    hide_credentials: authFields.hide_credentials,
    accept_http_if_already_terminated: {
      type: 'boolean',
      default: false,
      description: 'Take X-Forwarded-Proto of a trusted proxy as proof of HTTPS.',
    },
    anonymous: authFields.anonymous,
    global_credentials: {
      type: 'boolean',
      default: false,
      description: 'Tokens are good for every service that has this set, not for one alone.',
    },
    auth_header_name: {
      type: 'string',
      minLength: 1,
      default: 'authorization',
      description: 'Header that holds the access token.',
    },
    refresh_token_ttl: {
      type: 'number',
      minimum: 0,
      maximum: 100_000_000,
      default: 1_209_600,
      description: 'Seconds for which a refresh token is good; 0 for ever.',
    },
    reuse_refresh_token: {
      type: 'boolean',
      default: false,
      description: 'Keep the refresh token when it is used, rather than make a new one.',
    },
    pkce: {
      type: 'string',
      enum: ['none', 'lax', 'strict'],
      default: 'lax',
      description: 'Who has to use PKCE (RFC 7636): no client, public ones, or all.',
    },
    realm: authFields.realm,
    token_store: {
      type: 'string',
      enum: ['memory', 'redis'],
      description:
        'Where tokens and codes are kept that are issued: in the memory of the node (so if left out), or in Redis for all nodes. Not in Kong.',
    },
    // Without a default, so that an export of a file without it is one that Kong takes.
    redis: {
      type: redisDeployment.type,
      additionalProperties: redisDeployment.additionalProperties,
      properties: redisDeployment.properties,
      description: 'Redis server of `token_store: redis`. Not in Kong.',
    },
  },
} as const
