// Configuration of oauth2.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'mandatory_scope',
    'provision_key',
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
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    mandatory_scope: {
      type: 'boolean',
      default: false,
      description: '',
    },
    provision_key: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    token_expiration: {
      type: 'number',
      default: 7200,
      description: '',
    },
    enable_authorization_code: {
      type: 'boolean',
      default: false,
      description: '',
    },
    enable_implicit_grant: {
      type: 'boolean',
      default: false,
      description: '',
    },
    enable_client_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    enable_password_grant: {
      type: 'boolean',
      default: false,
      description: '',
    },
    hide_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    accept_http_if_already_terminated: {
      type: 'boolean',
      default: false,
      description: '',
    },
    anonymous: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    global_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    auth_header_name: {
      type: 'string',
      minLength: 1,
      default: 'authorization',
      description: '',
    },
    refresh_token_ttl: {
      type: 'number',
      minimum: 0,
      maximum: 100000000,
      default: 1209600,
      description: '',
    },
    reuse_refresh_token: {
      type: 'boolean',
      default: false,
      description: '',
    },
    pkce: {
      type: 'string',
      enum: ['none', 'lax', 'strict'],
      default: 'lax',
      description: '',
    },
    realm: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
