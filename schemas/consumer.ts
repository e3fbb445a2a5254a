// consumers: who calls.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const consumerSchema = {
  type: 'object',
  description: 'A consumer: who is behind a credential. At least one of the two names is needed',
  additionalProperties: false,
  properties: {
    ...entityProperties,
    username: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'Unique name; credentials and plugins may refer to it',
    },
    custom_id: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'Unique id of the consumer in a system of yours',
    },
  },
} as const satisfies JSONSchema
