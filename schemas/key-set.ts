// key_sets: keys that belong together.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const keySetSchema = {
  type: 'object',
  description: 'A set of keys',
  additionalProperties: false,
  properties: {
    ...entityProperties,
    name: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'Unique name; keys may refer to it',
    },
  },
} as const satisfies JSONSchema
