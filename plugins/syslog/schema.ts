// Configuration of syslog.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'log_level',
    'successful_severity',
    'client_errors_severity',
    'server_errors_severity',
    'facility',
  ],
  properties: {
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
    facility: {
      type: 'string',
      enum: [
        'auth',
        'authpriv',
        'cron',
        'daemon',
        'ftp',
        'kern',
        'lpr',
        'mail',
        'news',
        'syslog',
        'user',
        'uucp',
        'local0',
        'local1',
        'local2',
        'local3',
        'local4',
        'local5',
        'local6',
        'local7',
      ],
      default: 'user',
      description: '',
    },
  },
} as const
