// Configuration of basic-auth.
import { authFields } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_credentials', 'realm'],
  properties: {
    anonymous: authFields.anonymous,
    hide_credentials: authFields.hide_credentials,
    realm: {
      type: 'string',
      minLength: 1,
      default: 'service',
      description: 'Realm named in WWW-Authenticate.',
    },
  },
} as const
