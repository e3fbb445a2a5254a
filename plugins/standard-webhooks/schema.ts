// Configuration of standard-webhooks.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['secret_v1', 'tolerance_second'],
  properties: {
    secret_v1: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    tolerance_second: {
      type: 'integer',
      exclusiveMinimum: -1,
      default: 300,
      description: '',
    },
  },
} as const
