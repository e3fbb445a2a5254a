// What the pipeline asks of the way to a target, and what it hears back.
import type { BodySource } from '../model/exchange.js'
import type { ResponseHead } from '../model/response-head.js'
import type { TunnelEnd } from '../util/http1/tunnel-end.js'
import type { ErrorCode } from '../errors/codes.js'
import type { UpstreamError } from '../errors/gateway-error.js'
import type { Dialer } from './connection.js'
import type { RetryRules } from '../upstream/retry/retry-rules.js'
import type { TlsTerms } from './tls-terms.js'

/** Where to connect, and everything that a TLS session is judged by. Equal targets share one pool. */
export interface Target {
  readonly protocol: 'http' | 'https'
  /** Name or address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  /** https: the name or address that the certificate has to be for; a name is sent as SNI. Empty: that of `host`. */
  readonly serverName: string
  /** Null for http. */
  readonly tls: TlsTerms | null
}

/** Milliseconds, as in the service; write and read count between two successive operations, as in nginx. */
export interface Timeouts {
  readonly connectMs: number
  readonly writeMs: number
  readonly readMs: number
}

/** One request, ready to be written. */
export interface UpstreamCall {
  readonly method: string
  /** Request line and header lines, with framing for `body`, ended by an empty line. */
  readonly head: string
  readonly encoding: 'utf8' | 'latin1'
  readonly body: BodySource
  /** What of the body is kept for another try. A body that has grown past it is not sent twice. */
  readonly replayBytes: number
  /** The head asks for a WebSocket: the target may answer 101. */
  readonly upgrades: boolean
  readonly timeouts: Timeouts
  /**
   * Further tries after one that failed before the head of an answer was there. Besides these, a reused connection that turns out
   * to be dead costs one try that is not counted, at the same target: it says nothing about it. POST, PATCH and LOCK are
   * tried again only when nothing has been sent (nginx: proxy_next_upstream without non_idempotent).
   */
  readonly retries: number
  /** In place of `retries` and of its rules for methods; null for those. */
  readonly retry: RetryRules | null
  /** Where further tries go; null for the same target. */
  readonly tries: Tries | null
}

/** One try of a call. */
export interface Try {
  readonly origin: Origin
  /** As in UpstreamCall: targets differ in the Host that they are sent. */
  readonly head: string
}

/** Knows other targets for a call. */
export interface Tries {
  /**
   * The last try has failed, and another one may be made. Null: nobody is left to be asked.
   * @param failed how, or the status of an answer that is not good enough
   */
  next(failed: ErrorCode | number): Try | null
}

/** Hears of one call. `onFailure`, `onSwitched` or the piece with `last` is the end; nothing follows it. */
export interface CallObserver {
  /**
   * The final answer's head (1xx is skipped), and what of its body came with it.
   * @param length the body's bytes, or -1 when unknown; for HEAD the announced length, and `last` is true at once
   * @param chunk valid only until this returns
   */
  onResponse(head: ResponseHead, length: number, chunk: Buffer | null, last: boolean): void
  /** The target has answered 101: its connection is the observer's from here on. */
  onSwitched(head: ResponseHead, target: TunnelEnd): void
  /** A piece of the body, valid only until this returns; null with `last` when nothing is left. */
  onChunk(chunk: Buffer | null, last: boolean): void
  /** No answer, or one that broke off; after `onResponse` the client's connection has to be cut. */
  onFailure(error: UpstreamError): void
}

/** A call under way. Every method is harmless once the call has ended. */
export interface RunningCall {
  /** Reads no more of the answer until `resume`; a chunk of the same read may still arrive. */
  pause(): void
  resume(): void
  /** Gives the call up: its connection is closed and the observer hears nothing more. */
  abort(): void
}

/** Ready connections to one target. */
export interface Origin extends Dialer {
  /** The same target under another server name. Of those that clients think up, the ones used last are kept. */
  named(serverName: string): Origin
  send(call: UpstreamCall, observer: CallObserver): RunningCall
}

/** All origins of one worker; made once, outlives reloads. */
export interface Transport {
  /** The origin of that target, the same object for equal targets. */
  origin(target: Target): Origin
  /** Forgets all other origins: closes their idle connections at once, busy ones when their call ends. */
  retain(origins: ReadonlySet<Origin>): void
  /** Closes idle connections at once, busy ones when their call ends. */
  close(): void
}

/** Kong's upstream_keepalive_* settings. */
export interface KeepaliveSettings {
  /** Idle connections kept per origin, under all its names together; 0 keeps none. Kong: 512 for a whole worker's pool. */
  readonly poolSize: number
  /** Requests after which a connection is closed. */
  readonly maxRequests: number
  readonly idleTimeoutMs: number
}
