// The body of an answer that may be kept, as it goes by. What all of them hold at a time is bounded.

export class CollectorBudget {
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#maxBytes) return false
    this.#bytes += bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes
  }
}

export class Collector {
  readonly #budget: CollectorBudget
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(budget: CollectorBudget, maxBytes: number) {
    this.#budget = budget
    this.#maxBytes = maxBytes
  }

  /** False when it is too much: nothing is held any more. */
  add(chunk: Buffer): boolean {
    if (this.#bytes + chunk.length > this.#maxBytes || !this.#budget.take(chunk.length)) {
      this.drop()
      return false
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    return true
  }

  /** The body in memory of its own: a piece of Node's pool would keep all of the pool from being freed. */
  whole(): Buffer {
    const body = Buffer.allocUnsafeSlow(this.#bytes)
    let at = 0
    for (const chunk of this.#chunks) at += chunk.copy(body, at)
    this.drop()
    return body
  }

  drop(): void {
    this.#budget.giveBack(this.#bytes)
    this.#chunks = []
    this.#bytes = 0
  }
}
