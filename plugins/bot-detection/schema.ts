// Configuration of bot-detection.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    allow: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
        format: 'regex',
      },
      default: [],
      description: '',
    },
    deny: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
        format: 'regex',
      },
      default: [],
      description: '',
    },
  },
} as const
