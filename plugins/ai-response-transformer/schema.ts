// Configuration of ai-response-transformer.
import { llmTransformerFields } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'prompt',
    'parse_llm_response_json_instructions',
    'http_timeout',
    'https_verify',
    'llm',
  ],
  properties: {
    ...llmTransformerFields,
    parse_llm_response_json_instructions: {
      type: 'boolean',
      default: false,
      description: "Take status, headers and body from the LLM's answer, which must be JSON.",
    },
  },
} as const
