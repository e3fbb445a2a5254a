// Configuration of datadog.
import { consumerIdentifier, hostName, oldQueueFields, portNumber, queueRecord } from 'gw/plugin'

const tagged = { tags: ['app:kong'], consumer_identifier: 'custom_id' } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['queue', 'metrics'],
  properties: {
    host: {
      ...hostName,
      default: 'localhost',
      referenceable: true,
      description: 'Name or address of the Datadog agent, which is spoken to by UDP.',
    },
    port: { ...portNumber, default: 8125, description: 'Port of the Datadog agent.' },
    prefix: {
      type: 'string',
      minLength: 1,
      default: 'kong',
      description: 'What the name of each metric begins with.',
    },
    service_name_tag: {
      type: 'string',
      minLength: 1,
      default: 'name',
      description: 'Tag for the service.',
    },
    status_tag: {
      type: 'string',
      minLength: 1,
      default: 'status',
      description: 'Tag for the status of the answer.',
    },
    consumer_tag: {
      type: 'string',
      minLength: 1,
      default: 'consumer',
      description: 'Tag for the consumer.',
    },
    ...oldQueueFields,
    queue: { ...queueRecord, description: 'How metrics wait to be sent.' },
    metrics: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'stat_type'],
        properties: {
          name: {
            type: 'string',
            enum: [
              'kong_latency',
              'latency',
              'request_count',
              'request_size',
              'response_size',
              'upstream_latency',
            ],
            description: 'What is measured.',
          },
          stat_type: {
            type: 'string',
            enum: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer', 'distribution'],
            description: 'How Datadog reckons with the values.',
          },
          tags: {
            type: 'array',
            items: { type: 'string', minLength: 1, pattern: '[^:]$' },
            description: 'Further tags of the metric: `name:value`, or a name alone.',
          },
          sample_rate: {
            type: 'number',
            minimum: 0,
            maximum: 1,
            description: 'Share of the requests that are measured; counter and gauge need it.',
          },
          consumer_identifier: {
            ...consumerIdentifier,
            description: 'What the tag for the consumer says; without it there is none.',
          },
        },
      },
      default: [
        { ...tagged, name: 'request_count', stat_type: 'counter', sample_rate: 1 },
        { ...tagged, name: 'latency', stat_type: 'timer' },
        { ...tagged, name: 'request_size', stat_type: 'timer' },
        { ...tagged, name: 'response_size', stat_type: 'timer' },
        { ...tagged, name: 'upstream_latency', stat_type: 'timer' },
        { ...tagged, name: 'kong_latency', stat_type: 'timer' },
      ],
      description: 'What is sent of each request.',
    },
  },
} as const
