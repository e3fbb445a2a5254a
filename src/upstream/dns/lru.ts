// A map that forgets what has not been used for longest.

export class Lru<K, V> {
  readonly #size: number
  /** The first is the one that has not been used for longest. */
  readonly #entries = new Map<K, V>()

  /** @param size how many entries are kept, at least one */
  constructor(size: number) {
    this.#size = Math.max(size, 1)
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#size) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
