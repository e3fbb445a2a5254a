// Configuration of grpc-gateway.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    proto: {
      type: 'string',
      minLength: 1,
      description: 'Path of the .proto file that describes the service and its HTTP mapping.',
    },
  },
} as const
