// Configuration of prometheus.

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    per_consumer: {
      type: 'boolean',
      default: false,
      description: '',
    },
    status_code_metrics: {
      type: 'boolean',
      default: false,
      description: '',
    },
    ai_metrics: {
      type: 'boolean',
      default: false,
      description: '',
    },
    latency_metrics: {
      type: 'boolean',
      default: false,
      description: '',
    },
    bandwidth_metrics: {
      type: 'boolean',
      default: false,
      description: '',
    },
    upstream_health_metrics: {
      type: 'boolean',
      default: false,
      description: '',
    },
  },
} as const
