// oauth2_tokens: tokens that the plugin oauth2 has given out.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

const { id, created_at, updated_at } = entityProperties
const nullableText = { type: ['string', 'null'], minLength: 1, default: null } as const

/** What tokens and codes have in common: they are not labelled, and they expire. */
const grant = {
  id,
  created_at,
  updated_at,
  authenticated_userid: { ...nullableText, description: 'The user who gave consent' },
  scope: { ...nullableText, description: 'What was consented to, separated by spaces' },
  ttl: {
    type: ['integer', 'null'],
    minimum: 0,
    maximum: 100000000000,
    default: null,
    description: 'Time of expiry, Unix seconds; null for never',
  },
} as const

export const oauth2TokenSchema = {
  type: 'object',
  description: 'A token for an application, known to the plugin oauth2',
  additionalProperties: false,
  required: ['token_type', 'expires_in'],
  properties: {
    ...grant,
    token_type: {
      type: 'string',
      enum: ['bearer'],
      default: 'bearer',
      description: 'Kind of token',
    },
    expires_in: {
      type: 'integer',
      description: 'Time that the access token is good for after its creation, seconds; 0 for ever',
    },
    access_token: {
      type: 'string',
      minLength: 1,
      description: 'The token; unique. Left out, one is made up at every load',
    },
    refresh_token: { ...nullableText, description: 'What a new token is given for; unique' },
  },
} as const satisfies JSONSchema

export const oauth2AuthorizationCodeSchema = {
  type: 'object',
  description: 'A code that an application may exchange for a token of the plugin oauth2',
  additionalProperties: false,
  properties: {
    ...grant,
    code: {
      type: 'string',
      minLength: 1,
      description: 'The code; unique. Left out, one is made up at every load',
    },
    challenge: { ...nullableText, description: 'The challenge of PKCE' },
    challenge_method: {
      type: ['string', 'null'],
      enum: ['S256', null],
      default: null,
      description: 'How the challenge was made',
    },
  },
} as const satisfies JSONSchema
