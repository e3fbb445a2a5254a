// Configuration of bulkhead.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['max_connections', 'max_queued', 'queue_timeout'],
  properties: {
    max_connections: {
      type: 'integer',
      minimum: 1,
      description: 'Requests that may be under way at once; each holds one connection to a target.',
    },
    max_queued: {
      type: 'integer',
      minimum: 0,
      maximum: 100_000,
      default: 100,
      description: 'Further requests that may wait for a place; 0 refuses them at once.',
    },
    queue_timeout: {
      type: 'number',
      minimum: 0.001,
      maximum: 3600,
      default: 1,
      description: 'How long a request waits for a place, in seconds.',
    },
  },
} as const
