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
      description: 'Secret of the v1 signatures, taken as it is written.',
    },
    tolerance_second: {
      type: 'integer',
      exclusiveMinimum: -1,
      default: 300,
      description: 'Seconds that the timestamp of a webhook may lie back.',
    },
  },
} as const
