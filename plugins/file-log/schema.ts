// Configuration of file-log.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'reopen'],
  properties: {
    path: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    reopen: {
      type: 'boolean',
      default: false,
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
