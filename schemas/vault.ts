// vaults: prefixes for references to secrets.
import { entityProperties } from './common.js'
import type { JSONSchema } from './types.js'

/** The kinds of vault there are; each is a prefix of its own. */
export const VAULTS = ['env'] as const

export const vaultSchema = {
  type: 'object',
  description:
    'A vault: a prefix that references to secrets may begin with, as in {vault://PREFIX/NAME}',
  additionalProperties: false,
  required: ['prefix', 'name'],
  properties: {
    ...entityProperties,
    prefix: {
      type: 'string',
      minLength: 1,
      pattern: '^[a-z][a-z0-9-]*[a-z0-9]+$',
      description: 'Unique prefix of references; not the name of a kind of vault',
    },
    name: {
      type: 'string',
      minLength: 1,
      description: 'Kind of vault: env, the environment of the gateway',
    },
    description: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'A remark',
    },
    config: {
      type: 'object',
      additionalProperties: false,
      properties: {
        prefix: {
          type: ['string', 'null'],
          minLength: 1,
          pattern: '^[A-Za-z_-][A-Za-z0-9_-]*$',
          default: null,
          description: 'What the names of variables begin with',
        },
      },
      default: {},
      description: 'How to read the vault',
    },
  },
} as const satisfies JSONSchema
