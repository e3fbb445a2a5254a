// Configuration of basic-auth.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_credentials', 'realm'],
  properties: {
    anonymous: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    hide_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    realm: {
      type: 'string',
      minLength: 1,
      default: 'service',
      description: '',
    },
  },
} as const
