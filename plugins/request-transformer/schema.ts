// Configuration of request-transformer.
import { requestChanges } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: requestChanges,
} as const
