// One request and its answer as the floors between the two ends see them. A downstream engine (server/) makes an
// Exchange, the pipeline answers it; nothing here knows which engine it was.
import type { ErrorCode } from '../errors/codes.js'
import type { RequestHeaders } from '../util/header-list.js'
import type { TunnelEnd } from '../util/http1/tunnel-end.js'

/** Takes the bytes of a request body. The chunk is the reader's to keep; `last` comes exactly once. */
export interface BodyReader {
  onBodyChunk(chunk: Buffer, last: boolean): void
}

/** Where the body of a request comes from: the client, or a buffer that a plugin has made. */
export interface BodySource {
  /** Bytes to come: 0 for no body, -1 when only the end will tell (chunked). */
  readonly bodyLength: number
  /** Starts the body, or hands it to another reader. Chunks may arrive before this returns. */
  readBody(reader: BodyReader): void
  /** Asks for no more chunks until `resumeBody`; one that is under way may still arrive. */
  pauseBody(): void
  resumeBody(): void
}

/** What an engine tells about an exchange after it has handed it over. */
export interface ExchangeObserver {
  /** The client has gone before the answer was complete. Nothing may be written any more; called at most once. */
  onAborted(): void
  /** All that `write` refused has left: go on writing. */
  onDrain(): void
  /**
   * The rest of the body cannot be had: it is framed wrongly, too large or too slow. Called at most once, and not behind
   * an answer that is complete. The request is to be answered with that fault, or cut if its answer has begun.
   */
  onBodyFault(code: ErrorCode): void
}

/** `1.x` stands for the versions that nobody has defined, 1.2 to 1.9; they are served like 1.1 (RFC 9110, 2.5). */
export type HttpVersion = '1.0' | '1.1' | '1.x'

/** The listener that a request came in on. */
export interface ListenerInfo {
  readonly address: string
  readonly port: number
  readonly secure: boolean
}

/**
 * Contract of both engines. Framing (Content-Length, Transfer-Encoding, Connection) and Date belong to the engine:
 * it adds them itself, and suppresses the body of HEAD, 204 and 304. So does `100 Continue`: it is sent when the body is
 * read first, or else ahead of the answer, to whoever asks for it.
 *
 * Order: either `respond` once, or `tunnel`, or `start`, then `write` any number of times, then `end`; `close` at any time. Every
 * call after the answer is complete, after `close` or after an abort is ignored.
 */
export interface Exchange extends BodySource {
  readonly method: string
  /** The request target as it came: path and query of the origin form, not decoded. */
  readonly target: string
  readonly httpVersion: HttpVersion
  /** Every header line of the client, names in lower case. The pipeline owns it from the hand-over on. */
  readonly headers: RequestHeaders
  /** The value of Host, checked; empty only in HTTP/1.0. */
  readonly host: string
  /** How header values were decoded, and so how they must be written to the target. */
  readonly encoding: 'utf8' | 'latin1'
  readonly listener: ListenerInfo
  /** The peer's address as canonical text (RFC 5952; IPv4 that arrived mapped is plain IPv4). */
  readonly peerAddress: string
  /** The client's address as a proxy in front has put it before the connection (PROXY protocol); empty without. */
  readonly announcedAddress: string
  /** The name that the client asked for in the TLS handshake; empty without one. */
  readonly serverName: string
  /**
   * Why the request cannot be served as such (bad framing, a target that is none), or null. The pipeline answers it
   * like any fault, so that global plugins see it; the engine drops the body and closes the connection behind it.
   */
  readonly fault: ErrorCode | null
  /** The client asks for a WebSocket (RFC 6455, 4.1), and the engine can give its connection away for one. */
  readonly wantsTunnel: boolean
  /** Set by the pipeline before it returns from the hand-over. */
  observer: ExchangeObserver

  /**
   * Sends a whole answer.
   * @param fields header lines, each ended by CRLF, one character per byte, without framing and Date
   */
  respond(status: number, fields: string, body: Uint8Array | string | null): void
  /**
   * Begins an answer whose body follows. Sends the head at once.
   * @param length bytes of the body, or -1 when not known; for HEAD the length that GET would have
   */
  start(status: number, fields: string, length: number): void
  /**
   * Sends a piece of the body. The bytes are sent or copied before it returns.
   * @returns false when the client does not keep up: wait for `onDrain`
   */
  write(chunk: Uint8Array): boolean
  end(): void
  /**
   * Answers 101 to a client that wants a tunnel, and gives its connection away; nothing is heard of the exchange any
   * more, though the engine counts it as pending until the connection is closed.
   * @param fields as in `respond`, without Connection and Upgrade
   * @returns null when there is no tunnel to be had: the answer is complete, or the client has gone
   */
  tunnel(fields: string): TunnelEnd | null
  /** Cuts the connection, so that a client who has got part of an answer can tell. */
  close(): void
}

/** What an engine calls for every request that it accepts. Must not throw; an engine answers 500 when it does. */
export type ExchangeHandler = (exchange: Exchange) => void
