// What the configurations of plugins that limit requests have in common.
import { IDENTIFIERS } from '../limits/identifier.js'
import { headerName } from './fragments.js'

export const limitBy = {
  limit_by: {
    type: 'string',
    enum: IDENTIFIERS,
    default: 'consumer',
    description: 'What requests are counted by; those that have no such thing by client address.',
  },
  header_name: { ...headerName, description: 'Header that limit_by: header counts by.' },
  path: {
    type: 'string',
    minLength: 1,
    format: 'path',
    description: 'Path that limit_by: path counts by.',
  },
} as const

/** Of the answer past the limit, and before it. */
export const limitAnswer = {
  hide_client_headers: {
    type: 'boolean',
    default: false,
    description: 'Send no RateLimit headers to the client.',
  },
  error_code: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 429,
    description: 'Status of the answer past the limit.',
  },
  error_message: {
    type: 'string',
    minLength: 1,
    default: 'API rate limit exceeded',
    description: 'Message of the answer past the limit.',
  },
} as const
