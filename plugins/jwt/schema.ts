// Configuration of jwt.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['secret_is_base64', 'run_on_preflight'],
  properties: {
    uri_param_names: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
      },
      default: ['jwt'],
      description: '',
    },
    cookie_names: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
      },
      default: [],
      description: '',
    },
    key_claim_name: {
      type: 'string',
      minLength: 1,
      default: 'iss',
      description: '',
    },
    secret_is_base64: {
      type: 'boolean',
      default: false,
      description: '',
    },
    claims_to_verify: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        enum: ['exp', 'nbf'],
      },
      description: '',
    },
    anonymous: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    run_on_preflight: {
      type: 'boolean',
      default: true,
      description: '',
    },
    maximum_expiration: {
      type: 'number',
      minimum: 0,
      maximum: 31536000,
      default: 0,
      description: '',
    },
    header_names: {
      type: 'array',
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
      },
      default: ['authorization'],
      description: '',
    },
    realm: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
