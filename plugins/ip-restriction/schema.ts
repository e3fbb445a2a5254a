// Configuration of ip-restriction.

const ranges = {
  type: 'array',
  items: { type: 'string', minLength: 1, format: 'ip-or-cidr' },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    allow: {
      ...ranges,
      description: 'Addresses and CIDR ranges that may pass; all others are refused.',
    },
    deny: {
      ...ranges,
      description: 'Addresses and CIDR ranges that are refused, even when allow has them too.',
    },
    status: { type: 'number', description: 'Status of the refusal; 403 when left out.' },
    message: {
      type: 'string',
      minLength: 1,
      description: 'Message of the refusal; one that names the address when left out.',
    },
  },
} as const
