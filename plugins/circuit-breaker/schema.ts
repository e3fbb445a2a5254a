// Configuration of circuit-breaker.
import { BREAKER_DEFAULTS } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'enabled',
    'error_threshold_percentage',
    'volume_threshold',
    'rolling_window',
    'reset_timeout',
    'failure_statuses',
  ],
  properties: {
    enabled: {
      type: 'boolean',
      default: true,
      description: 'False: no breaker at all, not even the one that every service has.',
    },
    error_threshold_percentage: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 100,
      default: BREAKER_DEFAULTS.error_threshold_percentage,
      description:
        'Share of failed requests in the window, in percent, at which the circuit opens.',
    },
    volume_threshold: {
      type: 'integer',
      minimum: 1,
      default: BREAKER_DEFAULTS.volume_threshold,
      description: 'Requests that the window must have before the circuit may open.',
    },
    rolling_window: {
      type: 'number',
      minimum: 0.1,
      maximum: 3600,
      default: BREAKER_DEFAULTS.rolling_window,
      description: 'Length of the window, in seconds.',
    },
    reset_timeout: {
      type: 'number',
      minimum: 0.1,
      maximum: 86_400,
      default: BREAKER_DEFAULTS.reset_timeout,
      description: 'How long the circuit stays open before one request may try again, in seconds.',
    },
    failure_statuses: {
      type: 'array',
      items: {
        type: 'integer',
        minimum: 400,
        maximum: 599,
        description: 'A status.',
      },
      default: [],
      description: 'Answers of the target that count as failures, such as 500 and 503.',
    },
    fallback: {
      type: 'object',
      additionalProperties: false,
      required: ['status', 'body', 'content_type'],
      description: 'What clients get while the circuit is open; when left out a 503.',
      properties: {
        status: {
          type: 'integer',
          minimum: 200,
          maximum: 599,
          default: 503,
          description: 'Status of the answer.',
        },
        body: { type: 'string', default: '', description: 'Answer, sent as it is.' },
        content_type: {
          type: 'string',
          minLength: 1,
          default: 'application/json',
          description: 'Content-Type of the answer.',
        },
      },
    },
  },
} as const
