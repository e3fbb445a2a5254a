// What leaves on a connection: pieces of answers joined so that each is one write, and the client that does not keep up.
import type { Socket } from 'node:net'
import { DirectWriter } from '../../util/http1/direct-write.js'
import { isAscii } from '../response-text.js'

/** A body up to this size goes out in one piece with its head: copying it costs less than a second write. */
const JOINED_BYTES = 12 * 1024

export class Output {
  readonly #socket: Socket
  readonly #direct: DirectWriter
  readonly #sendTimeoutMs: number
  readonly #onDrained: () => void
  #isBlocked = false

  /** @param onDrained called when all that was refused has left */
  constructor(socket: Socket, sendTimeoutMs: number, onDrained: () => void) {
    this.#socket = socket
    this.#sendTimeoutMs = sendTimeoutMs
    this.#onDrained = onDrained
    this.#direct = new DirectWriter(socket, () => this.#onTaken())
  }

  /** The system has taken all that was written. */
  get isClear(): boolean {
    return !this.#direct.isFlying && this.#socket.writableLength === 0
  }

  /**
   * Sends a head with what there is of a body.
   * @returns false when the client does not keep up
   */
  // HOT PATH
  send(head: string, body: Uint8Array | string | null): boolean {
    if (body === null || body.length === 0) return this.#write(head)
    const bytes = typeof body === 'string' && !isAscii(body) ? Buffer.from(body) : body
    if (typeof bytes === 'string') return this.#write(head + bytes)
    if (bytes.length <= JOINED_BYTES) return this.#write(head + latin1(bytes))
    return this.#writeApart(head, bytes, '')
  }

  sendChunk(head: string, chunk: Uint8Array): boolean {
    const before = `${head}${chunk.length.toString(16)}\r\n`
    if (chunk.length <= JOINED_BYTES) return this.#write(`${before}${latin1(chunk)}\r\n`)
    return this.#writeApart(before, chunk, '\r\n')
  }

  /** Calls `done` when the system has taken all that was written, or the connection is gone. */
  whenClear(done: () => void): void {
    this.#socket.write('', done)
  }

  drained(): void {
    if (!this.#isBlocked || !this.isClear) return
    this.#isBlocked = false
    this.#socket.setTimeout(0)
    this.#onDrained()
  }

  /** The socket's own timer is set for this alone; it tells a slow client from one that takes nothing. */
  get isStuck(): boolean {
    return this.#isBlocked
  }

  // HOT PATH
  #write(text: string): boolean {
    const isTaken = this.#direct.write(text, 'latin1')
    return (isTaken && !this.#isBlocked) || this.#block()
  }

  #onTaken(): void {
    // What has come behind it may be too little for the stream to tell when it has left.
    if (this.#socket.writableLength === 0) this.drained()
    else this.whenClear(() => this.drained())
  }

  #writeApart(before: string, bytes: Uint8Array, behind: string): boolean {
    const socket = this.#socket
    socket.cork()
    if (before !== '') socket.write(before, 'latin1')
    // A copy: what the system does not take at once is read from it later.
    let isKeepingUp = socket.write(Buffer.from(bytes))
    if (behind !== '') isKeepingUp = socket.write(behind, 'latin1')
    socket.uncork()
    return (isKeepingUp && !this.#isBlocked) || this.#block()
  }

  #block(): false {
    if (!this.#isBlocked) {
      this.#isBlocked = true
      this.#socket.setTimeout(this.#sendTimeoutMs)
    }
    return false
  }
}

function latin1(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('latin1')
}
