// Configuration of prometheus.

const off = { type: 'boolean', default: false } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    per_consumer: { ...off, description: 'Count the requests and bytes of each consumer apart.' },
    status_code_metrics: { ...off, description: 'Count requests by status.' },
    ai_metrics: { ...off, description: 'Measure requests to language models and what they use.' },
    latency_metrics: { ...off, description: 'Measure how long requests take.' },
    bandwidth_metrics: { ...off, description: 'Count the bytes of requests and answers.' },
    upstream_health_metrics: { ...off, description: 'Show the health of the targets.' },
  },
} as const
