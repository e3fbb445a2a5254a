// Configuration of request-size-limiting.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['size_unit', 'require_content_length'],
  properties: {
    allowed_payload_size: {
      type: 'integer',
      default: 128,
      description: '',
    },
    size_unit: {
      type: 'string',
      enum: ['megabytes', 'kilobytes', 'bytes'],
      default: 'megabytes',
      description: '',
    },
    require_content_length: {
      type: 'boolean',
      default: false,
      description: '',
    },
  },
} as const
