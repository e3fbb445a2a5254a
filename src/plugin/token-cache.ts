// What was found out about tokens, so that the next request with the same one costs a hash. The tokens themselves are not
// kept: who reads this memory finds none to use.
import { randomBytes } from 'node:crypto'
import { KeyedHash, type Digest } from '../util/keyed-hash.js'

/** Of each cache, and so of each thread and plugin. */
const MAX_TOKENS = 4096
/** A longer one is judged each time: its hash would cost as much, and its claims more memory. */
const MAX_CHARACTERS = 4096

interface Entry<V> {
  readonly digest: Digest
  /** The use of the plugin that has judged it: another one may judge otherwise. */
  readonly use: object
  readonly value: V
}

export class TokenCache<V> {
  /** In the order in which they came; the oldest goes first. */
  readonly #entries = new Map<number, Entry<V>>()
  readonly #max: number
  readonly #hash: KeyedHash

  constructor(max = MAX_TOKENS) {
    const seed = randomBytes(16)
    this.#max = max
    this.#hash = new KeyedHash({
      w0: seed.readInt32LE(0),
      w1: seed.readInt32LE(4),
      w2: seed.readInt32LE(8),
      w3: seed.readInt32LE(12),
    })
  }

  get size(): number {
    return this.#entries.size
  }

  /**
   * Null for a token that does not go in here. Nobody can make two that collide without knowing the key. HOT PATH
   * @param salt gives the same token a place of its own for each use; without it, two uses push out each other's
   */
  digest(token: string, salt = 0): Digest | null {
    if (token.length > MAX_CHARACTERS) return null
    const digest = this.#hash.digest(token)
    return salt === 0 ? digest : { ...digest, w0: digest.w0 ^ Math.imul(salt, 0x9e3779b1) }
  }

  /** What that use has found out. Times are for the caller to check. HOT PATH */
  get(digest: Digest, use: object): V | null {
    const entry = this.#entries.get(placeOf(digest))
    return entry?.use === use && isEqual(entry.digest, digest) ? entry.value : null
  }

  add(digest: Digest, use: object, value: V): void {
    const place = placeOf(digest)
    // Set anew, it would keep the turn of what stood there.
    this.#entries.delete(place)
    if (this.#entries.size >= this.#max) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(place, { digest, use, value })
  }

  /** Forgets what uses that are no longer among these have found out. */
  retain(uses: ReadonlySet<object>): void {
    for (const [place, { use }] of this.#entries) if (!uses.has(use)) this.#entries.delete(place)
  }

  clear(): void {
    this.#entries.clear()
  }
}

/** 52 bits, as a number that is exact. */
function placeOf({ w0, w1 }: Digest): number {
  return (w0 >>> 0) * 2 ** 20 + (w1 >>> 12)
}

function isEqual(a: Digest, b: Digest): boolean {
  return a.w0 === b.w0 && a.w1 === b.w1 && a.w2 === b.w2 && a.w3 === b.w3
}
