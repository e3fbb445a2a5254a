// upstreams: a name for several targets, and how requests are spread over them.
import { entityProperties } from './common.js'
import { healthchecks } from './healthchecks.js'
import type { JSONSchema } from './types.js'

const hashInput = {
  type: 'string',
  enum: ['none', 'consumer', 'ip', 'header', 'cookie', 'path', 'query_arg', 'uri_capture'],
  default: 'none',
} as const
const nullableText = { type: ['string', 'null'], minLength: 1, default: null } as const
const headerName = { ...nullableText, format: 'header-name' } as const

export const upstreamSchema = {
  type: 'object',
  description: 'An upstream: a host name that stands for several targets',
  additionalProperties: false,
  required: ['name', 'healthchecks'],
  properties: {
    ...entityProperties,
    name: {
      type: 'string',
      minLength: 1,
      format: 'upstream-name',
      description: 'Unique name, a host name without port; services have it for their host',
    },
    algorithm: {
      type: 'string',
      enum: ['consistent-hashing', 'least-connections', 'round-robin', 'latency'],
      default: 'round-robin',
      description: 'How a target is chosen; follows from hash_on where that is set',
    },
    hash_on: { ...hashInput, description: 'What consistent hashing looks at' },
    hash_fallback: { ...hashInput, description: 'What it looks at where that yields nothing' },
    hash_on_header: { ...headerName, description: 'Name of the header for hash_on: header' },
    hash_fallback_header: {
      ...headerName,
      description: 'Name of the header for hash_fallback: header',
    },
    hash_on_cookie: {
      ...nullableText,
      format: 'cookie-name',
      description: 'Name of the cookie for hash_on or hash_fallback: cookie',
    },
    hash_on_cookie_path: {
      type: 'string',
      minLength: 1,
      format: 'path',
      default: '/',
      description: 'Path of that cookie, where the gateway has to set it',
    },
    hash_on_query_arg: {
      ...nullableText,
      description: 'Name of the query argument for hash_on: query_arg',
    },
    hash_fallback_query_arg: {
      ...nullableText,
      description: 'Name of the query argument for hash_fallback: query_arg',
    },
    hash_on_uri_capture: {
      ...nullableText,
      description: 'Name of the group in the path of the route for hash_on: uri_capture',
    },
    hash_fallback_uri_capture: {
      ...nullableText,
      description: 'Name of the group in the path of the route for hash_fallback: uri_capture',
    },
    slots: {
      type: 'integer',
      minimum: 10,
      maximum: 65536,
      default: 10000,
      description: 'Points of the ring of consistent hashing, a count',
    },
    healthchecks,
    host_header: {
      ...nullableText,
      format: 'host-and-port',
      description: 'Host header of requests to targets; null for that of the target',
    },
    use_srv_name: {
      type: 'boolean',
      default: false,
      description: 'Whether that is the name in the SRV record of the target',
    },
  },
} as const satisfies JSONSchema
