// Configuration of statsd.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'consumer_identifier_default',
    'service_identifier_default',
    'workspace_identifier_default',
    'queue',
  ],
  properties: {
    host: {
      type: 'string',
      minLength: 1,
      default: 'localhost',
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
              'request_per_user',
              'request_size',
              'response_size',
              'status_count',
              'status_count_per_user',
              'unique_users',
              'upstream_latency',
              'status_count_per_workspace',
              'status_count_per_user_per_route',
              'shdict_usage',
            ],
            description: '',
          },
          stat_type: {
            type: 'string',
            enum: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer'],
            description: '',
          },
          sample_rate: {
            type: 'number',
            exclusiveMinimum: 0,
            description: '',
          },
          consumer_identifier: {
            type: 'string',
            enum: ['consumer_id', 'custom_id', 'username'],
            description: '',
          },
          service_identifier: {
            type: 'string',
            enum: ['service_id', 'service_name', 'service_host', 'service_name_or_host'],
            description: '',
          },
          workspace_identifier: {
            type: 'string',
            enum: ['workspace_id', 'workspace_name'],
            description: '',
          },
        },
      },
      default: [
        {
          sample_rate: 1,
          name: 'request_count',
          stat_type: 'counter',
        },
        {
          stat_type: 'timer',
          name: 'latency',
        },
        {
          sample_rate: 1,
          name: 'request_size',
          stat_type: 'counter',
        },
        {
          sample_rate: 1,
          name: 'status_count',
          stat_type: 'counter',
        },
        {
          sample_rate: 1,
          name: 'response_size',
          stat_type: 'counter',
        },
        {
          stat_type: 'set',
          name: 'unique_users',
        },
        {
          sample_rate: 1,
          name: 'request_per_user',
          stat_type: 'counter',
        },
        {
          stat_type: 'timer',
          name: 'upstream_latency',
        },
        {
          stat_type: 'timer',
          name: 'kong_latency',
        },
        {
          sample_rate: 1,
          name: 'status_count_per_user',
          stat_type: 'counter',
        },
        {
          sample_rate: 1,
          name: 'status_count_per_workspace',
          stat_type: 'counter',
        },
        {
          sample_rate: 1,
          name: 'status_count_per_user_per_route',
          stat_type: 'counter',
        },
        {
          sample_rate: 1,
          name: 'shdict_usage',
          stat_type: 'gauge',
        },
      ],
      description: '',
    },
    allow_status_codes: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    udp_packet_size: {
      type: 'number',
      minimum: 0,
      maximum: 65507,
      default: 0,
      description: '',
    },
    use_tcp: {
      type: 'boolean',
      default: false,
      description: '',
    },
    hostname_in_prefix: {
      type: 'boolean',
      default: false,
      description: '',
    },
    consumer_identifier_default: {
      type: 'string',
      enum: ['consumer_id', 'custom_id', 'username'],
      default: 'custom_id',
      description: '',
    },
    service_identifier_default: {
      type: 'string',
      enum: ['service_id', 'service_name', 'service_host', 'service_name_or_host'],
      default: 'service_name_or_host',
      description: '',
    },
    workspace_identifier_default: {
      type: 'string',
      enum: ['workspace_id', 'workspace_name'],
      default: 'workspace_id',
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
    tag_style: {
      type: 'string',
      enum: ['dogstatsd', 'influxdb', 'librato', 'signalfx'],
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
  },
} as const
