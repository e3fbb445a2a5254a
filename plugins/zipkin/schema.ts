// Configuration of zipkin.
import {
  collectorTimeouts,
  propagationRecord,
  queueRecord,
  traceIdHeader,
  urlText,
} from 'gw/plugin'

const FORMATS = ['b3', 'b3-single', 'w3c', 'jaeger', 'ot', 'aws', 'datadog', 'gcp'] as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: [
    'local_service_name',
    'include_credential',
    'traceid_byte_count',
    'header_type',
    'default_header_type',
    'tags_header',
    'http_span_name',
    'phase_duration_flavor',
    'queue',
    'propagation',
  ],
  properties: {
    local_service_name: {
      type: 'string',
      minLength: 1,
      default: 'kong',
      description: 'What spans name the gateway.',
    },
    http_endpoint: {
      ...urlText,
      description: 'URL that spans are sent to; without it trace headers are only passed on.',
    },
    sample_ratio: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.001,
      description: 'Share of the requests to trace, where a request does not say so itself.',
    },
    default_service_name: {
      type: 'string',
      minLength: 1,
      description: 'What spans name a service that has no name.',
    },
    include_credential: {
      type: 'boolean',
      default: true,
      description: 'Tell the id of the credential in a tag.',
    },
    traceid_byte_count: {
      type: 'integer',
      enum: [8, 16],
      default: 16,
      description: 'Bytes of the ids of new traces.',
    },
    header_type: {
      type: 'string',
      enum: ['preserve', 'ignore', ...FORMATS],
      default: 'preserve',
      deprecated: true,
      description: 'Format of the headers for the target, unless `propagation` names some.',
    },
    default_header_type: {
      type: 'string',
      enum: FORMATS,
      default: 'b3',
      deprecated: true,
      description: 'Format for a request without one; see `propagation.default_format`.',
    },
    tags_header: {
      type: 'string',
      minLength: 1,
      default: 'Zipkin-Tags',
      description: 'Header of the request that names further tags of its span.',
    },
    static_tags: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'value'],
        properties: {
          name: { type: 'string', minLength: 1, description: 'Name of the tag.' },
          value: { type: 'string', minLength: 1, description: 'Value of the tag.' },
        },
      },
      description: 'Further tags of the span of each request.',
    },
    http_span_name: {
      type: 'string',
      enum: ['method', 'method_path'],
      default: 'method',
      description: 'What the span of a request is named by.',
    },
    ...collectorTimeouts,
    connect_timeout: { ...collectorTimeouts.connect_timeout, default: 2000 },
    http_response_header_for_traceid: traceIdHeader,
    phase_duration_flavor: {
      type: 'string',
      enum: ['annotations', 'tags'],
      default: 'annotations',
      description: 'How spans tell how long each phase took.',
    },
    queue: { ...queueRecord, description: 'How spans wait to be sent.' },
    propagation: { ...propagationRecord, default: { default_format: 'b3' } },
  },
} as const
