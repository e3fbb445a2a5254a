// Configuration of ldap-auth.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'ldap_host',
    'ldap_port',
    'ldaps',
    'start_tls',
    'verify_ldap_host',
    'base_dn',
    'attribute',
    'cache_ttl',
    'hide_credentials',
  ],
  properties: {
    ldap_host: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    ldap_port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 389,
      description: '',
    },
    ldaps: {
      type: 'boolean',
      default: false,
      description: '',
    },
    start_tls: {
      type: 'boolean',
      default: false,
      description: '',
    },
    verify_ldap_host: {
      type: 'boolean',
      default: false,
      description: '',
    },
    base_dn: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    attribute: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    cache_ttl: {
      type: 'number',
      default: 60,
      description: '',
    },
    hide_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    timeout: {
      type: 'number',
      default: 10000,
      description: '',
    },
    keepalive: {
      type: 'number',
      default: 60000,
      description: '',
    },
    anonymous: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    header_type: {
      type: 'string',
      minLength: 1,
      default: 'ldap',
      description: '',
    },
    realm: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
