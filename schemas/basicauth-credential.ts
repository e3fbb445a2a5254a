// basicauth_credentials: user names and passwords for the plugin basic-auth.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const basicauthCredentialSchema = {
  type: 'object',
  description: 'User name and password that a consumer shows to the plugin basic-auth',
  additionalProperties: false,
  required: ['username', 'password'],
  properties: {
    ...entityProperties,
    username: { type: 'string', minLength: 1, description: 'The user name; unique' },
    password: {
      type: 'string',
      minLength: 1,
      description: 'The password in clear; with _transform: false the hash that Kong exports',
    },
  },
} as const satisfies JSONSchema
