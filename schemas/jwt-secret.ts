// jwt_secrets: what tokens are signed with, for the plugin jwt.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

/** In the order in which Kong lists them in its messages. */
const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const

export const jwtSecretSchema = {
  type: 'object',
  description:
    'Secret or public key that the tokens of a consumer are checked with by the plugin jwt',
  additionalProperties: false,
  properties: {
    ...entityProperties,
    key: {
      type: 'string',
      minLength: 1,
      description:
        'What a token names as its issuer; unique. Left out, one is made up at every load',
    },
    secret: {
      type: 'string',
      minLength: 1,
      description: 'The secret of HS algorithms; left out, one is made up at every load',
    },
    rsa_public_key: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'The public key, PEM; needed for RS, PS and EdDSA',
    },
    algorithm: {
      type: 'string',
      enum: ALGORITHMS,
      default: 'HS256',
      description: 'Algorithm of the signature',
    },
  },
} as const satisfies JSONSchema
