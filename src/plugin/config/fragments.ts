// Pieces of configuration schemas that several plugins share. Spread them and add a description.

/** A header that a plugin reads or writes, as Kong's header_name type: letters, digits, `_` and `-`. */
export const headerName = { type: 'string', minLength: 1, format: 'header-name' } as const

/** Any name that HTTP allows for a header (RFC 9110, 5.6.2), where Kong itself takes any text. */
export const fieldName = {
  type: 'string',
  minLength: 1,
  pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
} as const

/** Fields that plugins which authenticate have in common, with their descriptions. */
export const authFields = {
  anonymous: {
    type: 'string',
    minLength: 1,
    description: 'Id or username of the consumer that requests without valid credentials go on as.',
  },
  hide_credentials: {
    type: 'boolean',
    default: false,
    description: 'Take the credentials out of the request before the target gets it.',
  },
  realm: {
    type: 'string',
    minLength: 1,
    description: 'Realm named in WWW-Authenticate; none when left out.',
  },
} as const
