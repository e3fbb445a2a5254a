// What a directory has said of users not long ago: in a bounded number, each for the same time.

interface Entry<T> {
  readonly value: T
  readonly until: number
}

export class Verdicts<T> {
  readonly #maxEntries: number
  readonly #ttlMs: number
  /** In the order in which they end. */
  readonly #entries = new Map<string, Entry<T>>()

  /** @param ttlMs 0 to keep nothing */
  constructor(maxEntries: number, ttlMs: number) {
    this.#maxEntries = maxEntries
    this.#ttlMs = ttlMs
  }

  get size(): number {
    return this.#entries.size
  }

  /** @param now milliseconds of a clock that never goes back */
  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > now) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  /** The oldest goes when there are too many. */
  set(key: string, value: T, now: number): void {
    if (this.#ttlMs === 0) return
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: now + this.#ttlMs })
    for (const [oldest, { until }] of this.#entries) {
      if (until > now && this.#entries.size <= this.#maxEntries) break
      this.#entries.delete(oldest)
    }
  }
}
