// Every fault that the gateway answers for itself: its status and what the client is told. Statuses and messages are
// Kong's (kong/error_handlers.lua, kong/runloop/handler.lua); README lists this table and a test holds it to it.

interface Fault {
  readonly status: number
  readonly message: string
}

const table = {
  BAD_REQUEST: { status: 400, message: 'Bad request' },
  HEADERS_TOO_LARGE: { status: 431, message: 'Request header fields too large' },
  NO_ROUTE: { status: 404, message: 'no Route matched with those values' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'Method not allowed' },
  REQUEST_TIMEOUT: { status: 408, message: 'Request timeout' },
  BODY_TOO_LARGE: { status: 413, message: 'Payload too large' },
  NOT_GRPC: { status: 415, message: 'Non-gRPC request matched gRPC route' },
  HTTPS_REQUIRED: { status: 426, message: 'Please use HTTPS protocol' },
  HTTP2_REQUIRED: { status: 426, message: 'Please use HTTP2 protocol' },
  PLUGIN_FAILED: { status: 500, message: 'An unexpected error occurred' },
  INTERNAL: { status: 500, message: 'An unexpected error occurred' },
  UPSTREAM_REFUSED: {
    status: 502,
    message: 'An invalid response was received from the upstream server',
  },
  UPSTREAM_RESET: {
    status: 502,
    message: 'An invalid response was received from the upstream server',
  },
  UPSTREAM_TLS: {
    status: 502,
    message: 'An invalid response was received from the upstream server',
  },
  UPSTREAM_INVALID_RESPONSE: {
    status: 502,
    message: 'An invalid response was received from the upstream server',
  },
  NO_SERVICE: { status: 503, message: 'no Service found with those values' },
  UPSTREAM_NAME: { status: 503, message: 'name resolution failed' },
  UPSTREAM_CONNECT_TIMEOUT: { status: 504, message: 'The upstream server is timing out' },
  UPSTREAM_READ_TIMEOUT: { status: 504, message: 'The upstream server is timing out' },
  UPSTREAM_WRITE_TIMEOUT: { status: 504, message: 'The upstream server is timing out' },
  /** Not an answer: a declarative file or a setting is wrong, and the command exits with 1. */
  CONFIG: { status: 0, message: 'the configuration is wrong' },
} as const satisfies Record<string, Fault>

export type ErrorCode = keyof typeof table

export const ERRORS: Readonly<Record<ErrorCode, Fault>> = table
