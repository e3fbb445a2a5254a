// targets: the addresses behind an upstream.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

export const targetSchema = {
  type: 'object',
  description: 'A target: one address behind an upstream',
  additionalProperties: false,
  required: ['target'],
  properties: {
    ...entityProperties,
    // Alone among the entities, these have fractions: they decide the order of the targets.
    created_at: { ...entityProperties.created_at, type: 'number' },
    updated_at: { ...entityProperties.updated_at, type: 'number' },
    target: {
      type: 'string',
      minLength: 1,
      format: 'target',
      description: 'Host name or IP address, with a port or without; without it is 8000',
    },
    weight: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 100,
      description: 'Share of the requests, against the other targets; 0 for none',
    },
  },
} as const satisfies JSONSchema
