// Configuration of compression.

/** What browsers and programs get as text; images, films and archives are compressed already. */
const TYPES = [
  'text/html',
  'text/css',
  'text/plain',
  'text/xml',
  'text/csv',
  'text/javascript',
  'application/javascript',
  'application/json',
  'application/*+json',
  'application/xml',
  'application/*+xml',
  'application/wasm',
  'image/svg+xml',
]

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'algorithms',
    'types',
    'min_length',
    'gzip_level',
    'br_level',
    'zstd_level',
    'skip_answers_with_cookies',
  ],
  properties: {
    algorithms: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', enum: ['br', 'gzip', 'zstd'], description: 'A content coding.' },
      default: ['br', 'gzip'],
      description:
        'What answers may be compressed with; the first is taken where clients have no wish.',
    },
    types: {
      type: 'array',
      items: { type: 'string', minLength: 1, description: 'A media type.' },
      default: TYPES,
      description: 'Media types that are worth it; also `type/*`, `type/*+suffix` and `*/*`.',
    },
    min_length: {
      type: 'integer',
      minimum: 0,
      default: 1024,
      description:
        'Shorter answers stay as they are, in bytes; one of unknown length is not short.',
    },
    gzip_level: {
      type: 'integer',
      minimum: 1,
      maximum: 9,
      default: 5,
      description: 'Higher is smaller and slower.',
    },
    br_level: {
      type: 'integer',
      minimum: 0,
      // From 7 on a stream takes 9 to 34 MB.
      maximum: 6,
      default: 4,
      description: 'Higher is smaller and slower.',
    },
    zstd_level: {
      type: 'integer',
      minimum: 1,
      // From 7 on a stream takes 6 to 42 MB.
      maximum: 6,
      default: 3,
      description: 'Higher is smaller and slower.',
    },
    skip_answers_with_cookies: {
      type: 'boolean',
      default: false,
      description: 'Leave answers alone that set a cookie.',
    },
  },
} as const
