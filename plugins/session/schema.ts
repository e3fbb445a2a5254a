// Configuration of session.

const seconds = { type: 'number' } as const
const text = { type: 'string', minLength: 1 } as const

const facts = {
  type: 'array',
  uniqueItems: true,
  items: {
    type: 'string',
    enum: [
      'id',
      'audience',
      'subject',
      'timeout',
      'idling-timeout',
      'rolling-timeout',
      'absolute-timeout',
    ],
  },
} as const

export const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    secret: {
      ...text,
      referenceable: true,
      description:
        'Secret that sessions are sealed with; a random one for each start when left out.',
    },
    storage: {
      type: 'string',
      enum: ['cookie', 'kong'],
      default: 'cookie',
      description: 'Where the data of a session is kept: in its cookie, or in the database.',
    },
    audience: {
      ...text,
      default: 'default',
      description: 'Application that a session is good for.',
    },
    idling_timeout: {
      ...seconds,
      default: 900,
      description: 'Seconds without a request after which a session ends; 0 for no end.',
    },
    rolling_timeout: {
      ...seconds,
      default: 3600,
      description: 'Seconds after which a session is renewed; 0 for never.',
    },
    absolute_timeout: {
      ...seconds,
      default: 86_400,
      description: 'Seconds after which a session ends whatever happens; 0 for no end.',
    },
    stale_ttl: {
      ...seconds,
      default: 10,
      description: 'Seconds for which the cookie of a renewed session is still good.',
    },
    cookie_name: { ...text, default: 'session', description: 'Name of the cookie.' },
    cookie_path: { ...text, default: '/', description: 'Path of the cookie.' },
    cookie_domain: { ...text, description: 'Domain of the cookie; the host alone when left out.' },
    cookie_same_site: {
      type: 'string',
      enum: ['Strict', 'Lax', 'None', 'Default'],
      default: 'Strict',
      description: 'SameSite of the cookie; Default leaves it out.',
    },
    cookie_http_only: {
      type: 'boolean',
      default: true,
      description: 'HttpOnly of the cookie: scripts cannot read it.',
    },
    cookie_secure: {
      type: 'boolean',
      default: true,
      description: 'Secure of the cookie: clients send it over HTTPS alone.',
    },
    remember: {
      type: 'boolean',
      default: false,
      description: 'Set a second cookie that outlives the browser.',
    },
    remember_cookie_name: {
      ...text,
      default: 'remember',
      description: 'Name of the second cookie.',
    },
    remember_rolling_timeout: {
      ...seconds,
      default: 604_800,
      description: 'Seconds after which a remembered session is renewed; 0 for never.',
    },
    remember_absolute_timeout: {
      ...seconds,
      default: 2_592_000,
      description: 'Seconds after which a remembered session ends; 0 for no end.',
    },
    response_headers: {
      ...facts,
      description: 'What of the session the client is told in headers.',
    },
    request_headers: {
      ...facts,
      description: 'What of the session the target is told in headers.',
    },
    read_body_for_logout: {
      type: 'boolean',
      default: false,
      description: 'Look for logout_post_arg in the body.',
    },
    logout_methods: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: ['GET', 'POST', 'DELETE'] },
      default: ['POST', 'DELETE'],
      description: 'Methods with which a client may log out.',
    },
    logout_query_arg: {
      ...text,
      default: 'session_logout',
      description: 'Query argument that logs out.',
    },
    logout_post_arg: {
      ...text,
      default: 'session_logout',
      description: 'Body field that logs out.',
    },
    cookie_lifetime: { ...oldName('rolling_timeout'), type: 'number' },
    cookie_idletime: {
      ...oldName('idling_timeout'),
      type: 'number',
      replacedValues: [[null, 0]],
    },
    cookie_renew: {
      type: 'number',
      deprecated: true,
      description: 'Without effect: when a session is renewed follows from its timeouts.',
    },
    cookie_discard: { ...oldName('stale_ttl'), type: 'number' },
    cookie_samesite: {
      ...oldName('cookie_same_site'),
      ...text,
      replacedValues: [['off', 'Lax']],
    },
    cookie_httponly: { ...oldName('cookie_http_only'), type: 'boolean' },
    cookie_persistent: { ...oldName('remember'), type: 'boolean' },
  },
} as const

function oldName(field: string) {
  return {
    deprecated: true,
    replacedBy: field,
    // Kong: what is written under the old name counts.
    overrules: true,
    description: `Old name of \`${field}\`.`,
  } as const
}
