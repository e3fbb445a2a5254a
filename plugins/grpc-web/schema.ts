// Configuration of grpc-web.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    proto: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    pass_stripped_path: {
      type: 'boolean',
      description: '',
    },
    allow_origin_header: {
      type: 'string',
      minLength: 1,
      default: '*',
      description: '',
    },
  },
} as const
