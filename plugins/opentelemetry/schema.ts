// Configuration of opentelemetry.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['queue', 'propagation'],
  properties: {
    traces_endpoint: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    logs_endpoint: {
      type: 'string',
      minLength: 1,
      referenceable: true,
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
    resource_attributes: {
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
      default: {
        max_batch_size: 200,
      },
      description: '',
    },
    batch_span_count: {
      type: 'integer',
      deprecated: true,
      description: '',
    },
    batch_flush_delay: {
      type: 'integer',
      deprecated: true,
      description: '',
    },
    connect_timeout: {
      type: 'integer',
      minimum: 0,
      maximum: 2147483646,
      default: 1000,
      description: '',
    },
    send_timeout: {
      type: 'integer',
      minimum: 0,
      maximum: 2147483646,
      default: 5000,
      description: '',
    },
    read_timeout: {
      type: 'integer',
      minimum: 0,
      maximum: 2147483646,
      default: 5000,
      description: '',
    },
    http_response_header_for_traceid: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    header_type: {
      type: 'string',
      enum: [
        'preserve',
        'ignore',
        'b3',
        'b3-single',
        'w3c',
        'jaeger',
        'ot',
        'aws',
        'gcp',
        'datadog',
      ],
      default: 'preserve',
      deprecated: true,
      description: '',
    },
    sampling_rate: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: '',
    },
    propagation: {
      type: 'object',
      additionalProperties: false,
      required: ['default_format'],
      properties: {
        extract: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['b3', 'gcp', 'jaeger', 'aws', 'ot', 'w3c', 'datadog'],
          },
          description: '',
        },
        clear: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          description: '',
        },
        inject: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['preserve', 'b3', 'gcp', 'b3-single', 'jaeger', 'aws', 'ot', 'w3c', 'datadog'],
          },
          description: '',
        },
        default_format: {
          type: 'string',
          enum: ['b3', 'gcp', 'b3-single', 'jaeger', 'aws', 'ot', 'w3c', 'datadog'],
          description: '',
        },
      },
      default: {
        default_format: 'w3c',
      },
      description: '',
    },
    endpoint: {
      type: 'string',
      referenceable: true,
      deprecated: true,
      description: '',
    },
  },
} as const
