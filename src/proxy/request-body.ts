// Streams the body of a request to a connection, at the pace of the target, and keeps its beginning for another try.
import type { BodyReader, BodySource } from '../model/exchange.js'
import type { Connection } from './connection.js'

export class RequestBody implements BodyReader {
  readonly #source: BodySource
  readonly #replayBytes: number
  readonly #onMismatch: (what: string) => void
  #connection: Connection | null = null
  /** From the first byte on while it may be sent again, else what is not sent yet. */
  #chunks: Buffer[] = []
  /** How many of them the present connection has got. */
  #written = 0
  #received = 0
  #isStarted = false
  #isPaused = false
  /** All of the body has come. */
  #isComplete = false
  /** No more of it is wanted. */
  #isStopped = false

  /**
   * @param replayBytes as in UpstreamCall
   * @param onMismatch called when the body is not as long as announced; nothing more is sent
   */
  constructor(source: BodySource, replayBytes: number, onMismatch: (what: string) => void) {
    this.#source = source
    this.#replayBytes = replayBytes
    this.#onMismatch = onMismatch
  }

  get isReplayable(): boolean {
    return this.#received <= this.#replayBytes && !this.#isStopped
  }

  /** Sends the body to that connection, from the beginning. */
  attach(connection: Connection): void {
    this.#connection = connection
    this.#written = 0
    if (this.#isStarted) {
      if (this.#flush()) this.#resume()
      return
    }
    this.#isStarted = true
    this.#source.readBody(this)
  }

  /** The connection is lost; what comes is kept for the next. */
  detach(): void {
    this.#connection = null
    this.#pause()
  }

  /** Sends no more. */
  stop(): void {
    this.#isStopped = true
    this.#chunks = []
    this.detach()
  }

  onWritable(): void {
    this.#resume()
  }

  onBodyChunk(chunk: Buffer, last: boolean): void {
    if (this.#isStopped) return
    this.#received += chunk.length
    if (chunk.length > 0) this.#chunks.push(chunk)
    const announced = this.#source.bodyLength
    this.#isComplete = last || this.#received === announced
    if (announced >= 0 && (this.#received > announced || (last && this.#received < announced))) {
      this.stop()
      this.#onMismatch(`the body has ${this.#received} bytes and not ${announced}`)
      return
    }
    this.#flush()
  }

  /** @returns whether the target keeps up */
  #flush(): boolean {
    const connection = this.#connection
    if (connection === null) return false
    let isKeepingUp = true
    for (; this.#written < this.#chunks.length; this.#written++) {
      const chunk = this.#chunks[this.#written]
      if (chunk !== undefined && !this.#write(connection, chunk)) isKeepingUp = false
    }
    if (!this.isReplayable) {
      this.#chunks = []
      this.#written = 0
    }
    if (this.#isComplete) {
      if (this.#source.bodyLength < 0) connection.write('0\r\n\r\n', 'latin1')
      this.#connection = null
      connection.requestSent()
    } else if (!isKeepingUp) {
      this.#pause()
    }
    return isKeepingUp
  }

  #write(connection: Connection, chunk: Buffer): boolean {
    if (this.#source.bodyLength >= 0) return connection.write(chunk, 'latin1')
    connection.cork()
    connection.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
    connection.write(chunk, 'latin1')
    const isKeepingUp = connection.write('\r\n', 'latin1')
    connection.uncork()
    return isKeepingUp
  }

  #pause(): void {
    if (this.#isPaused || this.#isComplete || !this.#isStarted) return
    this.#isPaused = true
    this.#source.pauseBody()
  }

  #resume(): void {
    if (!this.#isPaused || this.#isStopped) return
    this.#isPaused = false
    this.#source.resumeBody()
  }
}
