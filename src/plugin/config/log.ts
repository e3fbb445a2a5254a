// What the configurations of plugins that write a record of each request have in common.

/** The `custom_fields_by_lua` of all of them. */
export const customFields = {
  type: 'object',
  propertyNames: { type: 'string', minLength: 1 },
  additionalProperties: { type: 'string', minLength: 1, format: 'lua' },
  description:
    'Further fields of the record: name, dots leading inwards, to the Lua code that gives the value.',
} as const

const severity = {
  type: 'string',
  enum: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
  default: 'info',
} as const

/** Which requests are recorded and how severe they are, in the words of syslog. */
export const severities = {
  log_level: { ...severity, description: 'Severity from which on requests are recorded.' },
  successful_severity: {
    ...severity,
    description: 'Severity of requests that are answered with a status below 400.',
  },
  client_errors_severity: {
    ...severity,
    description: 'Severity of requests that are answered with a status from 400 to 499.',
  },
  server_errors_severity: {
    ...severity,
    description: 'Severity of requests that are answered with a status of 500 or more.',
  },
} as const

/** By what a metric names the consumer. */
export const consumerIdentifier = {
  type: 'string',
  enum: ['consumer_id', 'custom_id', 'username'],
} as const
