// One connection of a client: reads its requests one after the other, hands each over, sends the answers in order. It
// lends itself a parser for the time of a request, so that an idle connection costs little more than its socket.
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ErrorCode } from '../../errors/codes.js'
import type { ExchangeHandler } from '../../model/exchange.js'
import type { TunnelEnd } from '../../util/http1/tunnel-end.js'
import { NEVER, type Timed } from '../../util/sweep.js'
import { EMPTY, FORGOTTEN_BYTES } from '../body-queue.js'
import type { ConnectionHost } from './connection-host.js'
import { Http1Exchange, type ExchangeHome } from './exchange.js'
import { Output } from './output.js'
import type { Peer } from './peer.js'
import type { RequestParser } from './request-parser.js'
import { BODY, CLOSED, FORGOTTEN, HEAD, IDLE, LINGERING, TUNNEL, WAITING } from './stages.js'
import { WebSocketEnd } from './websocket-end.js'

// Requests that come before the last is answered wait; past this many bytes the client does.
const AHEAD_BYTES = 64 * 1024
/** How long a client may take to read an answer that ends the connection, while it still sends (nginx: lingering_time). */
const LINGER_MS = 10_000

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

export class Connection implements Timed, ExchangeHome {
  deadline: number
  slot = -1
  /** What it has become. */
  webSocket: WebSocketEnd | null = null
  readonly #host: ConnectionHost
  readonly #socket: Socket
  readonly #handler: ExchangeHandler
  readonly #peer: Peer
  readonly #output: Output
  #parser: RequestParser | null = null
  #exchange: Http1Exchange | null = null
  #stage = IDLE
  /** Bytes behind the request that is under way. */
  #ahead: Buffer = EMPTY
  #requests = 0
  #forgotten = 0
  #isConsuming = false
  #isPaused = false

  constructor(host: ConnectionHost, socket: Socket, handler: ExchangeHandler, peer: Peer) {
    this.#host = host
    this.#socket = socket
    this.#handler = handler
    this.#peer = peer
    this.#output = new Output(socket, host.settings.sendTimeoutMs, () => this.#exchange?.drained())
    this.deadline = host.sweep.after(host.settings.headerTimeoutMs)
    host.sweep.add(this)
  }

  // Bytes in

  /** A read; the bytes are dealt with, or copied, when it returns. */
  // HOT PATH
  onRead(buffer: Buffer, from: number, to: number): void {
    this.#isConsuming = true
    let at = from
    while (at < to) {
      switch (this.#stage) {
        case WAITING:
          this.#keepAhead(buffer, at, to)
          at = to
          break
        case TUNNEL:
          this.webSocket?.take(buffer.subarray(at, to))
          at = to
          break
        case LINGERING:
        case CLOSED:
          at = to
          break
        default:
          at = this.#parse(buffer, at, to)
      }
    }
    this.#isConsuming = false
  }

  // HOT PATH
  #parse(buffer: Buffer, from: number, to: number): number {
    const parser = (this.#parser ??= this.#host.borrowParser())
    const isHead = this.#stage <= HEAD
    parser.execute(buffer, from, to)
    const { fault } = parser
    if (isHead) {
      if (!parser.hasHead && fault === null) {
        this.#awaitHead(parser)
        return to
      }
      this.#begin(parser, buffer)
      return fault === null ? parser.consumed : to
    }
    if (fault !== null) {
      this.#failBody(fault)
      return to
    }
    this.#takeBody(parser, buffer)
    return parser.consumed
  }

  #awaitHead(parser: RequestParser): void {
    if (parser.isFresh || this.#stage === HEAD) return
    this.#stage = HEAD
    // For all of it, not for each piece: a client that sends byte by byte does not hold a connection for long.
    this.deadline = this.#host.sweep.after(this.#host.settings.headerTimeoutMs)
  }

  /** A head is complete, or wrong. */
  // HOT PATH
  #begin(parser: RequestParser, buffer: Buffer): void {
    this.#requests++
    this.#host.pending++
    const exchange = (this.#exchange = new Http1Exchange(this, parser, this.#peer))
    const { bodyStart, bodyEnd, isComplete } = parser
    this.#forgotten = 0
    if (exchange.bodyLength !== 0) {
      this.#stage = BODY
      this.#awaitBody()
      // Before the handler: what it does may read the next bytes into the same buffer.
      if (bodyEnd > bodyStart || isComplete) {
        exchange.takeBody(Buffer.from(buffer.subarray(bodyStart, bodyEnd)), isComplete)
      }
    }
    if (isComplete || exchange.fault !== null) this.#haveRequest(parser)
    try {
      this.#handler(exchange)
    } catch (error) {
      this.#host.report(error, 'the request handler failed')
      exchange.fail()
    }
  }

  // HOT PATH
  #haveRequest(parser: RequestParser): void {
    this.#parser = null
    this.#host.returnParser(parser)
    this.deadline = NEVER
    if (this.#exchange !== null) this.#stage = WAITING
    else this.#idle()
  }

  #takeBody(parser: RequestParser, buffer: Buffer): void {
    const { bodyStart, bodyEnd, isComplete } = parser
    if (this.#stage === FORGOTTEN) {
      this.#forgotten += bodyEnd - bodyStart
      if (isComplete) this.#haveRequest(parser)
      else if (this.#forgotten > FORGOTTEN_BYTES) this.#linger()
      return
    }
    const exchange = this.#exchange
    this.#awaitBody()
    if (isComplete) this.#haveRequest(parser)
    if (bodyEnd > bodyStart || isComplete) {
      exchange?.takeBody(Buffer.from(buffer.subarray(bodyStart, bodyEnd)), isComplete)
    }
  }

  #awaitBody(): void {
    this.deadline = this.#host.sweep.after(this.#host.settings.bodyTimeoutMs)
  }

  #failBody(fault: ErrorCode): void {
    const exchange = this.#exchange
    if (exchange === null) this.#linger()
    else exchange.failBody(fault)
  }

  #keepAhead(buffer: Buffer, from: number, to: number): void {
    const bytes = buffer.subarray(from, to)
    this.#ahead = Buffer.concat([this.#ahead, bytes])
    if (this.#ahead.length >= AHEAD_BYTES) this.pauseReading()
  }

  // Exchange

  get remaining(): number {
    return this.#parser?.remaining ?? 0
  }

  get isLast(): boolean {
    const { isDraining, settings } = this.#host
    return (
      isDraining ||
      settings.keepaliveTimeoutMs === 0 ||
      this.#requests >= settings.keepaliveRequests
    )
  }

  // HOT PATH
  send(head: string, body: Uint8Array | string | null): boolean {
    return this.#output.send(head, body)
  }

  sendChunk(head: string, chunk: Uint8Array): boolean {
    return this.#output.sendChunk(head, chunk)
  }

  sendContinue(): void {
    this.#output.send(CONTINUE, null)
    if (this.#stage === BODY) this.#awaitBody()
  }

  pauseReading(): void {
    if (this.#stage === BODY) this.deadline = NEVER
    if (this.#isPaused) return
    this.#isPaused = true
    this.#socket.pause()
  }

  resumeReading(): void {
    if (!this.#isPaused || this.#ahead.length >= AHEAD_BYTES) return
    this.#isPaused = false
    if (this.#stage === BODY) this.#awaitBody()
    this.#socket.resume()
  }

  /** The answer has been written; it counts as pending until the system has taken all of it. */
  // HOT PATH
  answered(exchange: Http1Exchange, closes: boolean): void {
    if (exchange !== this.#exchange) return
    if (this.#output.isClear) this.#left(exchange, closes)
    else {
      this.deadline = this.#host.sweep.after(this.#host.settings.sendTimeoutMs)
      this.#output.whenClear(() => this.#left(exchange, closes))
    }
  }

  // HOT PATH
  #left(exchange: Http1Exchange, closes: boolean): void {
    if (exchange !== this.#exchange) return
    this.#exchange = null
    this.#host.pending--
    const isWhole = this.#stage === WAITING
    if (closes) {
      // Unread bytes would make the system reset the connection, and take the answer with it.
      if (isWhole && exchange.fault === null && this.#ahead.length === 0) this.#end()
      else this.#linger()
      return
    }
    if (!isWhole) {
      this.#stage = FORGOTTEN
      this.#awaitBody()
      this.resumeReading()
      return
    }
    this.#idle()
    if (this.#ahead.length > 0 && !this.#isConsuming) this.#goOn()
  }

  /** The exchange stays under way until the connection is closed. */
  tunnel(head: string): TunnelEnd {
    const ahead = this.#ahead
    this.#ahead = EMPTY
    this.#stage = TUNNEL
    this.deadline = NEVER
    this.resumeReading()
    const timeouts = { idleMs: 0, writeMs: this.#host.settings.sendTimeoutMs }
    this.#socket.write(head, 'latin1')
    return (this.webSocket = new WebSocketEnd(this.#socket, ahead, timeouts))
  }

  cut(isReset: boolean): void {
    if (isReset && !(this.#socket instanceof TLSSocket)) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
    this.onClose()
  }

  report(error: unknown, message: string): void {
    this.#host.report(error, message)
  }

  // HOT PATH
  #idle(): void {
    this.#stage = IDLE
    this.deadline = this.#host.sweep.after(this.#host.settings.keepaliveTimeoutMs)
  }

  /** Reads what has come ahead. */
  #goOn(): void {
    const ahead = this.#ahead
    this.#ahead = EMPTY
    this.resumeReading()
    this.onRead(ahead, 0, ahead.length)
  }

  // The end

  /** Closes when all has left. */
  #end(): void {
    this.#stage = CLOSED
    this.deadline = this.#host.sweep.after(this.#host.settings.sendTimeoutMs)
    this.#socket.destroySoon()
  }

  /** Closes its own side and reads on for a while, so that a client who still sends gets to read the answer. */
  #linger(): void {
    this.#stage = LINGERING
    this.#ahead = EMPTY
    this.deadline = this.#host.sweep.after(LINGER_MS)
    this.resumeReading()
    this.#socket.end()
  }

  /** The engine is closing: what has been answered still leaves, everything else is cut. */
  shutDown(): void {
    if (this.#exchange === null && this.#socket.writableLength > 0) this.#end()
    else this.cut(false)
  }

  onDeadline(): void {
    const exchange = this.#exchange
    if (this.#stage === HEAD && this.#parser !== null) {
      this.#parser.giveUp()
      this.#begin(this.#parser, EMPTY)
    } else if (this.#stage === BODY && exchange?.isDone === false) {
      if (!exchange.isTimeless) exchange.failBody('REQUEST_TIMEOUT')
    } else this.cut(false)
  }

  /** The client has taken nothing for too long. */
  onSendTimeout(): void {
    if (this.webSocket === null && this.#output.isStuck) this.cut(false)
  }

  /** The client has closed its side: as in nginx, it has gone. */
  onEnd(): void {
    if (this.webSocket !== null) return
    if (this.#exchange?.isDone) this.#socket.destroySoon()
    else this.cut(false)
  }

  /** The socket is closed, or about to be. */
  onClose(): void {
    if (this.slot >= 0) this.#host.closed(this)
    this.#stage = CLOSED
    this.#ahead = EMPTY
    const exchange = this.#exchange
    this.#exchange = null
    if (this.#parser !== null) this.#host.returnParser(this.#parser)
    this.#parser = null
    if (exchange === null) return
    this.#host.pending--
    this.webSocket?.closed()
    exchange.abort()
  }
}
