// The body of an answer that is changed: kept whole until its end, as far as that goes.

/** How much of a body is kept for its end; Kong keeps all of it. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024

export class CollectedAnswer {
  readonly #chunks: Buffer[] = []
  #bytes = 0

  add(chunk: Buffer): void {
    this.#bytes += chunk.length
    // What was to be taken out must not leave in it: the answer ends here.
    if (this.#bytes > MAX_ANSWER_BYTES) throw tooLong()
    this.#chunks.push(chunk)
  }

  whole(): Buffer {
    const [first] = this.#chunks
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks)
  }
}

export function tooLong(): Error {
  return new Error(`a JSON answer of more than ${String(MAX_ANSWER_BYTES)} bytes cannot be changed`)
}
