// Configuration of tcp-log.
import { customFields, hostName, portNumber } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'port', 'tls'],
  properties: {
    host: { ...hostName, description: 'Name or address of the server that records go to.' },
    port: { ...portNumber, description: 'Port of that server.' },
    timeout: {
      type: 'number',
      default: 10_000,
      description: 'Time to connect and to send, each, in milliseconds.',
    },
    keepalive: {
      type: 'number',
      default: 60_000,
      description: 'Time that an idle connection stays open, in milliseconds.',
    },
    tls: { type: 'boolean', default: false, description: 'Connect with TLS.' },
    tls_sni: { type: 'string', minLength: 1, description: 'Name for SNI.' },
    custom_fields_by_lua: customFields,
  },
} as const
