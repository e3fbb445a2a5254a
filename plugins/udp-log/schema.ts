// Configuration of udp-log.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'port'],
  properties: {
    host: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
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
