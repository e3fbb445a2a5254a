// Configuration of cors.

export const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'POST',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
] as const

const text = { type: 'string', minLength: 1 } as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['credentials', 'private_network', 'preflight_continue'],
  properties: {
    origins: {
      type: 'array',
      items: { ...text, description: 'An origin, `*`, or a regular expression.' },
      description:
        'Origins that may read answers; all when left out. A regular expression without `:` is matched against the host alone, one with it against scheme://host:port.',
    },
    headers: {
      type: 'array',
      items: { ...text, description: 'Name of a request header.' },
      description: 'Access-Control-Allow-Headers; when left out, what the preflight asks for.',
    },
    exposed_headers: {
      type: 'array',
      items: { ...text, description: 'Name of a response header.' },
      description: 'Access-Control-Expose-Headers.',
    },
    methods: {
      type: 'array',
      items: { type: 'string', enum: METHODS, description: 'An HTTP method.' },
      default: METHODS,
      description: 'Access-Control-Allow-Methods.',
    },
    max_age: {
      type: 'number',
      description: 'Access-Control-Max-Age: how long a client may keep a preflight, in seconds.',
    },
    credentials: {
      type: 'boolean',
      default: false,
      description: 'Access-Control-Allow-Credentials: let clients send cookies and the like.',
    },
    private_network: {
      type: 'boolean',
      default: false,
      description: 'Grant Access-Control-Request-Private-Network.',
    },
    preflight_continue: {
      type: 'boolean',
      default: false,
      description: 'Leave preflights to the target.',
    },
  },
} as const
