// Configuration of http-log.
import { customFields, headerMap, oldQueueFields, queueRecord, urlText } from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['http_endpoint', 'queue'],
  properties: {
    http_endpoint: {
      ...urlText,
      referenceable: true,
      description: 'URL that records are sent to; its query is left out.',
    },
    method: {
      type: 'string',
      enum: ['POST', 'PUT', 'PATCH'],
      default: 'POST',
      description: 'Method of the requests with records.',
    },
    content_type: {
      type: 'string',
      enum: ['application/json', 'application/json; charset=utf-8'],
      default: 'application/json',
      description: 'Content-Type of the requests with records.',
    },
    timeout: {
      type: 'number',
      default: 10_000,
      description: 'Time to connect, to send and to read, each, in milliseconds.',
    },
    keepalive: {
      type: 'number',
      default: 60_000,
      description: 'Time that an idle connection stays open, in milliseconds.',
    },
    ...oldQueueFields,
    headers: {
      ...headerMap,
      propertyNames: { ...headerMap.propertyNames, format: 'log-header-name' },
      description: 'Further headers of the requests with records.',
    },
    queue: { ...queueRecord, description: 'How records wait to be sent.' },
    custom_fields_by_lua: customFields,
  },
} as const
