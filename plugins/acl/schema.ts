// Configuration of acl.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_groups_header', 'always_use_authenticated_groups'],
  properties: {
    allow: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    deny: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
      },
      description: '',
    },
    hide_groups_header: {
      type: 'boolean',
      default: false,
      description: '',
    },
    always_use_authenticated_groups: {
      type: 'boolean',
      default: false,
      description: '',
    },
  },
} as const
