// Configuration of retry.
import { RETRY_CAUSES } from 'gw/plugin'

/** What clients may send without asking whether it has been done already (RFC 9110, section 9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['attempts', 'failures', 'statuses', 'methods', 'backoff'],
  properties: {
    attempts: {
      type: 'integer',
      minimum: 0,
      maximum: 20,
      default: 2,
      description: 'Further tries after the first; 0 for none.',
    },
    failures: {
      type: 'array',
      items: { type: 'string', enum: RETRY_CAUSES, description: 'A way to fail.' },
      default: [...RETRY_CAUSES],
      description: 'Which failures are tried again.',
    },
    statuses: {
      type: 'array',
      items: { type: 'integer', minimum: 400, maximum: 599, description: 'A status.' },
      default: [],
      description: 'Answers of the target that are tried again, such as 502 and 503.',
    },
    methods: {
      type: 'array',
      items: { type: 'string', pattern: '^[A-Z]+$', description: 'A method.' },
      default: [...IDEMPOTENT],
      description: 'Methods that may be sent again once a target has had the request.',
    },
    backoff: {
      type: 'object',
      additionalProperties: false,
      required: ['base', 'max'],
      default: {},
      description: 'How long a retry waits: a random time up to a bound that doubles.',
      properties: {
        base: {
          type: 'number',
          minimum: 0,
          maximum: 60,
          default: 0.025,
          description: 'The bound of the first retry, in seconds; 0 for no wait.',
        },
        max: {
          type: 'number',
          minimum: 0,
          maximum: 60,
          default: 1,
          description: 'The highest bound, in seconds.',
        },
      },
    },
  },
} as const
