// snis: the server names that a certificate is shown for.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const sniSchema = {
  type: 'object',
  description: 'A server name that a certificate is shown for',
  additionalProperties: false,
  required: ['name'],
  properties: {
    ...entityProperties,
    name: {
      type: 'string',
      minLength: 1,
      format: 'sni-pattern',
      description: 'Unique host name; the first or the last label may be a *',
    },
  },
} as const satisfies JSONSchema
