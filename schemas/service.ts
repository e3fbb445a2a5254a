// services: where requests go.
import { entityProperties, nullableName, PROTOCOLS } from './common.js'
import type { JSONSchema } from './types.js'

const timeout = { type: 'integer', minimum: 1, maximum: 2147483646, default: 60000 } as const

export const serviceSchema = {
  type: 'object',
  description: 'A service: the address that requests are forwarded to, and how',
  additionalProperties: false,
  required: ['protocol', 'host', 'port', 'enabled'],
  properties: {
    ...entityProperties,
    name: { ...nullableName, description: 'Unique name; routes and plugins may refer to it' },
    protocol: {
      type: 'string',
      enum: PROTOCOLS,
      default: 'http',
      description: 'Protocol spoken to the target',
    },
    host: {
      type: 'string',
      minLength: 1,
      format: 'host',
      description: 'Host name, IP address or name of an upstream, without port',
    },
    port: {
      type: 'integer',
      minimum: 0,
      maximum: 65535,
      default: 80,
      description: 'TCP port of the target; ignored for an upstream, whose targets have their own',
    },
    path: {
      type: ['string', 'null'],
      minLength: 1,
      format: 'path',
      default: null,
      description: 'Put in front of the path of every request',
    },
    retries: {
      type: 'integer',
      minimum: 0,
      maximum: 32767,
      default: 5,
      description: 'Number of further tries after the first, while nothing has reached the client',
    },
    connect_timeout: { ...timeout, description: 'Time to connect to the target, ms' },
    write_timeout: { ...timeout, description: 'Time between two writes to the target, ms' },
    read_timeout: { ...timeout, description: 'Time between two reads from the target, ms' },
    enabled: {
      type: 'boolean',
      default: true,
      description: 'Whether the routes of this service take part in matching',
    },
    tls_verify: {
      type: ['boolean', 'null'],
      default: null,
      description:
        'Whether to check the certificate of the target; null for the setting proxy_ssl_verify. Only https and tls',
    },
    tls_verify_depth: {
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 64,
      default: null,
      description:
        'Longest chain of certificates to the root, a count; null for the setting. Only https and tls',
    },
    ca_certificates: {
      type: ['array', 'null'],
      items: { type: 'string', format: 'uuid' },
      default: null,
      description: 'Ids of the ca_certificates to check the target against. Only https and tls',
    },
  },
} as const satisfies JSONSchema
