// Configuration of udp-log.
import { customFields, hostName, portNumber } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'port'],
  properties: {
    host: { ...hostName, description: 'Name or address of the server that records go to.' },
    port: { ...portNumber, description: 'Port of that server.' },
    timeout: {
      type: 'number',
      default: 10_000,
      description: 'Time to send a record, in milliseconds.',
    },
    custom_fields_by_lua: customFields,
  },
} as const
