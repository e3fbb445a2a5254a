// Configuration of jwt.
import { authFields, headerName } from 'gw/plugin'

const names = {
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', minLength: 1 },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['secret_is_base64', 'run_on_preflight'],
  properties: {
    uri_param_names: {
      ...names,
      default: ['jwt'],
      description: 'Query arguments that may hold the token.',
    },
    cookie_names: { ...names, default: [], description: 'Cookies that may hold the token.' },
    key_claim_name: {
      type: 'string',
      minLength: 1,
      default: 'iss',
      description: 'Claim, or else field of the header, that names the key of the credential.',
    },
    secret_is_base64: {
      type: 'boolean',
      default: false,
      description: 'The secrets of HS256, HS384 and HS512 credentials are written in base64.',
    },
    claims_to_verify: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: ['exp', 'nbf'] },
      description: 'Claims that a token must have, and that are held against the clock.',
    },
    anonymous: authFields.anonymous,
    run_on_preflight: {
      type: 'boolean',
      default: true,
      description: 'Ask OPTIONS requests for a token too.',
    },
    maximum_expiration: {
      type: 'number',
      minimum: 0,
      maximum: 31_536_000,
      default: 0,
      description: 'Seconds from now that exp may lie ahead at most; 0 for no limit.',
    },
    header_names: {
      ...names,
      default: ['authorization'],
      description: 'Headers that may hold the token, after `Bearer`.',
    },
    realm: authFields.realm,
    // Kong has neither of these. They have no defaults, so that what is printed and listed stays Kong's.
    claims_to_headers: {
      type: 'object',
      propertyNames: { type: 'string', minLength: 1 },
      additionalProperties: { ...headerName, description: 'Name of a request header.' },
      description:
        'Claims that the target gets, each in the header that it is mapped to; clients cannot send these headers. Not in Kong.',
    },
    hide_credentials: {
      type: 'boolean',
      description: 'Take the token out of the request before the target gets it. Not in Kong.',
    },
  },
} as const
