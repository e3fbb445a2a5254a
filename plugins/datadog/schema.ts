// Configuration of datadog.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['queue', 'metrics'],
  properties: {
    host: {
      type: 'string',
      minLength: 1,
      default: 'localhost',
      referenceable: true,
      description: '',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 8125,
      description: '',
    },
    prefix: {
      type: 'string',
      minLength: 1,
      default: 'kong',
      description: '',
    },
    service_name_tag: {
      type: 'string',
      minLength: 1,
      default: 'name',
      description: '',
    },
    status_tag: {
      type: 'string',
      minLength: 1,
      default: 'status',
      description: '',
    },
    consumer_tag: {
      type: 'string',
      minLength: 1,
      default: 'consumer',
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
    metrics: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'stat_type'],
        properties: {
          name: {
            type: 'string',
            enum: [
              'kong_latency',
              'latency',
              'request_count',
              'request_size',
              'response_size',
              'upstream_latency',
            ],
            description: '',
          },
          stat_type: {
            type: 'string',
            enum: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer', 'distribution'],
            description: '',
          },
          tags: {
            type: 'array',
            items: {
              type: 'string',
              minLength: 1,
            },
            description: '',
          },
          sample_rate: {
            type: 'number',
            minimum: 0,
            maximum: 1,
            description: '',
          },
          consumer_identifier: {
            type: 'string',
            enum: ['consumer_id', 'custom_id', 'username'],
            description: '',
          },
        },
      },
      default: [
        {
          consumer_identifier: 'custom_id',
          stat_type: 'counter',
          sample_rate: 1,
          name: 'request_count',
          tags: ['app:kong'],
        },
        {
          consumer_identifier: 'custom_id',
          name: 'latency',
          stat_type: 'timer',
          tags: ['app:kong'],
        },
        {
          consumer_identifier: 'custom_id',
          name: 'request_size',
          stat_type: 'timer',
          tags: ['app:kong'],
        },
        {
          consumer_identifier: 'custom_id',
          name: 'response_size',
          stat_type: 'timer',
          tags: ['app:kong'],
        },
        {
          consumer_identifier: 'custom_id',
          name: 'upstream_latency',
          stat_type: 'timer',
          tags: ['app:kong'],
        },
        {
          consumer_identifier: 'custom_id',
          name: 'kong_latency',
          stat_type: 'timer',
          tags: ['app:kong'],
        },
      ],
      description: '',
    },
  },
} as const
