// Tokens and codes that have been issued. The store gets to see digests of them alone: who reads it has no token.
import { hash } from 'node:crypto'
import type { Awaitable, SharedStore } from 'gw/plugin'
import { isRandomText, randomText } from './random-text.js'

/** What a token or a code is good for. */
export interface Grant {
  readonly clientId: string
  /** Of whom the client was then: one of the same name that belongs to another consumer is another client. */
  readonly consumerId: string
  /** Null for all services. */
  readonly serviceId: string | null
  readonly userId: string | null
  readonly scope: string | null
}

export interface CodeGrant extends Grant {
  readonly challenge: string | null
  /** Null when the client did not say it. */
  readonly redirectUri: string | null
  /** The use of the plugin that has issued it. */
  readonly use: string
}

export interface RefreshGrant extends Grant {
  /** Where the access token is kept that it came with. */
  readonly access: string
  /** Milliseconds since the epoch; null for never. */
  readonly endsAt: number | null
}

/** RFC 6749, 4.1.2 recommends ten minutes at most; these are Kong's. */
const CODE_MS = 300_000

export type Kind = 'access' | 'refresh' | 'code'

export function keyOf(kind: Kind, text: string): string {
  return `oauth2:${kind}:${hash('sha256', text, 'base64url')}`
}

export class Issued {
  readonly #store: SharedStore

  constructor(store: SharedStore) {
    this.#store = store
  }

  /** HOT PATH */
  access(text: string): Awaitable<Grant | null> {
    if (!isRandomText(text)) return null
    const kept = this.#store.get(keyOf('access', text))
    return typeof kept === 'object' && kept !== null ? kept.then(grantOf) : grantOf(kept)
  }

  async code(text: string): Promise<CodeGrant | null> {
    return parse(await this.#get('code', text)) as CodeGrant | null
  }

  async refresh(text: string): Promise<RefreshGrant | null> {
    return parse(await this.#get('refresh', text)) as RefreshGrant | null
  }

  /** Whether it was still there: of several who use a code at once, one does. */
  async use(kind: Kind, text: string): Promise<boolean> {
    return (await this.#store.take(keyOf(kind, text))) !== null
  }

  async drop(key: string): Promise<void> {
    await this.#store.take(key)
  }

  async newCode(grant: CodeGrant): Promise<string> {
    return this.#issue('code', grant, CODE_MS)
  }

  async newAccess(grant: Grant, ttlMs: number): Promise<string> {
    return this.#issue('access', grant, ttlMs)
  }

  async newRefresh(grant: RefreshGrant, ttlMs: number): Promise<string> {
    return this.#issue('refresh', grant, ttlMs)
  }

  /** @returns what it was good for until now; null when it was gone, and then it stays so */
  async replaceRefresh(
    text: string,
    grant: RefreshGrant,
    now: number,
  ): Promise<RefreshGrant | null> {
    const key = keyOf('refresh', text)
    const ttlMs = grant.endsAt === null ? 0 : Math.max(1, grant.endsAt - now)
    const before = await this.#store.put(key, JSON.stringify(grant), ttlMs)
    if (before === null) await this.#store.take(key)
    return parse(before) as RefreshGrant | null
  }

  async #get(kind: Kind, text: string): Promise<string | null> {
    return isRandomText(text) ? this.#store.get(keyOf(kind, text)) : null
  }

  async #issue(kind: Kind, grant: Grant, ttlMs: number): Promise<string> {
    const text = randomText()
    await this.#store.put(keyOf(kind, text), JSON.stringify(grant), ttlMs)
    return text
  }
}

/** What stands under such a key was written above. */
function parse(kept: string | null): unknown {
  return kept === null ? null : JSON.parse(kept)
}

function grantOf(kept: string | null): Grant | null {
  return parse(kept) as Grant | null
}
