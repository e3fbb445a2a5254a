// One end of a tunnel: a socket that has left HTTP behind and carries bytes as they are. Both floors that own sockets
// make one of theirs; who holds both joins them.
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** What an end tells. Nothing follows `onClosed`, which comes exactly once. */
export interface TunnelListener {
  /** The bytes are valid only until this returns. */
  onBytes(bytes: Buffer): void
  /** All that `write` refused has left. */
  onWritable(): void
  /** The peer has closed its side; it may still read. */
  onEnd(): void
  /** @param isBroken the connection was lost before the peer had closed its side */
  onClosed(isBroken: boolean): void
}

export interface TunnelEnd {
  /** From here on the listener hears of the end, at once of bytes that came behind the last head. */
  start(listener: TunnelListener): void
  /**
   * The bytes are sent or copied before it returns.
   * @returns false when the peer does not keep up: wait for `onWritable`
   */
  write(bytes: Uint8Array): boolean
  /** Closes this side when all has left; the peer may still send. */
  end(): void
  pause(): void
  resume(): void
  /** Closes both sides when all has left. */
  close(): void
  /** Tells the peer that something is missing, where its protocol can. */
  reset(): void
}

export interface TunnelTimeouts {
  /** How long nothing may pass in either direction; 0 for ever. */
  readonly idleMs: number
  /** How long the peer may take nothing of what waits for it. */
  readonly writeMs: number
}

export class SocketTunnelEnd implements TunnelEnd {
  readonly #socket: Socket
  readonly #timeouts: TunnelTimeouts
  #ahead: Buffer
  #listener: TunnelListener | null = null
  #isPaused = false
  #isBlocked = false
  #hasEnded = false
  #hasFailed = false
  #isLeaving = false
  #isClosed = false

  /**
   * @param socket whose reads its owner hands to `take` from here on
   * @param ahead bytes that have been read already; copied
   */
  constructor(socket: Socket, ahead: Uint8Array, timeouts: TunnelTimeouts) {
    this.#socket = socket
    this.#ahead = Buffer.from(ahead)
    this.#timeouts = timeouts
    socket
      .on('drain', () => this.#onDrain())
      .on('end', () => this.#onEnd())
      .on('timeout', () => socket.destroy())
      .on('error', () => (this.#hasFailed = true))
      .on('close', () => this.closed())
    this.#setTimer()
  }

  start(listener: TunnelListener): void {
    this.#listener = listener
    const ahead = this.#ahead
    this.#ahead = Buffer.alloc(0)
    if (ahead.length > 0) listener.onBytes(ahead)
    if (this.#hasEnded) listener.onEnd()
    if (this.#isClosed) listener.onClosed(this.#isBroken)
  }

  /** Bytes have been read. */
  take(bytes: Buffer): void {
    if (!this.#isClosed) this.#listener?.onBytes(bytes)
  }

  /** The socket is closed, or about to be. */
  closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#socket.setTimeout(0)
    this.#listener?.onClosed(this.#isBroken)
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket
    // What the peer will not get any more need not wait either.
    if (!socket.writable || this.#isLeaving) return true
    // A copy: what the system does not take at once is read from it later.
    if (socket.write(Buffer.from(bytes))) return true
    if (!this.#isBlocked) {
      this.#isBlocked = true
      this.#setTimer()
    }
    return false
  }

  end(): void {
    if (!this.#socket.writable) return
    this.#socket.end()
    this.#setTimer()
  }

  pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#socket.pause()
    this.#setTimer()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#socket.resume()
    this.#setTimer()
  }

  close(): void {
    if (this.#socket.destroyed || this.#isLeaving) return
    this.#isLeaving = true
    this.#socket.destroySoon()
    this.#setTimer()
  }

  reset(): void {
    if (this.#socket.destroyed) return
    // TLS has no such thing: an end without its farewell says the same.
    if (this.#socket instanceof TLSSocket) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
  }

  get #isBroken(): boolean {
    return this.#hasFailed && !this.#hasEnded
  }

  /**
   * nginx: one time-out for reading, put off by whatever passes, and another while the peer takes nothing. The timer of
   * a socket is set back by each read and each write that has left, so that one will do for both.
   */
  #setTimer(): void {
    const { idleMs, writeMs } = this.#timeouts
    if (this.#isClosed) return
    if (this.#isBlocked || this.#isLeaving) this.#socket.setTimeout(writeMs)
    else this.#socket.setTimeout(this.#isPaused ? 0 : idleMs)
  }

  #onDrain(): void {
    if (!this.#isBlocked) return
    this.#isBlocked = false
    this.#setTimer()
    this.#listener?.onWritable()
  }

  #onEnd(): void {
    this.#hasEnded = true
    this.#listener?.onEnd()
  }
}
