// Configuration of request-transformer.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remove', 'rename', 'replace', 'add', 'append'],
  properties: {
    http_method: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    remove: {
      type: 'object',
      additionalProperties: false,
      required: ['body', 'headers', 'querystring'],
      properties: {
        body: {
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
        querystring: {
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
      required: ['body', 'headers', 'querystring'],
      properties: {
        body: {
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
        querystring: {
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
      required: ['body', 'headers', 'querystring'],
      properties: {
        body: {
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
        querystring: {
          type: 'array',
          items: {
            type: 'string',
            minLength: 1,
          },
          default: [],
          description: '',
        },
        uri: {
          type: 'string',
          minLength: 1,
          description: '',
        },
      },
      default: {},
      description: '',
    },
    add: {
      type: 'object',
      additionalProperties: false,
      required: ['body', 'headers', 'querystring'],
      properties: {
        body: {
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
        querystring: {
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
      required: ['body', 'headers', 'querystring'],
      properties: {
        body: {
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
        querystring: {
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
