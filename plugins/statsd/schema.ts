// Configuration of statsd.
import { consumerIdentifier, hostName, oldQueueFields, portNumber, queueRecord } from 'gw/plugin'

const serviceIdentifier = {
  type: 'string',
  enum: ['service_id', 'service_name', 'service_host', 'service_name_or_host'],
} as const

const workspaceIdentifier = { type: 'string', enum: ['workspace_id', 'workspace_name'] } as const

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
      ...hostName,
      default: 'localhost',
      description: 'Name or address of the StatsD server.',
    },
    port: { ...portNumber, default: 8125, description: 'Port of the StatsD server.' },
    prefix: {
      type: 'string',
      minLength: 1,
      default: 'kong',
      description: 'What the name of each metric begins with.',
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
            description: 'What is measured.',
          },
          stat_type: {
            type: 'string',
            enum: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer'],
            description: 'How the server reckons with the values.',
          },
          sample_rate: {
            type: 'number',
            exclusiveMinimum: 0,
            description: 'Share of the requests that are measured; counter and gauge need it.',
          },
          consumer_identifier: {
            ...consumerIdentifier,
            description: 'What this metric names the consumer by.',
          },
          service_identifier: {
            ...serviceIdentifier,
            description: 'What this metric names the service by.',
          },
          workspace_identifier: {
            ...workspaceIdentifier,
            description: 'What this metric names the workspace by.',
          },
        },
      },
      default: [
        { name: 'request_count', stat_type: 'counter', sample_rate: 1 },
        { name: 'latency', stat_type: 'timer' },
        { name: 'request_size', stat_type: 'counter', sample_rate: 1 },
        { name: 'status_count', stat_type: 'counter', sample_rate: 1 },
        { name: 'response_size', stat_type: 'counter', sample_rate: 1 },
        { name: 'unique_users', stat_type: 'set' },
        { name: 'request_per_user', stat_type: 'counter', sample_rate: 1 },
        { name: 'upstream_latency', stat_type: 'timer' },
        { name: 'kong_latency', stat_type: 'timer' },
        { name: 'status_count_per_user', stat_type: 'counter', sample_rate: 1 },
        { name: 'status_count_per_workspace', stat_type: 'counter', sample_rate: 1 },
        { name: 'status_count_per_user_per_route', stat_type: 'counter', sample_rate: 1 },
        { name: 'shdict_usage', stat_type: 'gauge', sample_rate: 1 },
      ],
      description: 'What is sent of each request.',
    },
    allow_status_codes: {
      type: 'array',
      items: { type: 'string', minLength: 1, pattern: '^[0-9]+-[0-9]+$' },
      description:
        'Ranges of statuses, such as 200-299, that metrics are sent for; left out for all.',
    },
    udp_packet_size: {
      type: 'number',
      minimum: 0,
      maximum: 65_507,
      default: 0,
      description: 'Bytes up to which metrics share a datagram; 0 for one datagram each.',
    },
    use_tcp: { type: 'boolean', default: false, description: 'Send by TCP instead of UDP.' },
    hostname_in_prefix: {
      type: 'boolean',
      default: false,
      description: 'Put the name of this machine behind the prefix.',
    },
    consumer_identifier_default: {
      ...consumerIdentifier,
      default: 'custom_id',
      description: 'What metrics without consumer_identifier name the consumer by.',
    },
    service_identifier_default: {
      ...serviceIdentifier,
      default: 'service_name_or_host',
      description: 'What metrics without service_identifier name the service by.',
    },
    workspace_identifier_default: {
      ...workspaceIdentifier,
      default: 'workspace_id',
      description: 'What metrics without workspace_identifier name the workspace by.',
    },
    ...oldQueueFields,
    tag_style: {
      type: 'string',
      enum: ['dogstatsd', 'influxdb', 'librato', 'signalfx'],
      description: 'Whose way to write tags is used; without it names hold what tags would.',
    },
    queue: { ...queueRecord, description: 'How metrics wait to be sent.' },
  },
} as const
