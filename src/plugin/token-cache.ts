// What was found out about tokens, so that the next request with the same one costs a hash. The tokens themselves are not
// kept: who reads this memory finds none to use.
import { hash } from 'node:crypto'

/** Of each cache, and so of each thread and plugin. */
const MAX_TOKENS = 4096
/** A longer one is judged each time: its hash would cost as much, and its claims more memory. */
const MAX_CHARACTERS = 4096

interface Entry<V> {
  /** The use of the plugin that has judged it: another one may judge otherwise. */
  readonly use: object
  readonly value: V
}

export class TokenCache<V> {
  /** In the order in which they came; the oldest goes first. */
  readonly #entries = new Map<string, Entry<V>>()
  readonly #max: number

  constructor(max = MAX_TOKENS) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * The token's SHA-256, which costs less here than a hash in JavaScript. Null for a token that does not go in. HOT PATH
   * @param salt gives the same token a place of its own for each use; without it, two uses push out each other's
   */
  digest(token: string, salt = 0): string | null {
    if (token.length > MAX_CHARACTERS) return null
    const digest = hash('sha256', token, 'binary')
    return salt === 0 ? digest : `${digest}${salt}`
  }

  /** What that use has found out. Times are for the caller to check. HOT PATH */
  get(digest: string, use: object): V | null {
    const entry = this.#entries.get(digest)
    return entry?.use === use ? entry.value : null
  }

  add(digest: string, use: object, value: V): void {
    // Set anew, it would keep the turn of what stood there.
    this.#entries.delete(digest)
    if (this.#entries.size >= this.#max) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(digest, { use, value })
  }

  /** Forgets what uses that are no longer among these have found out. */
  retain(uses: ReadonlySet<object>): void {
    for (const [digest, { use }] of this.#entries) if (!uses.has(use)) this.#entries.delete(digest)
  }

  clear(): void {
    this.#entries.clear()
  }
}
