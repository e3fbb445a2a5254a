// Configuration of request-termination.
import { headerName } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['status_code', 'echo'],
  properties: {
    status_code: {
      type: 'integer',
      minimum: 100,
      maximum: 599,
      default: 503,
      description: 'Status of the answer.',
    },
    message: {
      type: 'string',
      minLength: 1,
      description: 'Text of the JSON answer; not with content_type or body.',
    },
    content_type: {
      type: 'string',
      minLength: 1,
      description: 'Content-Type of `body`; without it the answer has none.',
    },
    body: { type: 'string', minLength: 1, description: 'Answer, sent as it is.' },
    echo: {
      type: 'boolean',
      default: false,
      description: 'Answer with what the gateway has understood of the request.',
    },
    trigger: {
      ...headerName,
      description: 'Answer only requests that have a header or a query argument of this name.',
    },
  },
} as const
