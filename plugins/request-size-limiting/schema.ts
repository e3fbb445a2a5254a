// Configuration of request-size-limiting.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['size_unit', 'require_content_length'],
  properties: {
    allowed_payload_size: {
      type: 'integer',
      default: 128,
      description: 'Size of a request body at most, in size_unit.',
    },
    size_unit: {
      type: 'string',
      enum: ['megabytes', 'kilobytes', 'bytes'],
      default: 'megabytes',
      description: 'Unit of the limit; a megabyte has 1024 kilobytes, a kilobyte 1024 bytes.',
    },
    require_content_length: {
      type: 'boolean',
      default: false,
      description: 'Refuse requests that neither have a Content-Length nor are chunked.',
    },
  },
} as const
