// Configuration of response-transformer.
import { answerChanges } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: answerChanges,
} as const
