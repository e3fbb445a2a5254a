// Configuration of response-transformer-advanced.
import { answerChanges, transformerNames } from 'gw/plugin'

/** Statuses that a record counts for; shared by all of them. */
const if_status = {
  type: 'array',
  items: { type: 'string', pattern: '^[1-9][0-9]{2}(-[1-9][0-9]{2})?$' },
  default: [],
  description: 'Statuses of answers that this is done to, such as `404` or `500-599`; empty: all.',
} as const

const required = ['json', 'json_types', 'headers', 'if_status'] as const

const { remove, rename, replace, add, append } = answerChanges

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append', 'allow', 'transform'],
  properties: {
    remove: {
      ...remove,
      required: ['json', 'headers', 'if_status'],
      properties: {
        ...remove.properties,
        headers: {
          ...remove.properties.headers,
          description: 'Headers, each as `name`, `name:value` or `name:/regular expression/`.',
        },
        if_status,
      },
    },
    rename: {
      ...rename,
      required: ['headers', 'if_status'],
      properties: { headers: rename.properties.headers, if_status },
    },
    replace: {
      ...replace,
      required,
      properties: {
        ...replace.properties,
        body: { type: 'string', minLength: 1, description: 'What the whole body becomes.' },
        if_status,
      },
    },
    add: { ...add, required, properties: { ...add.properties, if_status } },
    append: { ...append, required, properties: { ...append.properties, if_status } },
    allow: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        json: {
          type: 'array',
          uniqueItems: true,
          items: transformerNames.items,
          description: 'Names of the only fields that may be left in JSON; empty for all.',
        },
      },
      description: 'What the client gets, and nothing else.',
    },
    transform: {
      type: 'object',
      additionalProperties: false,
      default: {},
      required: ['functions', 'json', 'if_status'],
      properties: {
        functions: {
          ...transformerNames,
          description: 'Lua functions of a JSON body: not available here.',
        },
        json: {
          ...transformerNames,
          description: 'Fields that the functions are applied to; without effect without them.',
        },
        if_status,
      },
      description: 'Lua functions that change a JSON body: not available here.',
    },
    dots_in_keys: {
      type: 'boolean',
      default: true,
      description:
        'Dots belong to the names of fields; false: they lead into JSON, as in `a.b[1].c`.',
    },
  },
} as const
