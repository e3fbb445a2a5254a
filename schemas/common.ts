// Pieces that several entities share. A schema describes what an entity may say of itself; how entities refer to each
// other, and which may be nested in which, stands in src/config/entities/collections.ts.

export const HTTP_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https'] as const
/** In the order in which Kong lists them in its messages. */
export const PROTOCOLS = [
  'grpc',
  'grpcs',
  'http',
  'https',
  'tcp',
  'tls',
  'tls_passthrough',
  'udp',
] as const

/** What every entity has. Left out, `id` and the times are made when the file is read. */
export const entityProperties = {
  id: {
    type: 'string',
    format: 'uuid',
    description: 'UUID of the entity; left out, it is derived from the name or made up',
  },
  created_at: {
    type: 'integer',
    format: 'timestamp',
    description: 'Time of creation, Unix seconds; left out, the time of loading',
  },
  updated_at: {
    type: 'integer',
    format: 'timestamp',
    description: 'Time of the last change, Unix seconds; always replaced by the time of loading',
  },
  tags: {
    type: ['array', 'null'],
    items: { type: 'string', minLength: 1, format: 'tag' },
    uniqueItems: true,
    default: null,
    description: 'Labels for the reader; the gateway itself does nothing with them',
  },
} as const

export const nullableName = {
  type: ['string', 'null'],
  minLength: 1,
  format: 'name',
  default: null,
} as const
