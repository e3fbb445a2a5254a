// What the pipeline is told once per process.
import type { ErrorFormat } from '../errors/body.js'
import type { Logger } from '../log/logger.js'
import type { ClientAddresses } from './client-address.js'

export interface PipelineSettings {
  /** Stands in Server and Via, such as `gw/1.0.0`. */
  readonly product: string
  /** Kong's `headers`: which of its own the gateway adds to answers. */
  readonly headers: {
    readonly server: boolean
    readonly via: boolean
    readonly upstreamLatency: boolean
    readonly proxyLatency: boolean
    readonly responseLatency: boolean
    readonly upstreamStatus: boolean
    readonly requestId: boolean
  }
  /** Kong's `headers_upstream`: send X-Kong-Request-Id to targets. */
  readonly upstreamRequestId: boolean
  /** Kong's `allow_debug_header`: a request with `Kong-Debug` is told the names of the matched route and service. */
  readonly debugHeader: boolean
  /** Kong's `error_default_type`, for faults of the request as such when neither Accept nor Content-Type is there. */
  readonly errorDefaultType: ErrorFormat
  readonly addresses: ClientAddresses
  readonly log: Logger
}
