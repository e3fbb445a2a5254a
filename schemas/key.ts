// keys: keys for plugins that sign or decrypt.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

const nullablePem = {
  type: ['string', 'null'],
  minLength: 1,
  referenceable: true,
  default: null,
} as const

export const keySchema = {
  type: 'object',
  description: 'A key, as a JSON Web Key or as PEM',
  additionalProperties: false,
  required: ['kid'],
  properties: {
    ...entityProperties,
    name: { type: ['string', 'null'], minLength: 1, default: null, description: 'Unique name' },
    kid: { type: 'string', minLength: 1, description: 'Id of the key, unique in its set' },
    jwk: {
      type: ['string', 'null'],
      referenceable: true,
      minLength: 1,
      default: null,
      description:
        'The key as the text of a JSON Web Key with the same kid, or a reference to a vault',
    },
    pem: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        private_key: {
          ...nullablePem,
          description: 'The private key, PEM, or a reference to a vault',
        },
        public_key: {
          ...nullablePem,
          description: 'The public key, PEM, or a reference to a vault',
        },
      },
      default: null,
      description: 'The key as PEM: one half of it or both',
    },
  },
} as const satisfies JSONSchema
