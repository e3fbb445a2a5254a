// Configuration of the plugins that find out who calls by a key: key-auth and key-auth-enc.
import { authFields, headerName } from './fragments.js'

export const keyAuthSchema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'key_names',
    'hide_credentials',
    'key_in_header',
    'key_in_query',
    'key_in_body',
    'run_on_preflight',
  ],
  properties: {
    key_names: {
      type: 'array',
      items: { ...headerName, description: 'Name of a header, query argument or body field.' },
      default: ['apikey'],
      description: 'Names under which the key may come; the first one that is there is used.',
    },
    hide_credentials: authFields.hide_credentials,
    anonymous: authFields.anonymous,
    key_in_header: {
      type: 'boolean',
      default: true,
      description: 'Look for the key in the headers.',
    },
    key_in_query: {
      type: 'boolean',
      default: true,
      description: 'Look for the key in the query arguments.',
    },
    key_in_body: {
      type: 'boolean',
      default: false,
      description: 'Look for the key in a form, JSON or multipart body of up to 1 MiB.',
    },
    run_on_preflight: {
      type: 'boolean',
      default: true,
      description: 'Ask OPTIONS requests for a key too.',
    },
    realm: authFields.realm,
  },
} as const
