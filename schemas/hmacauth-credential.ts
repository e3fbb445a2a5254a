// hmacauth_credentials: names and secrets for the plugin hmac-auth.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const hmacauthCredentialSchema = {
  type: 'object',
  description: 'Name and secret with which a consumer signs requests for the plugin hmac-auth',
  additionalProperties: false,
  required: ['username'],
  properties: {
    ...entityProperties,
    username: { type: 'string', minLength: 1, description: 'The name in the signature; unique' },
    secret: {
      type: 'string',
      minLength: 1,
      description: 'The secret; left out, one is made up at every load',
    },
  },
} as const satisfies JSONSchema
