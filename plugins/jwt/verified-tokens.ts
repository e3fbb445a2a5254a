// Tokens whose signatures have been verified, so that the next request with the same one costs a hash. The tokens
// themselves are not kept: who reads this memory finds none to use.
import { randomBytes } from 'node:crypto'
import { KeyedHash, type Credential, type Digest, type Store } from 'gw/plugin'
import type { Times } from './claims.js'

/** Of each thread. An entry takes some 300 bytes, and what it has for headers. */
const MAX_TOKENS = 4096
/** A longer one is verified each time: its hash would cost as much, and its claims more memory. */
const MAX_CHARACTERS = 4096

export interface VerifiedToken extends Times {
  readonly credential: Credential
  /** For `claims_to_headers`. */
  readonly headerValues: readonly (string | undefined)[]
}

interface Entry extends VerifiedToken {
  readonly digest: Digest
  /** The use of the plugin that has verified it: another one may look for the key elsewhere. */
  readonly use: object
}

export class VerifiedTokens {
  /** In the order in which they came; the oldest goes first. */
  readonly #entries = new Map<number, Entry>()
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

  /** Null for a token that does not go in here. Nobody can make two that collide without knowing the key. HOT PATH */
  digest(token: string): Digest | null {
    return token.length > MAX_CHARACTERS ? null : this.#hash.digest(token)
  }

  /**
   * What was found out about the token by that use, if its credential is still the one in the file: one that has been
   * changed or removed is no longer the same object. Times are for the caller to check. HOT PATH
   */
  get(digest: Digest, use: object, store: Store): VerifiedToken | null {
    const entry = this.#entries.get(placeOf(digest))
    if (entry?.use !== use || !isEqual(entry.digest, digest)) return null
    const { credential } = entry
    const key = credential.key
    const isCurrent = typeof key === 'string' && store.credential('jwt_secrets', key) === credential
    return isCurrent ? entry : null
  }

  add(digest: Digest, use: object, verified: VerifiedToken): void {
    const place = placeOf(digest)
    // Set anew, it would keep the turn of what stood there.
    this.#entries.delete(place)
    if (this.#entries.size >= this.#max) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    this.#entries.set(place, { ...verified, digest, use })
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
