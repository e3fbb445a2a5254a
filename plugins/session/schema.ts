// Configuration of session.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    secret: {
      type: 'string',
      minLength: 1,
      default: '5i0641XFOzDLNWKFrdhLbUf0aMuzWcRsNmzfOSbJvOAh',
      referenceable: true,
      description: '',
    },
    storage: {
      type: 'string',
      enum: ['cookie', 'kong'],
      default: 'cookie',
      description: '',
    },
    audience: {
      type: 'string',
      minLength: 1,
      default: 'default',
      description: '',
    },
    idling_timeout: {
      type: 'number',
      default: 900,
      description: '',
    },
    rolling_timeout: {
      type: 'number',
      default: 3600,
      description: '',
    },
    absolute_timeout: {
      type: 'number',
      default: 86400,
      description: '',
    },
    stale_ttl: {
      type: 'number',
      default: 10,
      description: '',
    },
    cookie_name: {
      type: 'string',
      minLength: 1,
      default: 'session',
      description: '',
    },
    cookie_path: {
      type: 'string',
      minLength: 1,
      default: '/',
      description: '',
    },
    cookie_domain: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    cookie_same_site: {
      type: 'string',
      enum: ['Strict', 'Lax', 'None', 'Default'],
      default: 'Strict',
      description: '',
    },
    cookie_http_only: {
      type: 'boolean',
      default: true,
      description: '',
    },
    cookie_secure: {
      type: 'boolean',
      default: true,
      description: '',
    },
    remember: {
      type: 'boolean',
      default: false,
      description: '',
    },
    remember_cookie_name: {
      type: 'string',
      minLength: 1,
      default: 'remember',
      description: '',
    },
    remember_rolling_timeout: {
      type: 'number',
      default: 604800,
      description: '',
    },
    remember_absolute_timeout: {
      type: 'number',
      default: 2592000,
      description: '',
    },
    response_headers: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        enum: [
          'id',
          'audience',
          'subject',
          'timeout',
          'idling-timeout',
          'rolling-timeout',
          'absolute-timeout',
        ],
      },
      description: '',
    },
    request_headers: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        enum: [
          'id',
          'audience',
          'subject',
          'timeout',
          'idling-timeout',
          'rolling-timeout',
          'absolute-timeout',
        ],
      },
      description: '',
    },
    read_body_for_logout: {
      type: 'boolean',
      default: false,
      description: '',
    },
    logout_methods: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        enum: ['GET', 'POST', 'DELETE'],
      },
      default: ['POST', 'DELETE'],
      description: '',
    },
    logout_query_arg: {
      type: 'string',
      minLength: 1,
      default: 'session_logout',
      description: '',
    },
    logout_post_arg: {
      type: 'string',
      minLength: 1,
      default: 'session_logout',
      description: '',
    },
    cookie_lifetime: {
      type: 'number',
      deprecated: true,
      description: '',
    },
    cookie_idletime: {
      type: 'number',
      deprecated: true,
      description: '',
    },
    cookie_renew: {
      type: 'number',
      deprecated: true,
      description: '',
    },
    cookie_discard: {
      type: 'number',
      deprecated: true,
      description: '',
    },
    cookie_samesite: {
      type: 'string',
      deprecated: true,
      description: '',
    },
    cookie_httponly: {
      type: 'boolean',
      deprecated: true,
      description: '',
    },
    cookie_persistent: {
      type: 'boolean',
      deprecated: true,
      description: '',
    },
  },
} as const
