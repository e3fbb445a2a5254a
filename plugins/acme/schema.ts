// Configuration of acme.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['account_email', 'storage_config'],
  properties: {
    account_email: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    account_key: {
      type: 'object',
      additionalProperties: false,
      required: ['key_id'],
      properties: {
        key_id: {
          type: 'string',
          minLength: 1,
          description: '',
        },
        key_set: {
          type: 'string',
          minLength: 1,
          description: '',
        },
      },
      description: '',
    },
    api_uri: {
      type: 'string',
      minLength: 1,
      default: 'https://acme-v02.api.letsencrypt.org/directory',
      description: '',
    },
    tos_accepted: {
      type: 'boolean',
      default: false,
      description: '',
    },
    eab_kid: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    eab_hmac_key: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    cert_type: {
      type: 'string',
      enum: ['rsa', 'ecc'],
      default: 'rsa',
      description: '',
    },
    rsa_key_size: {
      type: 'number',
      enum: [2048, 3072, 4096],
      default: 4096,
      description: '',
    },
    renew_threshold_days: {
      type: 'number',
      default: 14,
      description: '',
    },
    domains: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    allow_any_domain: {
      type: 'boolean',
      default: false,
      description: '',
    },
    fail_backoff_minutes: {
      type: 'number',
      default: 5,
      description: '',
    },
    storage: {
      type: 'string',
      enum: ['kong', 'shm', 'redis', 'consul', 'vault'],
      default: 'shm',
      description: '',
    },
    storage_config: {
      type: 'object',
      additionalProperties: false,
      required: ['shm', 'kong', 'redis', 'consul', 'vault'],
      properties: {
        shm: {
          type: 'object',
          additionalProperties: false,
          properties: {
            shm_name: {
              type: 'string',
              minLength: 1,
              default: 'kong',
              description: '',
            },
          },
          default: {},
          description: '',
        },
        kong: {
          type: 'object',
          additionalProperties: false,
          properties: {},
          default: {},
          description: '',
        },
        redis: {
          type: 'object',
          additionalProperties: false,
          required: ['extra_options'],
          properties: {
            host: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            port: {
              type: 'integer',
              minimum: 0,
              maximum: 65535,
              default: 6379,
              description: '',
            },
            timeout: {
              type: 'integer',
              minimum: 0,
              maximum: 2147483646,
              default: 2000,
              description: '',
            },
            username: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            password: {
              type: 'string',
              referenceable: true,
              description: '',
            },
            database: {
              type: 'integer',
              default: 0,
              description: '',
            },
            ssl: {
              type: 'boolean',
              default: false,
              description: '',
            },
            ssl_verify: {
              type: 'boolean',
              default: false,
              description: '',
            },
            server_name: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            extra_options: {
              type: 'object',
              additionalProperties: false,
              required: ['namespace'],
              properties: {
                namespace: {
                  type: 'string',
                  default: '',
                  description: '',
                },
                scan_count: {
                  type: 'number',
                  default: 10,
                  description: '',
                },
              },
              default: {},
              description: '',
            },
            auth: {
              type: 'string',
              deprecated: true,
              replacedBy: 'password',
              description: '',
            },
            ssl_server_name: {
              type: 'string',
              deprecated: true,
              replacedBy: 'server_name',
              description: '',
            },
            namespace: {
              type: 'string',
              deprecated: true,
              replacedBy: 'extra_options.namespace',
              description: '',
            },
            scan_count: {
              type: 'integer',
              deprecated: true,
              replacedBy: 'extra_options.scan_count',
              description: '',
            },
          },
          default: {},
          description: '',
        },
        consul: {
          type: 'object',
          additionalProperties: false,
          properties: {
            https: {
              type: 'boolean',
              default: false,
              description: '',
            },
            host: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            port: {
              type: 'integer',
              minimum: 0,
              maximum: 65535,
              description: '',
            },
            kv_path: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            timeout: {
              type: 'number',
              description: '',
            },
            token: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
          },
          default: {},
          description: '',
        },
        vault: {
          type: 'object',
          additionalProperties: false,
          properties: {
            https: {
              type: 'boolean',
              default: false,
              description: '',
            },
            host: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            port: {
              type: 'integer',
              minimum: 0,
              maximum: 65535,
              description: '',
            },
            kv_path: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            timeout: {
              type: 'number',
              description: '',
            },
            token: {
              type: 'string',
              minLength: 1,
              referenceable: true,
              description: '',
            },
            tls_verify: {
              type: 'boolean',
              default: true,
              description: '',
            },
            tls_server_name: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            auth_method: {
              type: 'string',
              enum: ['token', 'kubernetes'],
              default: 'token',
              description: '',
            },
            auth_path: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            auth_role: {
              type: 'string',
              minLength: 1,
              description: '',
            },
            jwt_path: {
              type: 'string',
              minLength: 1,
              description: '',
            },
          },
          default: {},
          description: '',
        },
      },
      default: {},
      description: '',
    },
    preferred_chain: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    enable_ipv4_common_name: {
      type: 'boolean',
      default: true,
      description: '',
    },
  },
} as const
