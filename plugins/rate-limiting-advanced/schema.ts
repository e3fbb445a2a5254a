// Configuration of rate-limiting-advanced, under the names of Kong's Enterprise edition 3.9.
import { IDENTIFIERS, headerName, limitAnswer, redisDeployment } from 'gw/plugin'

/** What Kong counts by; consumer groups are refused by the rules. */
const identifier = { type: 'string', enum: [...IDENTIFIERS, 'consumer-group'] } as const

const list = { type: 'array', minItems: 1, maxItems: 32 } as const

const nodes = { type: 'array', items: { type: 'string', description: 'host:port.' } } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'limit',
    'window_size',
    'window_type',
    'identifier',
    'strategy',
    'redis',
    'hide_client_headers',
    'disable_penalty',
    'retry_after_jitter_max',
  ],
  properties: {
    limit: {
      ...list,
      items: { type: 'number', minimum: 0, description: 'Requests in a window.' },
      description: 'Limits, one for each of `window_size`.',
    },
    window_size: {
      ...list,
      items: {
        type: 'integer',
        minimum: 1,
        maximum: 31_622_400,
        description: 'Length of a window in seconds, up to 366 days.',
      },
      description: 'Lengths of the windows, one for each of `limit`.',
    },
    window_type: {
      type: 'string',
      enum: ['fixed', 'sliding'],
      default: 'sliding',
      description:
        'Whether windows follow one another, or the window before counts by the share that is left of it.',
    },
    identifier: {
      ...identifier,
      default: 'consumer',
      description: 'What requests are counted by; those that have no such thing by client address.',
    },
    compound_identifier: {
      type: 'array',
      items: { ...identifier, description: 'A thing to count by.' },
      description: 'Several things to count by together, in place of `identifier`.',
    },
    header_name: { ...headerName, description: 'Header that the identifier header counts by.' },
    path: {
      type: 'string',
      minLength: 1,
      format: 'path',
      description: 'Path that the identifier path counts by.',
    },
    strategy: {
      type: 'string',
      enum: ['local', 'redis'],
      default: 'local',
      description: 'Where counters are kept: in the memory of each node, or in Redis for all.',
    },
    sync_rate: {
      type: 'number',
      description:
        'Seconds between two syncs with Redis; 0 counts in Redis at once, -1 on the node alone.',
    },
    namespace: {
      type: 'string',
      minLength: 1,
      maxLength: 256,
      description: 'Uses of one namespace share their counters; left out: each has its own.',
    },
    dictionary_name: {
      type: 'string',
      minLength: 1,
      default: 'kong_rate_limiting_counters',
      description: 'Without effect: a node has one table for all counters.',
    },
    lock_dictionary_name: {
      type: 'string',
      minLength: 1,
      default: 'kong_locks',
      description: 'Without effect: counting takes no locks.',
    },
    disable_penalty: {
      type: 'boolean',
      default: false,
      description: 'Sliding windows do not count requests that are refused.',
    },
    hide_client_headers: limitAnswer.hide_client_headers,
    retry_after_jitter_max: {
      type: 'number',
      minimum: 0,
      maximum: 86_400,
      default: 0,
      description: 'Up to so many seconds are added to Retry-After at random.',
    },
    error_code: limitAnswer.error_code,
    error_message: limitAnswer.error_message,
    enforce_consumer_groups: {
      type: 'boolean',
      default: false,
      description: 'Not built: must be false.',
    },
    consumer_groups: {
      type: 'array',
      items: { type: 'string', description: 'Name of a group.' },
      description: 'Not built: must be left out.',
    },
    throttling: {
      type: 'object',
      additionalProperties: false,
      properties: {
        enabled: {
          type: 'boolean',
          default: false,
          description: 'Not built: must be false.',
        },
        interval: { type: 'number', description: 'Without effect.' },
        queue_limit: { type: 'number', description: 'Without effect.' },
        retry_times: { type: 'number', description: 'Without effect.' },
      },
      description: 'Not built (Kong 3.12): the plugin throttle delays requests.',
    },
    redis: {
      ...redisDeployment,
      properties: {
        ...redisDeployment.properties,
        connection_is_proxied: {
          type: 'boolean',
          default: false,
          description: 'Not built: must be false.',
        },
        redis_proxy_type: { type: 'string', description: 'Not built: must be left out.' },
        cluster_addresses: { ...nodes, description: 'Not built: say `cluster_nodes`.' },
        sentinel_addresses: { ...nodes, description: 'Not built: say `sentinel_nodes`.' },
      },
      description: 'Redis server of the redis strategy.',
    },
  },
} as const
