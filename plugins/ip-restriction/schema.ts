// Configuration of ip-restriction.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    allow: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    deny: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    status: {
      type: 'number',
      description: '',
    },
    message: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
