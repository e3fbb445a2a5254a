// Configuration of rate-limiting.
import { limitAnswer, limitBy, redisDeployment, redisShorthands } from 'gw/plugin'

const limit = { type: 'number', exclusiveMinimum: 0 } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['fault_tolerant', 'redis', 'hide_client_headers', 'sync_rate'],
  properties: {
    second: { ...limit, description: 'Requests per second.' },
    minute: { ...limit, description: 'Requests per minute.' },
    hour: { ...limit, description: 'Requests per hour.' },
    day: { ...limit, description: 'Requests per day, in UTC.' },
    month: { ...limit, description: 'Requests per calendar month, in UTC.' },
    year: { ...limit, description: 'Requests per calendar year, in UTC.' },
    ...limitBy,
    policy: {
      type: 'string',
      enum: ['local', 'redis'],
      default: 'local',
      description:
        'Where counters are kept: in the memory of each node, or in Redis for all nodes.',
    },
    fault_tolerant: {
      type: 'boolean',
      default: true,
      description: 'Let requests pass when the counters cannot be reached.',
    },
    redis: { ...redisDeployment, description: 'Redis server of the redis policy.' },
    ...limitAnswer,
    sync_rate: {
      type: 'number',
      default: -1,
      description: 'Seconds between two syncs of the redis policy; -1 counts in Redis at once.',
    },
    ...redisShorthands,
  },
} as const
