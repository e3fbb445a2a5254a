// Configuration of loggly.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['key'],
  properties: {
    host: {
      type: 'string',
      minLength: 1,
      default: 'logs-01.loggly.com',
      description: '',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 514,
      description: '',
    },
    key: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    tags: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
      },
      default: ['kong'],
      description: '',
    },
    log_level: {
      type: 'string',
      enum: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
      default: 'info',
      description: '',
    },
    successful_severity: {
      type: 'string',
      enum: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
      default: 'info',
      description: '',
    },
    client_errors_severity: {
      type: 'string',
      enum: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
      default: 'info',
      description: '',
    },
    server_errors_severity: {
      type: 'string',
      enum: ['debug', 'info', 'notice', 'warning', 'err', 'crit', 'alert', 'emerg'],
      default: 'info',
      description: '',
    },
    timeout: {
      type: 'number',
      default: 10000,
      description: '',
    },
    custom_fields_by_lua: {
      type: 'object',
      propertyNames: {
        type: 'string',
        minLength: 1,
      },
      additionalProperties: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
  },
} as const
