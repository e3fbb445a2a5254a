// Configuration of key-auth.
import { headerName } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    key_names: {
      type: 'array',
      items: { ...headerName, description: 'Name of a header, query argument or body field.' },
      default: ['apikey'],
      description: 'Names under which the key may come; the first one that is there is used.',
    },
    hide_credentials: {
      type: 'boolean',
      default: false,
      description: 'Take the key out of the request before the target gets it.',
    },
    anonymous: {
      type: 'string',
      minLength: 1,
      description: 'Id or username of the consumer that requests without a valid key go on as.',
    },
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
    realm: {
      type: 'string',
      minLength: 1,
      description: 'Realm named in WWW-Authenticate; left out without one.',
    },
  },
} as const
