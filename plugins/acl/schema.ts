// Configuration of acl.

const groups = { type: 'array', items: { type: 'string', minLength: 1 } } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['hide_groups_header', 'always_use_authenticated_groups'],
  properties: {
    allow: { ...groups, description: 'Groups that may pass; all others are refused.' },
    deny: { ...groups, description: 'Groups that are refused; all others may pass.' },
    hide_groups_header: {
      type: 'boolean',
      default: false,
      description: 'Do not tell the target the groups of the consumer.',
    },
    always_use_authenticated_groups: {
      type: 'boolean',
      default: false,
      description:
        'Go by the groups that another plugin has found for the request, even when there is a consumer with groups of its own.',
    },
  },
} as const
