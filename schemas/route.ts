// routes: which requests go to which service.
import { entityProperties, nullableName, PROTOCOLS } from './common.js'
import type { JSONSchema } from './types.js'

/** Kong's `router_flavor`: the languages that routes may be written in. */
export const ROUTER_FLAVOURS = ['traditional_compatible', 'traditional', 'expressions'] as const
export type RouterFlavour = (typeof ROUTER_FLAVOURS)[number]

const peers = {
  type: ['array', 'null'],
  items: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ip: {
        type: ['string', 'null'],
        format: 'ip-or-cidr',
        default: null,
        description: 'IP address or CIDR block',
      },
      port: {
        type: ['integer', 'null'],
        minimum: 0,
        maximum: 65535,
        default: null,
        description: 'TCP or UDP port',
      },
    },
  },
  default: null,
} as const

export const routeSchema = {
  type: 'object',
  description: 'A route: what a request must look like to be served by a service',
  additionalProperties: false,
  required: [
    'protocols',
    'https_redirect_status_code',
    'strip_path',
    'preserve_host',
    'request_buffering',
    'response_buffering',
  ],
  properties: {
    ...entityProperties,
    name: { ...nullableName, description: 'Unique name; plugins may refer to it' },
    protocols: {
      type: 'array',
      items: { type: 'string', enum: PROTOCOLS },
      uniqueItems: true,
      minItems: 1,
      default: ['http', 'https'],
      description: 'Protocols that the route accepts, all of one family',
    },
    methods: {
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1, pattern: '^[A-Z]+$' },
      uniqueItems: true,
      default: null,
      description: 'HTTP methods in upper case',
    },
    hosts: {
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1, format: 'route-host' },
      default: null,
      description: 'Host names, with a port if need be; one * as leftmost or rightmost label',
    },
    paths: {
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1, format: 'route-path' },
      default: null,
      description: 'Path prefixes, or regular expressions after a ~',
    },
    headers: {
      type: ['object', 'null'],
      propertyNames: { type: 'string', minLength: 1, format: 'route-header' },
      additionalProperties: { type: 'array', items: { type: 'string', minLength: 1 } },
      default: null,
      description:
        'Header names, each with the values that match; a single ~*... is a regular expression',
    },
    snis: {
      type: ['array', 'null'],
      items: { type: 'string', minLength: 1, format: 'sni-pattern' },
      uniqueItems: true,
      default: null,
      description: 'Names asked for in the TLS handshake; one leading or trailing *',
    },
    sources: { ...peers, description: 'Addresses of the client; stream protocols only' },
    destinations: { ...peers, description: 'Addresses of the listener; stream protocols only' },
    regex_priority: {
      type: 'integer',
      default: 0,
      description: 'Among routes with a regular expression the higher number is tried first',
    },
    strip_path: {
      type: 'boolean',
      default: true,
      description: 'Whether the matched part of the path is left out towards the target',
    },
    path_handling: {
      type: 'string',
      enum: ['v0', 'v1'],
      default: 'v0',
      description: 'How path of service and path of request are joined',
    },
    preserve_host: {
      type: 'boolean',
      default: false,
      description: "Whether the target gets the client's Host",
    },
    https_redirect_status_code: {
      type: 'integer',
      enum: [426, 301, 302, 307, 308],
      default: 426,
      description: 'Status of the answer to plain http on a route for https alone',
    },
    request_buffering: {
      type: 'boolean',
      default: true,
      description: 'Whether the target hears of a request only when its body is there',
    },
    response_buffering: {
      type: 'boolean',
      default: true,
      description: 'Read for compatibility; answers are passed on as they come',
    },
  },
} as const satisfies JSONSchema

/** Routes of the flavour `expressions`, which may be written either way. */
export const expressionRouteSchema = {
  ...routeSchema,
  properties: {
    ...routeSchema.properties,
    expression: {
      type: ['string', 'null'],
      minLength: 1,
      default: null,
      description: 'Condition on a request, in the language of Kong routes',
    },
    priority: {
      type: 'integer',
      minimum: 0,
      maximum: 2 ** 46 - 1,
      default: 0,
      description: 'Among routes with an expression the higher number is tried first',
    },
  },
} as const satisfies JSONSchema
