// Configuration of ai-request-transformer.
import { llmTransformerFields } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['prompt', 'http_timeout', 'https_verify', 'llm'],
  properties: llmTransformerFields,
} as const
