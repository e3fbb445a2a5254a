// keyauth_credentials: keys for the plugin key-auth.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const keyauthCredentialSchema = {
  type: 'object',
  description: 'A key that a consumer shows to the plugin key-auth',
  additionalProperties: false,
  properties: {
    ...entityProperties,
    key: {
      type: 'string',
      minLength: 1,
      description: 'The key; unique. Left out, one is made up at every load',
    },
    ttl: {
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 100000000000,
      default: null,
      description: 'Time of expiry, Unix seconds; null for never',
    },
  },
} as const satisfies JSONSchema
