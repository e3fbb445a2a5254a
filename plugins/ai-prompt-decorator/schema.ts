// Configuration of ai-prompt-decorator.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    prompts: {
      type: 'object',
      additionalProperties: false,
      properties: {
        prepend: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['role', 'content'],
            properties: {
              role: {
                type: 'string',
                enum: ['system', 'assistant', 'user'],
                default: 'system',
                description: '',
              },
              content: {
                type: 'string',
                minLength: 1,
                maxLength: 500,
                description: '',
              },
            },
          },
          maxItems: 15,
          description: '',
        },
        append: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['role', 'content'],
            properties: {
              role: {
                type: 'string',
                enum: ['system', 'assistant', 'user'],
                default: 'system',
                description: '',
              },
              content: {
                type: 'string',
                minLength: 1,
                maxLength: 500,
                description: '',
              },
            },
          },
          maxItems: 15,
          description: '',
        },
      },
      description: '',
    },
    max_request_body_size: {
      type: 'integer',
      exclusiveMinimum: 0,
      default: 8192,
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
