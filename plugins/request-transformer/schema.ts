// Configuration of request-transformer.
import { headerRenames, transformerNames, transformerPairs } from 'gw/plugin'

const record = {
  type: 'object',
  additionalProperties: false,
  required: ['body', 'headers', 'querystring'],
  default: {},
} as const

/** Names and values of headers; values may be empty. */
const headers = {
  ...transformerPairs,
  items: { ...transformerPairs.items, format: 'header-entry' },
} as const

/** Names and values of query arguments or body fields. */
const fields = {
  ...transformerNames,
  items: { ...transformerNames.items, format: 'pair' },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: {
    http_method: {
      type: 'string',
      minLength: 1,
      pattern: '^[A-Z]+$',
      description: 'Method of the request to the target.',
    },
    remove: {
      ...record,
      properties: {
        body: { ...transformerNames, description: 'Names of body fields.' },
        headers: {
          ...transformerNames,
          items: { ...transformerNames.items, format: 'header-entry' },
          description: 'Names of headers.',
        },
        querystring: { ...transformerNames, description: 'Names of query arguments.' },
      },
      description: 'What the target does not get.',
    },
    rename: {
      ...record,
      properties: {
        body: { ...fields, description: 'Body fields, each as `old:new`.' },
        headers: { ...headerRenames, description: 'Headers, each as `old:new`.' },
        querystring: { ...fields, description: 'Query arguments, each as `old:new`.' },
      },
      description: 'What the target gets under another name.',
    },
    replace: {
      ...record,
      properties: {
        body: { ...fields, description: 'Body fields, each as `name:value`.' },
        headers: { ...headers, description: 'Headers, each as `name:value`.' },
        querystring: { ...fields, description: 'Query arguments, each as `name:value`.' },
        uri: { type: 'string', minLength: 1, description: 'Path of the request to the target.' },
      },
      description: 'What gets another value where it is there.',
    },
    add: {
      ...record,
      properties: {
        body: { ...fields, description: 'Body fields, each as `name:value`.' },
        headers: { ...headers, description: 'Headers, each as `name:value`.' },
        querystring: { ...fields, description: 'Query arguments, each as `name:value`.' },
      },
      description: 'What is put in where it is not there.',
    },
    append: {
      ...record,
      properties: {
        body: { ...fields, description: 'Body fields, each as `name:value`.' },
        headers: { ...headers, description: 'Headers, each as `name:value`.' },
        querystring: { ...fields, description: 'Query arguments, each as `name:value`.' },
      },
      description: 'What gets one more value, whether it is there or not.',
    },
  },
} as const
