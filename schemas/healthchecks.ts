// What an upstream says about the health of its targets.
const limit = { type: 'integer', minimum: 0, maximum: 255, default: 0 } as const
const seconds = { type: 'number', minimum: 0, maximum: 65535 } as const
const statuses = {
  type: 'array',
  items: { type: 'integer', minimum: 100, maximum: 999 },
} as const
const kind = {
  type: 'string',
  enum: ['tcp', 'http', 'https', 'grpc', 'grpcs'],
  default: 'http',
} as const

const successes = {
  ...limit,
  description: 'Successes in a row that make a target healthy, a count; 0 for off',
} as const

const failures = {
  tcp_failures: {
    ...limit,
    description: 'Failed connections that make a target unhealthy, a count; 0 for off',
  },
  timeouts: { ...limit, description: 'Timeouts that make a target unhealthy, a count; 0 for off' },
  http_failures: {
    ...limit,
    description: 'Answers of a bad status that make a target unhealthy, a count; 0 for off',
  },
} as const

const interval = {
  ...seconds,
  default: 0,
  description: 'Time between two probes of such a target, seconds; 0 for none',
} as const

const active = {
  type: 'object',
  additionalProperties: false,
  required: ['https_verify_certificate', 'healthy', 'unhealthy'],
  properties: {
    type: { ...kind, description: 'What a probe is' },
    timeout: { ...seconds, default: 1, description: 'Time that a probe may take, seconds' },
    concurrency: {
      type: 'integer',
      minimum: 1,
      maximum: 2147483648,
      default: 10,
      description: 'Probes under way at once, a count',
    },
    http_path: {
      type: 'string',
      minLength: 1,
      format: 'path',
      default: '/',
      description: 'Path that a probe asks for',
    },
    https_sni: {
      type: ['string', 'null'],
      minLength: 1,
      format: 'sni',
      default: null,
      description: 'Server name of a probe by TLS; null for the name of the target',
    },
    https_verify_certificate: {
      type: 'boolean',
      default: true,
      description: 'Whether a probe checks the certificate of the target',
    },
    headers: {
      type: ['object', 'null'],
      propertyNames: { type: 'string', minLength: 1, format: 'header-name' },
      additionalProperties: { type: 'array', items: { type: 'string', minLength: 1 } },
      default: null,
      description: 'Headers of a probe: by name a list of values',
    },
    healthy: {
      type: 'object',
      additionalProperties: false,
      properties: {
        interval,
        http_statuses: {
          ...statuses,
          default: [200, 302],
          description: 'Statuses that count as a success',
        },
        successes,
      },
      default: {},
      description: 'Probes of healthy targets, and what makes one healthy',
    },
    unhealthy: {
      type: 'object',
      additionalProperties: false,
      properties: {
        interval,
        http_statuses: {
          ...statuses,
          default: [429, 404, 500, 501, 502, 503, 504, 505],
          description: 'Statuses that count as a failure',
        },
        ...failures,
      },
      default: {},
      description: 'Probes of unhealthy targets, and what makes one unhealthy',
    },
  },
  default: {},
  description: 'Probes that the gateway sends to targets of its own accord',
} as const

const passive = {
  type: 'object',
  additionalProperties: false,
  required: ['healthy', 'unhealthy'],
  properties: {
    type: { ...kind, description: 'What is looked at: connections alone, or statuses as well' },
    healthy: {
      type: 'object',
      additionalProperties: false,
      properties: {
        http_statuses: {
          ...statuses,
          default: [
            200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306,
            307, 308,
          ],
          description: 'Statuses that count as a success',
        },
        successes,
      },
      default: {},
      description: 'What makes a target healthy',
    },
    unhealthy: {
      type: 'object',
      additionalProperties: false,
      properties: {
        http_statuses: {
          ...statuses,
          default: [429, 500, 503],
          description: 'Statuses that count as a failure',
        },
        ...failures,
      },
      default: {},
      description: 'What makes a target unhealthy',
    },
  },
  default: {},
  description: 'What ordinary requests tell about targets',
} as const

export const healthchecks = {
  type: 'object',
  additionalProperties: false,
  required: ['active', 'passive'],
  properties: {
    active,
    passive,
    threshold: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      default: 0,
      description:
        'Share of the weight that must be available, percent; at or below it no target is used',
    },
  },
  default: {},
  description: 'How the health of targets is found out',
} as const
