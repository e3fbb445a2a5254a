// ca_certificates: whom to trust.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const caCertificateSchema = {
  type: 'object',
  description: 'The certificate of an authority that services may be told to trust',
  additionalProperties: false,
  required: ['cert'],
  properties: {
    ...entityProperties,
    cert: {
      type: 'string',
      minLength: 1,
      format: 'certificate',
      description: 'The certificate alone, PEM',
    },
    cert_digest: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'SHA-256 of the certificate, hex; unique, and always computed anew',
    },
  },
} as const satisfies JSONSchema
