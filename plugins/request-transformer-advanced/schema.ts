// Configuration of request-transformer-advanced.
import { jsonTypes, requestChanges, transformerNames } from 'gw/plugin'

const required = ['body', 'headers', 'querystring', 'json_types'] as const

/** What the values of body fields become in JSON. */
const json_types = {
  ...jsonTypes,
  description: 'Types of the values in `body`, in the same order; string where there is none.',
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append', 'allow'],
  properties: {
    ...requestChanges,
    replace: {
      ...requestChanges.replace,
      required,
      properties: { ...requestChanges.replace.properties, json_types },
    },
    add: {
      ...requestChanges.add,
      required,
      properties: { ...requestChanges.add.properties, json_types },
    },
    append: {
      ...requestChanges.append,
      required,
      properties: { ...requestChanges.append.properties, json_types },
    },
    allow: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        body: {
          type: 'array',
          uniqueItems: true,
          items: transformerNames.items,
          description: 'Names of the only fields that may be left in a body; empty for all.',
        },
      },
      description: 'What the target gets, and nothing else.',
    },
    dots_in_keys: {
      type: 'boolean',
      default: true,
      description:
        'Dots belong to the names of fields; false: they lead into JSON, as in `a.b[1].c`.',
    },
  },
} as const
