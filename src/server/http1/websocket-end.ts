// The client's end of a WebSocket on this engine: bytes pass as they are, and are followed only so far that a close frame
// of our own can be put between two of theirs.
import type { Socket } from 'node:net'
import { SocketTunnelEnd, type TunnelTimeouts } from '../../util/http1/tunnel-end.js'
import { CLOSE_CODES, closeFrame } from '../../util/websocket/frame.js'
import { FrameBoundary } from '../../util/websocket/frame-head.js'

const NO_REASON = Buffer.alloc(0)

export class WebSocketEnd extends SocketTunnelEnd {
  readonly #fromClient = new FrameBoundary()
  readonly #toClient = new FrameBoundary()
  /** Nothing may follow a close frame (RFC 6455, 5.5.1). */
  #hasClosedClient = false
  #hasClosedTarget = false

  /** As the base has it. */
  constructor(socket: Socket, ahead: Uint8Array, timeouts: TunnelTimeouts) {
    super(socket, ahead, timeouts)
    this.#fromClient.follow(ahead)
  }

  override take(bytes: Buffer): void {
    if (this.#hasClosedTarget) return
    this.#fromClient.follow(bytes)
    super.take(bytes)
  }

  override write(bytes: Uint8Array): boolean {
    if (this.#hasClosedClient) return true
    this.#toClient.follow(bytes)
    return super.write(bytes)
  }

  /** Closes each side with 1001, unless that would be in the middle of a frame. */
  goAway(): void {
    if (!this.#hasClosedClient && this.#toClient.isBetweenFrames) {
      super.write(closeFrame(CLOSE_CODES.goingAway, NO_REASON, false))
      this.#hasClosedClient = true
      this.end()
    }
    if (!this.#hasClosedTarget && this.#fromClient.isBetweenFrames) {
      super.take(closeFrame(CLOSE_CODES.goingAway, NO_REASON, true))
      this.#hasClosedTarget = true
    }
  }
}
