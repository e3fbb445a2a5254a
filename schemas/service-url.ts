// The shorthand `url` of a service.
import type { JSONSchema } from './types.js'

export const serviceUrlSchema = {
  type: ['string', 'null'],
  description:
    'Short for protocol, host, port and path together, as in https://example.com:8443/api',
} as const satisfies JSONSchema
