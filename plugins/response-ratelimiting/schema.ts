// Configuration of response-ratelimiting.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'fault_tolerant',
    'redis',
    'block_on_first_violation',
    'hide_client_headers',
    'limits',
  ],
  properties: {
    header_name: {
      type: 'string',
      minLength: 1,
      default: 'x-kong-limit',
      description: '',
    },
    limit_by: {
      type: 'string',
      enum: ['consumer', 'credential', 'ip'],
      default: 'consumer',
      description: '',
    },
    policy: {
      type: 'string',
      enum: ['local', 'redis'],
      default: 'local',
      description: '',
    },
    fault_tolerant: {
      type: 'boolean',
      default: true,
      description: '',
    },
    redis: {
      type: 'object',
      additionalProperties: false,
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
      },
      default: {},
      description: '',
    },
    block_on_first_violation: {
      type: 'boolean',
      default: false,
      description: '',
    },
    hide_client_headers: {
      type: 'boolean',
      default: false,
      description: '',
    },
    limits: {
      type: 'object',
      propertyNames: {
        type: 'string',
        minLength: 1,
      },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          second: {
            type: 'number',
            exclusiveMinimum: 0,
          },
          minute: {
            type: 'number',
            exclusiveMinimum: 0,
          },
          hour: {
            type: 'number',
            exclusiveMinimum: 0,
          },
          day: {
            type: 'number',
            exclusiveMinimum: 0,
          },
          month: {
            type: 'number',
            exclusiveMinimum: 0,
          },
          year: {
            type: 'number',
            exclusiveMinimum: 0,
          },
        },
        default: {},
      },
      default: {},
      description: '',
    },
    redis_host: {
      type: 'string',
      deprecated: true,
      replacedBy: 'redis.host',
      description: '',
    },
    redis_port: {
      type: 'integer',
      deprecated: true,
      replacedBy: 'redis.port',
      description: '',
    },
    redis_password: {
      type: 'string',
      deprecated: true,
      replacedBy: 'redis.password',
      description: '',
    },
    redis_username: {
      type: 'string',
      deprecated: true,
      replacedBy: 'redis.username',
      description: '',
    },
    redis_ssl: {
      type: 'boolean',
      deprecated: true,
      replacedBy: 'redis.ssl',
      description: '',
    },
    redis_ssl_verify: {
      type: 'boolean',
      deprecated: true,
      replacedBy: 'redis.ssl_verify',
      description: '',
    },
    redis_server_name: {
      type: 'string',
      deprecated: true,
      replacedBy: 'redis.server_name',
      description: '',
    },
    redis_timeout: {
      type: 'integer',
      deprecated: true,
      replacedBy: 'redis.timeout',
      description: '',
    },
    redis_database: {
      type: 'integer',
      deprecated: true,
      replacedBy: 'redis.database',
      description: '',
    },
  },
} as const
