// certificates: what the gateway shows to clients by TLS, or to targets as a client.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const certificateSchema = {
  type: 'object',
  description:
    'A certificate with its private key, and perhaps a second pair of another kind of key',
  additionalProperties: false,
  required: ['cert', 'key'],
  properties: {
    ...entityProperties,
    cert: {
      type: 'string',
      minLength: 1,
      format: 'certificate',
      referenceable: true,
      description: 'The certificate and its chain, PEM, or a reference to a vault',
    },
    key: {
      type: 'string',
      minLength: 1,
      format: 'private-key',
      referenceable: true,
      description: 'The private key, PEM without a password, or a reference to a vault',
    },
    cert_alt: {
      type: ['string', 'null'],
      minLength: 1,
      format: 'certificate',
      referenceable: true,
      default: null,
      description: 'A second certificate with another kind of key, PEM, or a reference to a vault',
    },
    key_alt: {
      type: ['string', 'null'],
      minLength: 1,
      format: 'private-key',
      referenceable: true,
      default: null,
      description: 'The private key of the second certificate',
    },
  },
} as const satisfies JSONSchema
