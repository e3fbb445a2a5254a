// Every fault that the gateway answers for itself: its status and what the client is told. Statuses and messages are
// Kong's (kong/error_handlers.lua, kong/runloop/handler.lua); README lists this table and a test holds it to it.

interface Fault {
  readonly status: number
  readonly message: string
  /**
   * How the body's format is chosen, as in Kong: `accept` for what Kong's own code refuses (without Accept: JSON),
   * `nginx` for what nginx refuses there (Accept, else the request's Content-Type, else error_default_type), `page` for nginx's
   * HTML page.
   */
  readonly format: 'accept' | 'nginx' | 'page'
}

const BAD_GATEWAY = 'An invalid response was received from the upstream server'
const GATEWAY_TIMEOUT = 'The upstream server is timing out'

const table = {
  BAD_REQUEST: { status: 400, message: 'Bad request', format: 'nginx' },
  /** uWebSockets.js cannot answer such a handshake (RFC 6455, 4.2.1: 400). */
  WEBSOCKET_KEY: {
    status: 400,
    message: 'Sec-WebSocket-Key has to be there once, with 24 characters',
    format: 'accept',
  },
  NO_ROUTE: { status: 404, message: 'no Route matched with those values', format: 'accept' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'Method not allowed', format: 'nginx' },
  REQUEST_TIMEOUT: { status: 408, message: 'Request timeout', format: 'nginx' },
  BODY_TOO_LARGE: { status: 413, message: 'Payload too large', format: 'nginx' },
  URI_TOO_LONG: { status: 414, message: 'URI too long', format: 'nginx' },
  /** nginx knows it as 494 and tells the client 400. */
  HEADERS_TOO_LARGE: {
    status: 400,
    message: 'Request header or cookie too large',
    format: 'nginx',
  },
  NOT_GRPC: { status: 415, message: 'Non-gRPC request matched gRPC route', format: 'accept' },
  HTTPS_REQUIRED: { status: 426, message: 'Please use HTTPS protocol', format: 'accept' },
  HTTP2_REQUIRED: { status: 426, message: 'Please use HTTP2 protocol', format: 'accept' },
  PLUGIN_FAILED: { status: 500, message: 'An unexpected error occurred', format: 'accept' },
  INTERNAL: { status: 500, message: 'An unexpected error occurred', format: 'accept' },
  /** A resolver failed, or none answered; what it says is put in place of REASON. */
  UPSTREAM_RESOLVE: {
    status: 500,
    message: "failed the initial dns/balancer resolve for 'HOST' with: REASON",
    format: 'accept',
  },
  UPSTREAM_REFUSED: { status: 502, message: BAD_GATEWAY, format: 'nginx' },
  UPSTREAM_RESET: { status: 502, message: BAD_GATEWAY, format: 'nginx' },
  UPSTREAM_TLS: { status: 502, message: BAD_GATEWAY, format: 'nginx' },
  UPSTREAM_INVALID_RESPONSE: { status: 502, message: BAD_GATEWAY, format: 'nginx' },
  UPSTREAM_PROTOCOL: { status: 502, message: BAD_GATEWAY, format: 'nginx' },
  /** No target of the upstream is there, up and of any weight. */
  NO_PEER: {
    status: 503,
    message: 'failure to get a peer from the ring-balancer',
    format: 'accept',
  },
  /** The same when another try was to be made: Kong leaves that answer to nginx. */
  NO_PEER_LEFT: {
    status: 503,
    message: 'The upstream server is currently unavailable',
    format: 'nginx',
  },
  NO_SERVICE: { status: 503, message: 'no Service found with those values', format: 'accept' },
  BULKHEAD_FULL: {
    status: 503,
    message: 'service unavailable: too many requests under way',
    format: 'accept',
  },
  CIRCUIT_OPEN: {
    status: 503,
    message: 'service unavailable: circuit open',
    format: 'accept',
  },
  /** nginx's own page, which Kong leaves as it is. */
  VERSION_NOT_SUPPORTED: { status: 505, message: 'HTTP version not supported', format: 'page' },
  UPSTREAM_NAME: { status: 503, message: 'name resolution failed', format: 'accept' },
  UPSTREAM_CONNECT_TIMEOUT: { status: 504, message: GATEWAY_TIMEOUT, format: 'nginx' },
  UPSTREAM_READ_TIMEOUT: { status: 504, message: GATEWAY_TIMEOUT, format: 'nginx' },
  UPSTREAM_WRITE_TIMEOUT: { status: 504, message: GATEWAY_TIMEOUT, format: 'nginx' },
  /** Not an answer: a declarative file or a setting is wrong, and the command exits with 1. */
  CONFIG: { status: 0, message: 'the configuration is wrong', format: 'accept' },
} as const satisfies Record<string, Fault>

export type ErrorCode = keyof typeof table

export const ERRORS: Readonly<Record<ErrorCode, Fault>> = table
