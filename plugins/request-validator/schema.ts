// Configuration of request-validator: the fields of Kong Enterprise 3.9, and the later drafts of JSON Schema beside them.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'allowed_content_types',
    'version',
    'verbose_response',
    'content_type_parameter_validation',
  ],
  properties: {
    body_schema: {
      type: 'string',
      minLength: 1,
      description: 'What the body of a request has to be, as JSON: a schema of the version named.',
    },
    parameter_schema: {
      type: 'array',
      description: 'What arguments of the query, headers and parts of the path have to be.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['in', 'name', 'required'],
        description: 'One parameter, in the terms of OpenAPI 3.0.',
        properties: {
          in: {
            type: 'string',
            enum: ['query', 'header', 'path'],
            description: 'Where it stands; a path is one with named groups.',
          },
          name: {
            type: 'string',
            minLength: 1,
            description: 'Its name; in a path that of a group of the regex path of the route.',
          },
          required: { type: 'boolean', description: 'Refuse requests without it.' },
          style: {
            type: 'string',
            enum: [
              'label',
              'form',
              'matrix',
              'simple',
              'spaceDelimited',
              'pipeDelimited',
              'deepObject',
            ],
            description: 'How lists and objects are written.',
          },
          explode: {
            type: 'boolean',
            description: 'Each member of a list or an object stands for itself.',
          },
          schema: {
            type: 'string',
            minLength: 1,
            description: 'JSON Schema of the value, as JSON; it needs a type.',
          },
        },
      },
    },
    version: {
      type: 'string',
      enum: ['kong', 'draft4', 'draft7', 'draft201909', 'draft202012'],
      default: 'kong',
      description: "The language of body_schema: Kong's own, or a draft of JSON Schema.",
    },
    allowed_content_types: {
      type: 'array',
      items: { type: 'string', minLength: 1, description: 'A media type.' },
      default: ['application/json'],
      description: 'Media types that requests may have, where there is a body_schema.',
    },
    verbose_response: {
      type: 'boolean',
      default: false,
      description: 'Tell clients what is wrong with their request.',
    },
    content_type_parameter_validation: {
      type: 'boolean',
      default: true,
      description: 'Compare the parameter of Content-Type, too, such as its charset.',
    },
  },
} as const
