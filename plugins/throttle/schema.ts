// Configuration of throttle.
import { limitAnswer, limitBy, redisDeployment } from 'gw/plugin'
import { QUOTA_PERIODS } from './quota.js'

const MOST_REQUESTS = 1_000_000

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'algorithm',
    'rate',
    'period',
    'limit_by',
    'policy',
    'fault_tolerant',
    'redis',
    'hide_client_headers',
    'nodelay',
    'max_delay',
    'max_queued',
  ],
  properties: {
    algorithm: {
      type: 'string',
      enum: ['token_bucket', 'leaky_bucket'],
      default: 'token_bucket',
      description: 'Whether requests beyond the rate pass at once, or wait for their turn.',
    },
    rate: {
      type: 'integer',
      minimum: 1,
      maximum: MOST_REQUESTS,
      description: 'Requests that may come in a `period`, evenly.',
    },
    period: {
      type: 'string',
      enum: ['second', 'minute', 'hour', 'day'],
      default: 'second',
      description: 'What `rate` is for.',
    },
    burst: {
      type: 'integer',
      minimum: 0,
      maximum: MOST_REQUESTS - 1,
      description:
        'Size of a token bucket (left out: 1); of a leaky one, requests beyond the rate that may wait or, with nodelay, pass (left out: 0).',
    },
    nodelay: {
      type: 'boolean',
      default: false,
      description: 'Requests of the burst of a leaky bucket do not wait.',
    },
    delay: {
      type: 'integer',
      minimum: 0,
      maximum: MOST_REQUESTS - 1,
      description: 'So many requests of the burst of a leaky bucket do not wait.',
    },
    max_delay: {
      type: 'number',
      minimum: 0.001,
      maximum: 60,
      default: 5,
      description: 'Seconds that a request may wait; one that would wait longer is refused.',
    },
    max_queued: {
      type: 'integer',
      minimum: 0,
      maximum: 100_000,
      default: 1000,
      description: 'Requests that may wait at the same time, in each worker.',
    },
    quota: {
      type: 'object',
      additionalProperties: false,
      required: ['limit', 'period'],
      properties: {
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: 4_000_000_000,
          description: 'Requests in a period of the quota.',
        },
        period: {
          type: 'string',
          enum: QUOTA_PERIODS,
          default: 'month',
          description: 'Of the calendar, in UTC; weeks begin on Monday.',
        },
      },
      description: 'How many requests may be made in all, besides how fast.',
    },
    ...limitBy,
    policy: {
      type: 'string',
      enum: ['local', 'redis'],
      default: 'local',
      description: 'Where buckets are kept: in the memory of each node, or in Redis for all nodes.',
    },
    fault_tolerant: {
      type: 'boolean',
      default: true,
      description: 'Let requests pass when the buckets cannot be reached.',
    },
    redis: { ...redisDeployment, description: 'Redis server of the redis policy.' },
    hide_client_headers: limitAnswer.hide_client_headers,
    error_code: {
      type: 'integer',
      minimum: 400,
      maximum: 599,
      default: 429,
      description: 'Status of the answer past the limit.',
    },
    error_message: limitAnswer.error_message,
  },
} as const
