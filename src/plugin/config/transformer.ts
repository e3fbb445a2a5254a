// What the configurations of the plugins that change requests and answers have in common.
import { VALUE_TYPES } from '../transformer/typed-value.js'

/** What is to go: names, or whatever else is written. */
export const transformerNames = {
  type: 'array',
  items: { type: 'string', minLength: 1 },
  default: [],
} as const

/** `name:value`; the value may be empty and may have colons. */
export const transformerPairs = {
  ...transformerNames,
  items: { ...transformerNames.items, pattern: '^[^:]+:' },
} as const

/** `old:new`, both names of headers. */
export const headerRenames = {
  ...transformerPairs,
  items: { ...transformerPairs.items, format: 'header-rename' },
} as const

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

const values = {
  body: { ...fields, description: 'Body fields, each as `name:value`.' },
  headers: { ...headers, description: 'Headers, each as `name:value`.' },
  querystring: { ...fields, description: 'Query arguments, each as `name:value`.' },
} as const

/** The fields of request-transformer. */
export const requestChanges = {
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
      ...values,
      uri: { type: 'string', minLength: 1, description: 'Path of the request to the target.' },
    },
    description: 'What gets another value where it is there.',
  },
  add: {
    ...record,
    properties: values,
    description: 'What is put in where it is not there.',
  },
  append: {
    ...record,
    properties: values,
    description: 'What gets one more value, whether it is there or not.',
  },
} as const

/** Types of values, to stand beside a list of them. */
export const jsonTypes = {
  type: 'array',
  items: { type: 'string', enum: VALUE_TYPES },
  default: [],
} as const

const answerRecord = { type: 'object', additionalProperties: false, default: {} } as const

/** The names and values that replace, add and append work with. */
const answerValues = {
  ...answerRecord,
  required: ['json', 'json_types', 'headers'],
  properties: {
    json: { ...transformerPairs, description: 'Fields of a JSON answer, each as `name:value`.' },
    json_types: {
      ...jsonTypes,
      description: 'Types of the values in `json`, in the same order; string where there is none.',
    },
    headers: { ...transformerPairs, description: 'Headers, each as `name:value`.' },
  },
} as const

/** The fields of response-transformer. */
export const answerChanges = {
  remove: {
    ...answerRecord,
    required: ['json', 'headers'],
    properties: {
      json: { ...transformerNames, description: 'Names of fields of a JSON answer.' },
      headers: { ...transformerNames, description: 'Names of headers.' },
    },
    description: 'What the client does not get.',
  },
  rename: {
    ...answerRecord,
    required: ['json', 'headers'],
    properties: {
      json: { ...transformerPairs, description: 'Fields of a JSON answer, each as `old:new`.' },
      headers: { ...headerRenames, description: 'Headers, each as `old:new`.' },
    },
    description: 'What the client gets under another name.',
  },
  replace: { ...answerValues, description: 'What gets another value where it is there.' },
  add: { ...answerValues, description: 'What is put in where it is not there.' },
  append: { ...answerValues, description: 'What gets one more value, whether it is there or not.' },
} as const
