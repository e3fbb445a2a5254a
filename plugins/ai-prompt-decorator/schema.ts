// Configuration of ai-prompt-decorator.
import { bodySize, llmFormat } from 'gw/plugin'

const messages = {
  type: 'array',
  maxItems: 15,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['role', 'content'],
    properties: {
      role: {
        type: 'string',
        enum: ['system', 'assistant', 'user'],
        default: 'system',
        description: 'Who speaks.',
      },
      content: {
        type: 'string',
        minLength: 1,
        maxLength: 500,
        description: 'What is said.',
      },
    },
  },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    prompts: {
      type: 'object',
      additionalProperties: false,
      description: 'Messages that each chat gets.',
      properties: {
        prepend: { ...messages, description: "Messages before the client's, in this order." },
        append: { ...messages, description: "Messages after the client's, in this order." },
      },
    },
    max_request_body_size: bodySize,
    llm_format: llmFormat,
  },
} as const
