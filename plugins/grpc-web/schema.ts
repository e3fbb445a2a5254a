// Configuration of grpc-web.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    proto: {
      type: 'string',
      minLength: 1,
      description: 'Path of the .proto file that describes the service; JSON bodies need it.',
    },
    pass_stripped_path: {
      type: 'boolean',
      description: "Take the method from the path that is left without the route's prefix.",
    },
    allow_origin_header: {
      type: 'string',
      minLength: 1,
      default: '*',
      description: 'Value of Access-Control-Allow-Origin.',
    },
  },
} as const
