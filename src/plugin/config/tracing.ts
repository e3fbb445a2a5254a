// What the configurations of zipkin and opentelemetry have in common.
import { timeoutMs } from './connection.js'

const formatsRead = ['b3', 'gcp', 'jaeger', 'aws', 'ot', 'w3c', 'datadog'] as const
const formatsWritten = ['b3', 'gcp', 'b3-single', 'jaeger', 'aws', 'ot', 'w3c', 'datadog'] as const

/** The `propagation` record; its default, which names the format, is the plugin's own. */
export const propagationRecord = {
  type: 'object',
  additionalProperties: false,
  required: ['default_format'],
  properties: {
    extract: {
      type: 'array',
      items: { type: 'string', enum: formatsRead },
      description: 'Formats to look for in the request; the first that is there counts.',
    },
    clear: {
      type: 'array',
      items: { type: 'string', minLength: 1, format: 'header-name' },
      description: 'Headers that the target does not get.',
    },
    inject: {
      type: 'array',
      items: { type: 'string', enum: ['preserve', ...formatsWritten] },
      description: 'Formats that the target gets; preserve is the one that the request has.',
    },
    default_format: {
      type: 'string',
      enum: formatsWritten,
      description: 'Format for the target when the request has none that is looked for.',
    },
  },
  description: 'Which headers a trace is read from and passed on in.',
} as const

/** How long to wait for the collector; the defaults of sending and reading are those of both plugins. */
export const collectorTimeouts = {
  connect_timeout: {
    ...timeoutMs,
    description: 'Time to connect to the collector, in milliseconds.',
  },
  send_timeout: {
    ...timeoutMs,
    default: 5000,
    description: 'Time between two writes to the collector, in milliseconds.',
  },
  read_timeout: {
    ...timeoutMs,
    default: 5000,
    description: 'Time between two reads from the collector, in milliseconds.',
  },
} as const

export const traceIdHeader = {
  type: 'string',
  minLength: 1,
  description: 'Header in which the client gets the id of the trace; left out for none.',
} as const
