// Configuration of loggly.
import { customFields, hostName, portNumber, severities } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['key'],
  properties: {
    host: {
      ...hostName,
      default: 'logs-01.loggly.com',
      description: 'Name or address of the server that records go to, by UDP.',
    },
    port: { ...portNumber, default: 514, description: 'Port of that server.' },
    key: {
      type: 'string',
      minLength: 1,
      referenceable: true,
      description: 'Customer token of Loggly.',
    },
    tags: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      default: ['kong'],
      description: 'Tags of the records.',
    },
    ...severities,
    timeout: {
      type: 'number',
      default: 10_000,
      description: 'Time to send a record, in milliseconds.',
    },
    custom_fields_by_lua: customFields,
  },
} as const
