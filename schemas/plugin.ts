// plugins: one use of a plugin. What `config` may hold is up to the plugin named.
import { entityProperties, HTTP_PROTOCOLS, nullableName, PROTOCOLS } from './common.js'
import type { JSONSchema } from './types.js'

export const pluginSchema = {
  type: 'object',
  description: 'One use of a plugin, global or for a service, a route, a consumer',
  additionalProperties: false,
  required: ['name', 'enabled', 'protocols'],
  properties: {
    ...entityProperties,
    name: { type: 'string', minLength: 1, description: 'Name of the plugin' },
    instance_name: { ...nullableName, description: 'Unique name of this use' },
    enabled: { type: 'boolean', default: true, description: 'Whether the plugin runs' },
    protocols: {
      type: 'array',
      items: { type: 'string', enum: PROTOCOLS },
      uniqueItems: true,
      default: HTTP_PROTOCOLS,
      description: 'Protocols of the requests that the plugin runs for',
    },
    config: {
      type: 'object',
      properties: {},
      default: {},
      description: 'Configuration as the plugin itself defines it',
    },
  },
} as const satisfies JSONSchema
