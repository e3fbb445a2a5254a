// Configuration of azure-functions.

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['appname', 'hostdomain', 'functionname'],
  properties: {
    timeout: {
      type: 'number',
      default: 600000,
      description: '',
    },
    keepalive: {
      type: 'number',
      default: 60000,
      description: '',
    },
    https: {
      type: 'boolean',
      default: true,
      description: '',
    },
    https_verify: {
      type: 'boolean',
      default: false,
      description: '',
    },
    apikey: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    clientid: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: '',
    },
    appname: {
      type: 'string',
      minLength: 1,
      description: '',
    },
    hostdomain: {
      type: 'string',
      minLength: 1,
      default: 'azurewebsites.net',
      description: '',
    },
    routeprefix: {
      type: 'string',
      minLength: 1,
      default: 'api',
      description: '',
    },
    functionname: {
      type: 'string',
      minLength: 1,
      description: '',
    },
  },
} as const
