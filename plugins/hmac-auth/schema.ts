// Configuration of hmac-auth.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_credentials', 'validate_request_body'],
  properties: {
    hide_credentials: {
      type: 'boolean',
      default: false,
      description: '',
    },
    clock_skew: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 300,
      description: '',
    },
    anonymous: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    validate_request_body: {
      type: 'boolean',
      default: false,
      description: '',
    },
    enforce_headers: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    algorithms: {
      type: 'array',
      items: {
        type: 'string',
        enum: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
      },
      default: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
      description: '',
    },
    realm: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
