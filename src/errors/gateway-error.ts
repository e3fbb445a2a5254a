// The error family. Match on `code`, not on class. The client is told `message`; `detail` and `cause` are for the log.
import { withoutStack } from './without-stack.js'
import { ERRORS, type ErrorCode } from './codes.js'

interface Options {
  /** What went wrong in this very case, for the log; never sent to a client. */
  readonly detail?: string
  readonly cause?: unknown
  /** What the client is told, where the table's text has a place for it. */
  readonly message?: string
}

export class GatewayError extends Error {
  override readonly name: string = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined

  constructor(code: ErrorCode, { detail, cause, message = ERRORS[code].message }: Options = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = ERRORS[code].status
    this.detail = detail
  }
}

/** 4xx: the request cannot be served as it is. */
export class RequestError extends GatewayError {
  override readonly name = 'RequestError'
}

/** 502, 503, 504: the target did not answer as it should. */
export class UpstreamError extends GatewayError {
  override readonly name = 'UpstreamError'
}

/** 500: a plugin threw. */
export class PluginError extends GatewayError {
  override readonly name = 'PluginError'
}

/**
 * Makes an error for something that is expected to happen (refused, timed out, no route) without the cost of
 * a stack trace.
 */
export function expected<T extends GatewayError>(
  type: new (code: ErrorCode, options?: Options) => T,
  code: ErrorCode,
  options?: Options,
): T {
  return withoutStack(() => new type(code, options))
}
