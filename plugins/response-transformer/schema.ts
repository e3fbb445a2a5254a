// Configuration of response-transformer.
import { headerRenames, transformerNames, transformerPairs } from 'gw/plugin'

const record = { type: 'object', additionalProperties: false, default: {} } as const

/** The names and values that replace, add and append work with. */
const values = {
  ...record,
  required: ['json', 'json_types', 'headers'],
  properties: {
    json: { ...transformerPairs, description: 'Fields of a JSON answer, each as `name:value`.' },
    json_types: {
      type: 'array',
      items: { type: 'string', enum: ['boolean', 'number', 'string'] },
      default: [],
      description: 'Types of the values in `json`, in the same order; string where there is none.',
    },
    headers: { ...transformerPairs, description: 'Headers, each as `name:value`.' },
  },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: {
    remove: {
      ...record,
      required: ['json', 'headers'],
      properties: {
        json: { ...transformerNames, description: 'Names of fields of a JSON answer.' },
        headers: { ...transformerNames, description: 'Names of headers.' },
      },
      description: 'What the client does not get.',
    },
    rename: {
      ...record,
      required: ['json', 'headers'],
      properties: {
        json: { ...transformerPairs, description: 'Fields of a JSON answer, each as `old:new`.' },
        headers: { ...headerRenames, description: 'Headers, each as `old:new`.' },
      },
      description: 'What the client gets under another name.',
    },
    replace: { ...values, description: 'What gets another value where it is there.' },
    add: { ...values, description: 'What is put in where it is not there.' },
    append: { ...values, description: 'What gets one more value, whether it is there or not.' },
  },
} as const
