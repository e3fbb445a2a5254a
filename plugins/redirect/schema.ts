// Configuration of redirect.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['status_code', 'location'],
  properties: {
    status_code: {
      type: 'integer',
      minimum: 100,
      maximum: 599,
      default: 301,
      description: '',
    },
    location: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    keep_incoming_path: {
      type: 'boolean',
      default: false,
      description: '',
    },
  },
} as const
