// Request bodies that a plugin has read or made: kept in memory, and handed to the target from there.
import { RequestError, expected } from '../errors/gateway-error.js'
import type { BodyReader, BodySource } from '../model/exchange.js'

/** A body that is there already. */
export class BufferedBody implements BodySource {
  readonly bodyLength: number
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.bodyLength = bytes.length
  }

  readBody(reader: BodyReader): void {
    reader.onBodyChunk(this.#bytes, true)
  }
  // There is one piece only; nothing to hold back.
  pauseBody(): void {
    return
  }
  resumeBody(): void {
    return
  }
}

/**
 * A body that a plugin reads. Should that fail at its limit, it still is the whole body for whoever reads it next: what
 * has come is kept, and handed over first.
 */
export class CollectedBody implements BodySource, BodyReader {
  readonly bodyLength: number
  /** Rejects with BODY_TOO_LARGE as soon as more than the limit has come or is announced. */
  readonly whole: Promise<Buffer>
  readonly #source: BodySource
  readonly #limit: number
  #chunks: Buffer[] = []
  #bytes = 0
  #isComplete = false
  #isPaused = false
  #resolve!: (whole: Buffer) => void
  #reject!: (reason: Error) => void

  constructor(source: BodySource, limitBytes: number) {
    this.bodyLength = source.bodyLength
    this.#source = source
    this.#limit = limitBytes
    this.whole = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (source.bodyLength > limitBytes) this.#refuse()
    else if (source.bodyLength === 0) this.onBodyChunk(Buffer.alloc(0), true)
    else source.readBody(this)
  }

  onBodyChunk(chunk: Buffer, last: boolean): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#isComplete = last
    if (this.#bytes > this.#limit) {
      this.#source.pauseBody()
      this.#refuse()
    } else if (last) {
      this.#resolve(Buffer.concat(this.#chunks, this.#bytes))
    }
  }

  readBody(reader: BodyReader): void {
    const chunks = this.#chunks
    this.#chunks = []
    // All at once: it is hardly more than the limit.
    chunks.forEach((chunk, i) => {
      reader.onBodyChunk(chunk, this.#isComplete && i === chunks.length - 1)
    })
    if (this.#isComplete) return
    this.#source.readBody(reader)
    // Taking over a source sets it going.
    if (this.#isPaused) this.#source.pauseBody()
  }

  pauseBody(): void {
    this.#isPaused = true
    this.#source.pauseBody()
  }

  resumeBody(): void {
    this.#isPaused = false
    this.#source.resumeBody()
  }

  #refuse(): void {
    const detail = `the body is over ${this.#limit} bytes`
    this.#reject(expected(RequestError, 'BODY_TOO_LARGE', { detail }))
  }
}
