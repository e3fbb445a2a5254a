// The `queue` record of plugins that send in batches (Kong: kong/tools/queue_schema.lua).

export const queueRecord = {
  type: 'object',
  additionalProperties: false,
  required: [],
  default: {},
  properties: {
    max_batch_size: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 1,
      description: 'Entries sent at once at most.',
    },
    max_coalescing_delay: {
      type: 'number',
      minimum: 0,
      maximum: 3600,
      default: 1,
      description: 'Seconds that the first entry of a batch waits for others.',
    },
    max_entries: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'Entries that may wait; past it the oldest is dropped.',
    },
    max_bytes: {
      type: 'integer',
      description: 'Bytes that may wait; past it the oldest entries are dropped.',
    },
    max_retry_time: {
      type: 'number',
      default: 60,
      description: 'Seconds for which a batch is tried again; -1 for not at all.',
    },
    initial_retry_delay: {
      type: 'number',
      minimum: 0.001,
      maximum: 1_000_000,
      default: 0.01,
      description: 'Seconds before the second try; doubled with each further one.',
    },
    max_retry_delay: {
      type: 'number',
      minimum: 0.001,
      maximum: 1_000_000,
      default: 60,
      description: 'Seconds between two tries at most.',
    },
    concurrency_limit: {
      type: 'integer',
      enum: [-1, 1],
      default: 1,
      description: 'Batches under way at once: 1, or -1 to send each entry at once by itself.',
    },
  },
} as const

/**
 * What stood in place of `queue` before Kong 3.3. Nothing moves: Kong looks at these when it sends, and a value that was
 * not the default of old then goes before that of `queue`.
 */
export const oldQueueFields = {
  retry_count: {
    type: 'integer',
    deprecated: true,
    description: 'Tries of old; without effect, see `queue.max_retry_time`.',
  },
  queue_size: {
    type: 'integer',
    deprecated: true,
    description: 'Old name of `queue.max_batch_size`; any value but 1 goes before it.',
  },
  flush_timeout: {
    type: 'number',
    deprecated: true,
    description:
      'Old name of `queue.max_coalescing_delay`, in seconds; any value but 2 goes before it.',
  },
} as const
