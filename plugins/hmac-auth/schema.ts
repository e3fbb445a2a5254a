// Configuration of hmac-auth.
import { authFields } from 'gw/plugin'

const ALGORITHMS = ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_credentials', 'validate_request_body'],
  properties: {
    hide_credentials: authFields.hide_credentials,
    clock_skew: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 300,
      description: 'Seconds by which the date of a request may differ from the clock here.',
    },
    anonymous: authFields.anonymous,
    validate_request_body: {
      type: 'boolean',
      default: false,
      description: 'Hold the body against the Digest header.',
    },
    enforce_headers: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
      description: 'Headers that a client has to sign.',
    },
    algorithms: {
      type: 'array',
      items: { type: 'string', enum: ALGORITHMS },
      default: ALGORITHMS,
      description: 'Algorithms that a client may sign with.',
    },
    realm: authFields.realm,
  },
} as const
