// Configuration of ai-prompt-template.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['templates', 'allow_untemplated_requests', 'log_original_request'],
  properties: {
    templates: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'template'],
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            description: '',
          },
          template: {
            type: 'string',
            minLength: 1,
            description: '',
          },
        },
        default: {},
      },
      description: '',
    },
    allow_untemplated_requests: {
      type: 'boolean',
      default: true,
      description: '',
    },
    log_original_request: {
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
  },
} as const
