// Configuration of opentelemetry.
import {
  collectorTimeouts,
  headerMap,
  propagationRecord,
  queueRecord,
  traceIdHeader,
  urlText,
} from 'gw/plugin'

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['queue', 'propagation'],
  properties: {
    traces_endpoint: {
      ...urlText,
      referenceable: true,
      description: 'URL that spans are sent to, by OTLP over HTTP.',
    },
    logs_endpoint: {
      ...urlText,
      referenceable: true,
      description: 'URL that log lines are sent to, by OTLP over HTTP.',
    },
    headers: { ...headerMap, description: 'Further headers of the requests to the collector.' },
    resource_attributes: {
      type: 'object',
      propertyNames: { type: 'string', minLength: 1 },
      additionalProperties: { type: 'string', minLength: 1 },
      description: 'Attributes of the resource that spans and log lines come from.',
    },
    queue: {
      ...queueRecord,
      default: { max_batch_size: 200 },
      description: 'How spans and log lines wait to be sent.',
    },
    batch_span_count: {
      type: 'integer',
      deprecated: true,
      description: 'Old name of `queue.max_batch_size`; any value but 200 goes before it.',
    },
    batch_flush_delay: {
      type: 'integer',
      deprecated: true,
      description:
        'Old name of `queue.max_coalescing_delay`, in seconds; any value but 3 goes before it.',
    },
    ...collectorTimeouts,
    connect_timeout: { ...collectorTimeouts.connect_timeout, default: 1000 },
    http_response_header_for_traceid: traceIdHeader,
    header_type: {
      type: 'string',
      enum: [
        'preserve',
        'ignore',
        'b3',
        'b3-single',
        'w3c',
        'jaeger',
        'ot',
        'aws',
        'gcp',
        'datadog',
      ],
      default: 'preserve',
      deprecated: true,
      description: 'Format of the headers for the target, unless `propagation` names some.',
    },
    sampling_rate: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'Share of the requests to trace, where a request does not say so itself.',
    },
    propagation: { ...propagationRecord, default: { default_format: 'w3c' } },
    endpoint: {
      type: 'string',
      referenceable: true,
      deprecated: true,
      replacedBy: 'traces_endpoint',
      description: 'Old name of `traces_endpoint`.',
    },
  },
} as const
