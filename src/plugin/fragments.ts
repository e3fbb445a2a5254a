// Pieces of configuration schemas that several plugins share. Spread them and add a description.

/** A header that a plugin reads or writes, as Kong's header_name type: letters, digits, `_` and `-`. */
export const headerName = {
  type: 'string',
  minLength: 1,
  pattern: '^[A-Za-z0-9_-]+$',
} as const

/** Any name that HTTP allows for a header (RFC 9110, 5.6.2), where Kong itself takes any text. */
export const fieldName = {
  type: 'string',
  minLength: 1,
  pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
} as const
