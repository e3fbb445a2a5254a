// Configuration of syslog.
import { customFields, severities } from 'gw/plugin'

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
    ...severities,
    custom_fields_by_lua: customFields,
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
      description: 'What the system log files the records under.',
    },
  },
} as const
