// acls: groups for the plugin acl.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const aclSchema = {
  type: 'object',
  description: 'Membership of a consumer in a group, for the plugin acl',
  additionalProperties: false,
  required: ['group'],
  properties: {
    ...entityProperties,
    group: { type: 'string', minLength: 1, description: 'Name of the group' },
  },
} as const satisfies JSONSchema
