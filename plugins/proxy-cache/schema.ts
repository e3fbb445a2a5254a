// Configuration of proxy-cache.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'response_code',
    'request_method',
    'content_type',
    'strategy',
    'cache_control',
    'memory',
    'response_headers',
  ],
  properties: {
    response_code: {
      type: 'array',
      items: {
        type: 'integer',
        minimum: 100,
        maximum: 900,
      },
      minItems: 1,
      default: [200, 301, 404],
      description: '',
    },
    request_method: {
      type: 'array',
      items: {
        type: 'string',
        enum: ['HEAD', 'GET', 'POST', 'PATCH', 'PUT'],
      },
      default: ['GET', 'HEAD'],
      description: '',
    },
    content_type: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: ['text/plain', 'application/json'],
      description: '',
    },
    cache_ttl: {
      type: 'integer',
      exclusiveMinimum: 0,
      default: 300,
      description: '',
    },
    strategy: {
      type: 'string',
      enum: ['memory'],
      description: '',
    },
    cache_control: {
      type: 'boolean',
      default: false,
      description: '',
    },
    ignore_uri_case: {
      type: 'boolean',
      default: false,
      description: '',
    },
    storage_ttl: {
      type: 'integer',
      description: '',
    },
    memory: {
      type: 'object',
      additionalProperties: false,
      required: ['dictionary_name'],
      properties: {
        dictionary_name: {
          type: 'string',
          minLength: 1,
          default: 'kong_db_cache',
          description: '',
        },
      },
      default: {},
      description: '',
    },
    vary_query_params: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    vary_headers: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    response_headers: {
      type: 'object',
      additionalProperties: false,
      properties: {
        age: {
          type: 'boolean',
          default: true,
          description: '',
        },
        'X-Cache-Status': {
          type: 'boolean',
          default: true,
          description: '',
        },
        'X-Cache-Key': {
          type: 'boolean',
          default: true,
          description: '',
        },
      },
      default: {},
      description: '',
    },
  },
} as const
