// Configuration of http-log.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['http_endpoint', 'queue'],
  properties: {
    http_endpoint: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    method: {
      type: 'string',
      enum: ['POST', 'PUT', 'PATCH'],
      default: 'POST',
      description: '',
    },
    content_type: {
      type: 'string',
      enum: ['application/json', 'application/json; charset=utf-8'],
      default: 'application/json',
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
    retry_count: {
      type: 'integer',
      deprecated: true,
      description: '',
    },
    queue_size: {
      type: 'integer',
      deprecated: true,
      description: '',
    },
    flush_timeout: {
      type: 'number',
      deprecated: true,
      description: '',
    },
    headers: {
      type: 'object',
      propertyNames: {
        type: 'string',
        minLength: 1,
      },
      additionalProperties: {
        type: 'string',
        minLength: 1,
        referenceable: true,
      },
      description: '',
    },
    queue: {
      type: 'object',
      additionalProperties: false,
      properties: {
        max_batch_size: {
          type: 'integer',
          minimum: 1,
          maximum: 1000000,
          default: 1,
          description: '',
        },
        max_coalescing_delay: {
          type: 'number',
          minimum: 0,
          maximum: 3600,
          default: 1,
          description: '',
        },
        max_entries: {
          type: 'integer',
          minimum: 1,
          maximum: 1000000,
          default: 10000,
          description: '',
        },
        max_bytes: {
          type: 'integer',
          description: '',
        },
        max_retry_time: {
          type: 'number',
          default: 60,
          description: '',
        },
        initial_retry_delay: {
          type: 'number',
          minimum: 0.001,
          maximum: 1000000,
          default: 0.01,
          description: '',
        },
        max_retry_delay: {
          type: 'number',
          minimum: 0.001,
          maximum: 1000000,
          default: 60,
          description: '',
        },
        concurrency_limit: {
          type: 'integer',
          enum: [-1, 1],
          default: 1,
          description: '',
        },
      },
      default: {},
      description: '',
    },
    custom_fields_by_lua: {
      type: 'object',
      propertyNames: {
        type: 'string',
        minLength: 1,
      },
      additionalProperties: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
  },
} as const
