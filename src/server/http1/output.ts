// What leaves on a connection: pieces of answers joined so that each is one write, and the client that does not keep up.
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { DirectWriter } from '../../util/http1/direct-write.js'
import { isAscii } from '../response-text.js'

/** A body up to this size goes out as text behind its head. */
const TEXT_BYTES = 1024
/** Up to this size it is copied behind its head, which costs less than a second write. */
const JOINED_BYTES = 30 * 1024
const SCRATCH_BYTES = 32 * 1024

/** Where head and body come together; a new one when the last is still being sent. */
let scratch: Buffer | null = null

export class Output {
  readonly #socket: Socket
  readonly #direct: DirectWriter
  readonly #sendTimeoutMs: number
  readonly #onDrained: () => void
  readonly #restBytes: number
  #isBlocked = false

  /** @param onDrained called when all that was refused has left */
  constructor(socket: Socket, sendTimeoutMs: number, onDrained: () => void) {
    this.#socket = socket
    this.#sendTimeoutMs = sendTimeoutMs
    this.#onDrained = onDrained
    this.#direct = new DirectWriter(socket)
    this.#restBytes = socket instanceof TLSSocket ? socket.writableHighWaterMark : 1
  }

  /**
   * The system has taken all that was written. TLS never has at once, though it mostly will in this very turn; there a
   * rest that the stream does not mind is none, and waiting for it would cost a write more for each answer.
   */
  get isClear(): boolean {
    return !this.#direct.isFlying && this.#socket.writableLength < this.#restBytes
  }

  get #isKeepingUp(): boolean {
    const { writableLength, writableHighWaterMark } = this.#socket
    return !this.#direct.isFlying && writableLength < writableHighWaterMark
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
    if (bytes.length <= TEXT_BYTES) return this.#write(head + latin1(bytes))
    return this.#writeBytes(head, bytes, '')
  }

  sendChunk(head: string, chunk: Uint8Array): boolean {
    const before = `${head}${chunk.length.toString(16)}\r\n`
    if (chunk.length <= TEXT_BYTES) return this.#write(`${before}${latin1(chunk)}\r\n`)
    return this.#writeBytes(before, chunk, '\r\n')
  }

  /** Calls `done` when the system has taken all that was written, or the connection is gone. */
  whenClear(done: () => void): void {
    this.#socket.write('', done)
  }

  /** Whether a time-out of the socket means that the client takes nothing: its timer is set for this alone. */
  get isStuck(): boolean {
    return this.#isBlocked
  }

  // HOT PATH
  #write(text: string): boolean {
    const isTaken = this.#direct.write(text, 'latin1')
    return (isTaken && !this.#isBlocked) || this.#block()
  }

  // HOT PATH
  #writeBytes(before: string, bytes: Uint8Array, behind: string): boolean {
    const length = before.length + bytes.length + behind.length
    if (bytes.length > JOINED_BYTES || length > SCRATCH_BYTES) {
      return this.#writeApart(before, bytes, behind)
    }
    const joined = this.#direct.isReady
      ? (scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES))
      : Buffer.allocUnsafe(length)
    const end = before === '' ? 0 : joined.write(before, 'latin1')
    joined.set(bytes, end)
    if (behind !== '') joined.write(behind, end + bytes.length, 'latin1')
    const isTaken = this.#direct.writeBytes(joined.subarray(0, length))
    if (!isTaken && joined === scratch) scratch = null
    return (!this.#isBlocked && (isTaken || this.#isKeepingUp)) || this.#block()
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

  /** From here on until all has left the client counts as slow. */
  #block(): false {
    if (this.#isBlocked) return false
    this.#isBlocked = true
    this.#socket.setTimeout(this.#sendTimeoutMs)
    this.whenClear(this.#onClear)
    return false
  }

  readonly #onClear = (): void => {
    if (this.#socket.destroyed) return
    if (!this.isClear) {
      this.whenClear(this.#onClear)
      return
    }
    this.#isBlocked = false
    this.#socket.setTimeout(0)
    this.#onDrained()
  }
}

function latin1(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('latin1')
}
