// Configuration of response-ratelimiting.
import { redisDeployment, redisShorthands } from 'gw/plugin'

const limit = { type: 'number', exclusiveMinimum: 0 } as const

const limits = {
  type: 'object',
  additionalProperties: false,
  properties: {
    second: { ...limit, description: 'Uses per second.' },
    minute: { ...limit, description: 'Uses per minute.' },
    hour: { ...limit, description: 'Uses per hour.' },
    day: { ...limit, description: 'Uses per day, in UTC.' },
    month: { ...limit, description: 'Uses per calendar month, in UTC.' },
    year: { ...limit, description: 'Uses per calendar year, in UTC.' },
  },
} as const

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
      description: 'Header in which the target says how much has been used, as in `video=2`.',
    },
    limit_by: {
      type: 'string',
      enum: ['consumer', 'credential', 'ip'],
      default: 'consumer',
      description: 'What uses are counted by; requests that have no such thing by client address.',
    },
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
    block_on_first_violation: {
      type: 'boolean',
      default: false,
      description: 'Refuse a request as soon as any of the limits is used up.',
    },
    hide_client_headers: {
      type: 'boolean',
      default: false,
      description: 'Send no X-RateLimit headers to the client.',
    },
    limits: {
      type: 'object',
      minProperties: 1,
      propertyNames: { type: 'string', minLength: 1 },
      additionalProperties: limits,
      description: 'Limits by a name of your own, such as `video`.',
    },
    ...redisShorthands,
  },
} as const
