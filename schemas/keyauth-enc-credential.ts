// keyauth_enc_credentials: keys for the plugin key-auth-enc.
import { keyauthCredentialSchema } from './keyauth-credential.js'
import type { JSONSchema } from './types.js'

export const keyauthEncCredentialSchema = {
  ...keyauthCredentialSchema,
  description: 'A key that a consumer shows to the plugin key-auth-enc, kept as a hash',
  properties: {
    ...keyauthCredentialSchema.properties,
    key: {
      type: 'string',
      minLength: 1,
      description:
        'The key, or what gw hash-key makes of it; unique. Left out, one is made up that nobody knows',
    },
  },
} as const satisfies JSONSchema
