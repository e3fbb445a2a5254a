// Configuration of ai-prompt-guard.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['allow_all_conversation_history', 'match_all_roles'],
  properties: {
    allow_patterns: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 500,
      },
      maxItems: 10,
      description: '',
    },
    deny_patterns: {
      type: 'array',
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 500,
      },
      maxItems: 10,
      description: '',
    },
    allow_all_conversation_history: {
      type: 'boolean',
      default: false,
      description: '',
    },
    max_request_body_size: {
      type: 'integer',
      exclusiveMinimum: 0,
      default: 8192,
      description: '',
    },
    match_all_roles: {
      type: 'boolean',
      default: false,
      description: '',
    },
    llm_format: {
      type: 'string',
      enum: ['openai', 'bedrock', 'gemini'],
      default: 'openai',
      description: '',
    },
  },
} as const
