// What has come of a request's body and is not handed over yet: nobody has asked for it, or its reader rests.
import type { BodyReader } from '../model/exchange.js'

export const EMPTY = Buffer.alloc(0)

/** What is kept for a reader who has not come yet, or who rests, before the client has to wait; about one TCP window. */
export const HELD_BYTES = 64 * 1024

/** An upload with no more than this to come is read to its end and forgotten, so that the connection can be kept. */
export const FORGOTTEN_BYTES = 256 * 1024

export class BodyQueue {
  /** Bytes that wait. */
  heldBytes = 0
  /** The last piece has come; it may still wait. */
  isComplete = false
  /** The reader wants no more for now. */
  isPaused = false
  #reader: BodyReader | null = null
  #held: Buffer[] = []
  #isHandingOver = false
  #isDropped = false

  /**
   * @param chunk the queue's to keep
   * @returns whether it waits now
   */
  push(chunk: Buffer, last: boolean): boolean {
    if (this.#isDropped) return false
    this.isComplete = last
    if (this.#reader !== null && !this.isPaused && this.#held.length === 0) {
      this.#reader.onBodyChunk(chunk, last)
      return false
    }
    this.#held.push(chunk)
    this.heldBytes += chunk.length
    return true
  }

  /** Hands over what waits, and what comes from now on. */
  read(reader: BodyReader): void {
    this.#reader = reader
    this.resume()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    if (this.#isHandingOver || this.#reader === null) return
    this.#isHandingOver = true
    try {
      for (let chunk = this.#next(); chunk !== undefined; chunk = this.#next()) {
        this.#reader.onBodyChunk(chunk, this.isComplete && this.#held.length === 0)
      }
    } finally {
      this.#isHandingOver = false
    }
  }

  /** Whatever still comes is nobody's. */
  drop(): void {
    this.#isDropped = true
    this.#held = []
    this.heldBytes = 0
  }

  #next(): Buffer | undefined {
    // The reader may pause, or end the exchange, within onBodyChunk.
    if (this.isPaused || this.#isDropped) return undefined
    const chunk = this.#held.shift()
    if (chunk !== undefined) this.heldBytes -= chunk.length
    return chunk
  }
}
