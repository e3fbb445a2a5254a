// Configuration of response-transformer.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: {
    remove: {
      type: 'object',
      additionalProperties: false,
      required: ['json', 'headers'],
      properties: {
        json: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        headers: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
      },
      default: {},
      description: '',
    },
    rename: {
      type: 'object',
      additionalProperties: false,
      required: ['json', 'headers'],
      properties: {
        json: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        headers: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
      },
      default: {},
      description: '',
    },
    replace: {
      type: 'object',
      additionalProperties: false,
      required: ['json', 'json_types', 'headers'],
      properties: {
        json: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        json_types: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['boolean', 'number', 'string'],
          },
          default: [],
          description: '',
        },
        headers: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
      },
      default: {},
      description: '',
    },
    add: {
      type: 'object',
      additionalProperties: false,
      required: ['json', 'json_types', 'headers'],
      properties: {
        json: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        json_types: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['boolean', 'number', 'string'],
          },
          default: [],
          description: '',
        },
        headers: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
      },
      default: {},
      description: '',
    },
    append: {
      type: 'object',
      additionalProperties: false,
      required: ['json', 'json_types', 'headers'],
      properties: {
        json: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        json_types: {
          type: 'array',
          items: {
            type: 'string',
            enum: ['boolean', 'number', 'string'],
          },
          default: [],
          description: '',
        },
        headers: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
      },
      default: {},
      description: '',
    },
  },
} as const
