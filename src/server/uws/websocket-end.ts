// The client's end of a tunnel on uWebSockets.js. A tunnel carries bytes, the library hands out messages and takes them:
// here each message of the client becomes a frame towards the target, and each frame of the target a message again.
import type { TunnelEnd, TunnelListener } from '../../util/http1/tunnel-end.js'
import { CLOSE_CODES, closeFrame, frame } from '../../util/websocket/frame.js'
import { MessageReader, type MessageSink } from '../../util/websocket/message-reader.js'
import type { UwsWebSocket } from './native.js'
import type { Ticked, Ticker } from './ticker.js'

/** What the end needs of its engine. */
export interface WebSocketHost {
  readonly ticker: Ticker
  /** Ticks without progress that a client, or a target that is to close, is allowed. */
  readonly sendPatience: number
  opened(end: WebSocketEnd): void
  /** Neither of its two connections is any more. */
  ended(end: WebSocketEnd): void
  report(error: unknown, message: string): void
}

/**
 * The largest message, in either direction: nobody can hold back what the library collects for one. Kong's plugin
 * websocket-size-limit has the same for targets by default.
 */
export const MOST_MESSAGE_BYTES = 16 * 1024 * 1024
/**
 * The library cannot stop reading from a WebSocket. What the client sends while its target takes nothing is kept up to
 * this; past it the client is told to come again later.
 */
const MOST_HELD_BYTES = 16 * 1024 * 1024

const NO_REASON = Buffer.alloc(0)
const SLOW_TARGET = Buffer.from('the target does not keep up')

export class WebSocketEnd implements TunnelEnd, MessageSink, Ticked {
  readonly #host: WebSocketHost
  readonly #forget: () => void
  readonly #reader: MessageReader
  #ws: UwsWebSocket | null = null
  #listener: TunnelListener | null = null
  /** How the WebSocket ends by this end's doing or the target's; null while it goes on. */
  #farewell: { readonly code: number; readonly reason: Uint8Array } | null = null
  /** The library has bytes that the client does not take. */
  #isBlocked = false
  /** The connection is to be closed when all has left. */
  #isLeaving = false
  #isPaused = false
  #isOver = false
  /** Of the client, while the target takes nothing. */
  #heldBytes = 0
  #stalledTicks = 0

  /** @param forget tells who counts connections, since the library does not when it is a WebSocket that closes */
  constructor(host: WebSocketHost, forget: () => void) {
    this.#host = host
    this.#forget = forget
    this.#reader = new MessageReader(this, MOST_MESSAGE_BYTES)
  }

  // What the library tells

  /** Called before the library's upgrade returns. */
  opened(ws: UwsWebSocket): void {
    this.#ws = ws
  }

  onClientFrame(opcode: number, payload: ArrayBuffer): void {
    if (this.#heldBytes > MOST_HELD_BYTES) {
      this.#farewell = { code: CLOSE_CODES.tryAgainLater, reason: SLOW_TARGET }
      this.#ws?.end(CLOSE_CODES.tryAgainLater, SLOW_TARGET)
      this.#end(true)
      return
    }
    if (this.#isPaused) this.#heldBytes += payload.byteLength
    this.#listener?.onBytes(frame(opcode, new Uint8Array(payload), true))
  }

  onDrain(): void {
    this.#stalledTicks = 0
    if (!this.#isBlocked || this.#ws === null || this.#ws.getBufferedAmount() > 0) return
    this.#isBlocked = false
    this.#host.ticker.delete(this)
    if (this.#isLeaving) this.#ws.close()
    else this.#listener?.onWritable()
  }

  /** The library's object is dead, by whosever hand; it has answered a close frame of the client by itself. */
  onDisconnect(code: number, reason: ArrayBuffer): void {
    this.#ws = null
    this.#forget()
    if (this.#isOver || this.#farewell !== null) return
    if (code !== CLOSE_CODES.abnormal) this.#closeTarget(code, new Uint8Array(reason))
    // The library gives a reason for every loss but that of a connection that was reset.
    else this.#end(!this.#isLeaving && reason.byteLength === 0)
  }

  // TunnelEnd

  start(listener: TunnelListener): void {
    this.#listener = listener
  }

  write(bytes: Uint8Array): boolean {
    const ws = this.#ws
    // What the client will not get any more need not wait either.
    if (ws === null || this.#isLeaving) return true
    ws.cork(() => this.#reader.read(bytes))
    if (this.#farewell !== null) this.#closeBoth()
    else if (ws.getBufferedAmount() > 0) this.#block()
    return !this.#isBlocked
  }

  /** A WebSocket has no half that stays open: a target that has left without a close frame has gone. */
  end(): void {
    this.close()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#heldBytes = 0
  }

  close(): void {
    if (this.#isBlocked) this.#isLeaving = true
    else this.reset()
  }

  reset(): void {
    if (this.#ws === null) this.#end(false)
    else {
      this.#isLeaving = true
      this.#ws.close()
    }
  }

  /** Closes both sides with 1001. */
  goAway(): void {
    if (this.#ws === null) return
    this.#farewell = { code: CLOSE_CODES.goingAway, reason: NO_REASON }
    this.#closeBoth()
  }

  // What the target sends

  onMessage(payload: Uint8Array, isBinary: boolean): void {
    this.#ws?.send(payload, isBinary, false)
  }

  /** Its answer comes as any frame of the client. The other way round the library answers, and so a pong ends here. */
  onPing(payload: Uint8Array): void {
    this.#ws?.ping(payload)
  }

  onClose(code: number, reason: Uint8Array): void {
    this.#farewell = { code, reason: Buffer.from(reason) }
  }

  onFault(code: number, what: string): void {
    this.#host.report(new Error(what), 'a target broke off its WebSocket')
    this.#farewell = { code, reason: Buffer.from(what) }
  }

  // Ticked

  onTick(): void {
    if (++this.#stalledTicks <= this.#host.sendPatience) return
    this.reset()
  }

  #block(): void {
    if (this.#isBlocked) return
    this.#isBlocked = true
    this.#stalledTicks = 0
    this.#host.ticker.add(this)
  }

  #closeBoth(): void {
    if (this.#farewell === null) return
    const { code, reason } = this.#farewell
    // 0 stands for a frame without a code. The library takes care of the rest: it closes some 10 s later at the latest.
    this.#ws?.end(code === CLOSE_CODES.none ? 0 : code, reason)
    this.#closeTarget(code, reason)
  }

  /** Says so to the target, and waits until it has closed, for it is the server who does (RFC 6455, 7.1.1). */
  #closeTarget(code: number, reason: Uint8Array): void {
    this.#stalledTicks = 0
    this.#host.ticker.add(this)
    this.#listener?.onBytes(closeFrame(code, reason, true))
    // Its own close frame may stand behind what the client has not taken.
    if (this.#isBlocked) this.#listener?.onWritable()
    this.#isBlocked = false
  }

  #end(isBroken: boolean): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#host.ticker.delete(this)
    this.#host.ended(this)
    this.#listener?.onClosed(isBroken)
  }
}
