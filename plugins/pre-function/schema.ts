// Configuration of pre-function.
import { functionPhases } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['certificate', 'rewrite', 'access', 'header_filter', 'body_filter', 'log'],
  properties: functionPhases('pre-function-lua'),
} as const
