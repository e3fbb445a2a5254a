// Configuration of ai-prompt-guard.
import { bodySize, llmFormat } from 'gw/plugin'

const patterns = {
  type: 'array',
  maxItems: 10,
  items: { type: 'string', minLength: 1, maxLength: 500 },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['allow_all_conversation_history', 'match_all_roles'],
  properties: {
    allow_patterns: {
      ...patterns,
      description: 'Patterns of which a prompt must match one; any prompt may pass without them.',
    },
    deny_patterns: {
      ...patterns,
      description: 'Patterns of which a prompt may match none; they outweigh those that allow.',
    },
    allow_all_conversation_history: {
      type: 'boolean',
      default: false,
      description: 'Look at the newest message alone.',
    },
    max_request_body_size: bodySize,
    match_all_roles: {
      type: 'boolean',
      default: false,
      description: 'Look at the messages of every role, and not of `user` alone.',
    },
    llm_format: llmFormat,
  },
} as const
