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
      description: 'Status of the answer.',
    },
    location: {
      type: 'string',
      minLength: 1,
      format: 'url',
      description: 'URL that the client is sent to.',
    },
    keep_incoming_path: {
      type: 'boolean',
      default: false,
      description: 'Put path and query of the request in place of those of the location.',
    },
  },
} as const
