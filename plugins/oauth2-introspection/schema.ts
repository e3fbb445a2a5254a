// Configuration of oauth2-introspection.
import { authFields, headerMap, timeoutMs, urlText } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['introspection_url', 'authorization_value'],
  properties: {
    introspection_url: { ...urlText, description: 'Where tokens are introspected.' },
    authorization_value: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: 'What Authorization says there, such as `Basic` with client id and secret.',
    },
    token_type_hint: {
      type: 'string',
      minLength: 1,
      description: 'The token_type_hint that is sent; none when left out.',
    },
    ttl: {
      type: 'number',
      minimum: 0,
      default: 30,
      description: 'Seconds to remember what a token is good for; 0 for as long as it lasts.',
    },
    timeout: {
      ...timeoutMs,
      minimum: 1,
      default: 10_000,
      description: 'Milliseconds for a whole request to the server.',
    },
    keepalive: {
      ...timeoutMs,
      default: 60_000,
      description: 'Milliseconds that a connection waits for the next request.',
    },
    introspect_request: {
      type: 'boolean',
      default: false,
      description:
        'Tell the server path and method of the request; it is then asked for each of them.',
    },
    custom_introspection_headers: { ...headerMap, default: {}, description: 'Headers to send.' },
    custom_claims_forward: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        description: 'A member of the answer.',
      },
      default: [],
      description: 'Members of the answer that the target gets as X-Credential- headers, too.',
    },
    consumer_by: {
      type: 'string',
      enum: ['client_id', 'username'],
      default: 'username',
      description:
        'Find the consumer by its username, or by its custom_id, which is the client_id.',
    },
    hide_credentials: authFields.hide_credentials,
    anonymous: {
      type: 'string',
      description: `${authFields.anonymous.description} Empty for none.`,
    },
    run_on_preflight: {
      type: 'boolean',
      default: true,
      description: 'Ask OPTIONS requests for a token too.',
    },
  },
} as const
