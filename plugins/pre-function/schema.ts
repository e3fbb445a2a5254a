// Configuration of pre-function.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['certificate', 'rewrite', 'access', 'header_filter', 'body_filter', 'log'],
  properties: {
    certificate: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    rewrite: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    access: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    header_filter: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    body_filter: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    log: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
  },
} as const
