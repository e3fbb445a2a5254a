// Configuration of ai-prompt-template.
import { bodySize } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['templates', 'allow_untemplated_requests', 'log_original_request'],
  properties: {
    templates: {
      type: 'array',
      description: 'Bodies that clients may ask for by name.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'template'],
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            description: 'Name that a client gives as `{template://NAME}`.',
          },
          template: {
            type: 'string',
            minLength: 1,
            description: 'JSON body with `{{placeholders}}` for what the client fills in.',
          },
        },
      },
    },
    allow_untemplated_requests: {
      type: 'boolean',
      default: true,
      description: 'Let requests pass that ask for no template.',
    },
    log_original_request: {
      type: 'boolean',
      default: false,
      description: 'Log the body as the client sent it.',
    },
    max_request_body_size: bodySize,
  },
} as const
