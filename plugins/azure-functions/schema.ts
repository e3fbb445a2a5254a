// Configuration of azure-functions.

const text = { type: 'string', minLength: 1 } as const
const secret = { ...text, referenceable: true } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['appname', 'hostdomain', 'functionname'],
  properties: {
    timeout: {
      type: 'number',
      default: 600000,
      description: 'Time to connect, to send and to read, each, in milliseconds.',
    },
    keepalive: {
      type: 'number',
      default: 60000,
      description: 'Time that an idle connection is kept, in milliseconds.',
    },
    https: { type: 'boolean', default: true, description: 'Call with https.' },
    https_verify: {
      type: 'boolean',
      default: false,
      description: 'Refuse a certificate of the function that does not verify.',
    },
    apikey: { ...secret, description: 'Key of the function, sent as X-Functions-Key.' },
    clientid: { ...secret, description: 'Id of the client, sent as X-Functions-ClientId.' },
    appname: { ...text, description: 'Name of the app, the first label of its host.' },
    hostdomain: {
      ...text,
      default: 'azurewebsites.net',
      description: 'Domain that the app is in.',
    },
    routeprefix: {
      ...text,
      default: 'api',
      description: "Path that comes before the function's name.",
    },
    functionname: { ...text, description: 'Name of the function.' },
  },
} as const
