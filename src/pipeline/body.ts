// Request bodies that have been read, or made by a plugin: kept in memory, and handed to the target from there.
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
 * A body that is read ahead, up to a bound. Whole or not, it still is the whole body for whoever reads it next: what has
 * come is kept, and handed over first.
 */
export class HeldBody implements BodySource, BodyReader {
  readonly bodyLength: number
  readonly #source: BodySource
  readonly #enoughBytes: number
  readonly #onHeld: (whole: Buffer | null) => void
  #chunks: Buffer[] = []
  #bytes = 0
  #isComplete = false
  #isHeld = false
  #isPaused = false

  /**
   * @param enoughBytes when so many have come, no more is read
   * @param onHeld called once: with the body, or with null when it has grown to `enoughBytes` and is not complete
   */
  constructor(source: BodySource, enoughBytes: number, onHeld: (whole: Buffer | null) => void) {
    this.bodyLength = source.bodyLength
    this.#source = source
    this.#enoughBytes = enoughBytes
    this.#onHeld = onHeld
  }

  /** Begins to read; `onHeld` may be called before this returns. */
  hold(): void {
    this.#source.readBody(this)
  }

  onBodyChunk(chunk: Buffer, last: boolean): void {
    if (chunk.length > 0) this.#chunks.push(chunk)
    this.#bytes += chunk.length
    this.#isComplete = last
    // A piece that was under way when the source was paused.
    if (this.#isHeld) return
    if (!last && this.#bytes < this.#enoughBytes) return
    this.#isHeld = true
    if (!last) this.#source.pauseBody()
    this.#onHeld(last ? this.#whole() : null)
  }

  readBody(reader: BodyReader): void {
    const chunks = this.#chunks
    this.#chunks = []
    // All at once: it is hardly more than the bound.
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

  #whole(): Buffer {
    const [only] = this.#chunks
    return only !== undefined && this.#chunks.length === 1
      ? only
      : Buffer.concat(this.#chunks, this.#bytes)
  }
}

/** The fault of a body that a plugin wanted to read and that is longer than it may be. */
export function tooLarge(limitBytes: number): RequestError {
  const detail = `the body is over ${limitBytes} bytes`
  return expected(RequestError, 'BODY_TOO_LARGE', { detail })
}
