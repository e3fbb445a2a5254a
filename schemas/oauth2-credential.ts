// oauth2_credentials: applications that the plugin oauth2 gives tokens to.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const oauth2CredentialSchema = {
  type: 'object',
  description: 'An application of a consumer, known to the plugin oauth2',
  additionalProperties: false,
  required: ['name', 'hash_secret', 'client_type'],
  properties: {
    ...entityProperties,
    name: { type: 'string', minLength: 1, description: 'Name of the application' },
    client_id: {
      type: 'string',
      minLength: 1,
      description: 'Id of the application; unique. Left out, one is made up at every load',
    },
    client_secret: {
      type: 'string',
      minLength: 1,
      description: 'Secret of the application; left out, one is made up at every load',
    },
    hash_secret: {
      type: 'boolean',
      default: false,
      description: 'Whether the secret is kept as a hash',
    },
    redirect_uris: {
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1, format: 'redirect-uri' },
      default: null,
      description: 'URLs that a user may be sent back to, without a fragment',
    },
    client_type: {
      type: 'string',
      enum: ['confidential', 'public'],
      default: 'confidential',
      description: 'Whether the application can keep a secret; public ones must use PKCE',
    },
  },
} as const satisfies JSONSchema
