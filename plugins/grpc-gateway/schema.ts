// Configuration of grpc-gateway.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    proto: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
