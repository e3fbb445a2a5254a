// Tokens whose signatures have been verified.
import { TokenCache, type Credential, type Store } from 'gw/plugin'
import type { Times } from './claims.js'

export interface VerifiedToken extends Times {
  readonly credential: Credential
  /** For `claims_to_headers`. */
  readonly headerValues: readonly (string | undefined)[]
}

export class VerifiedTokens {
  readonly #cache: TokenCache<VerifiedToken>

  constructor(max?: number) {
    this.#cache = new TokenCache(max)
  }

  get size(): number {
    return this.#cache.size
  }

  /** Null for a token that does not go in here. HOT PATH */
  digest(token: string): string | null {
    return this.#cache.digest(token)
  }

  /**
   * What was found out about the token by that use, if its credential is still the one in the file: one that has been
   * changed or removed is no longer the same object. Times are for the caller to check. HOT PATH
   */
  get(digest: string, use: object, store: Store): VerifiedToken | null {
    const verified = this.#cache.get(digest, use)
    if (verified === null) return null
    const { credential } = verified
    const key = credential.key
    const isCurrent = typeof key === 'string' && store.credential('jwt_secrets', key) === credential
    return isCurrent ? verified : null
  }

  add(digest: string, use: object, verified: VerifiedToken): void {
    this.#cache.add(digest, use, verified)
  }

  clear(): void {
    this.#cache.clear()
  }
}
