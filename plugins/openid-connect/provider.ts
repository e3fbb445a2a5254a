// One issuer, as a worker knows it: what its discovery document says, and its keys. It is asked when something is wanted that
// is not known, never more often than the cool-down allows; what is known stays in use while it does not answer.
import { fetchJson, member, type Members, type OutboundRequest, type PluginEnv } from 'gw/plugin'
import { KeySet, readKeys, type VerificationKey } from './key-set.js'

/** Documents and key sets. */
const MAX_DOCUMENT_BYTES = 1024 * 1024
/** Kong: after a failure the next attempt comes sooner. */
const COOL_DOWN_AFTER_FAILURE_MS = 5_000
/** Whatever the file says: requests with made-up keys must not become requests to the issuer. */
const LEAST_COOL_DOWN_MS = 1_000

/** The same settings give the same provider. */
export interface ProviderSettings extends Pick<OutboundRequest, 'timeoutMs' | 'verify' | 'idleMs'> {
  readonly issuer: string
  /** Null: there is no discovery. */
  readonly discoveryUrl: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly extraKeyUrls: readonly string[]
  /** Whether signatures are verified; else key sets are not asked for. */
  readonly needsKeys: boolean
  /** After so long the issuer is asked anew, beside the requests. */
  readonly lifetimeMs: number
  readonly coolDownMs: number
}

export interface Knowledge {
  readonly issuer: string
  readonly introspectionUrl: URL | null
  readonly keys: KeySet
}

export type ProviderEnv = Pick<PluginEnv, 'fetch' | 'log' | 'now'>

export class Provider {
  readonly #settings: ProviderSettings
  readonly #env: () => ProviderEnv
  #known: Knowledge | null = null
  #flight: Promise<void> | null = null
  #isFailing = false
  /** No attempt before that time. */
  #notBefore = -Infinity
  #staleAt = Infinity
  /** By URL; they stay while a set cannot be had. */
  readonly #keys = new Map<string, readonly VerificationKey[]>()

  constructor(settings: ProviderSettings, env: () => ProviderEnv) {
    this.#settings = settings
    this.#env = env
  }

  /** Null as long as nothing has been learnt. HOT PATH */
  current(): Knowledge | null {
    if (this.#known !== null && this.#env().now() >= this.#staleAt) void this.refresh()
    return this.#known
  }

  /** Asks the issuer, or waits for who is asking already. Null when it has been asked a moment ago; never rejects. */
  refresh(): Promise<void> | null {
    if (this.#flight !== null) return this.#flight
    if (this.#env().now() < this.#notBefore) return null
    this.#flight = this.#attempt().finally(() => (this.#flight = null))
    return this.#flight
  }

  async #attempt(): Promise<void> {
    const { lifetimeMs, coolDownMs, issuer } = this.#settings
    const { log, now } = this.#env()
    const pause = Math.max(LEAST_COOL_DOWN_MS, coolDownMs)
    try {
      const failures = await this.#learn()
      this.#notBefore = now() + pause
      if (failures.length === 0) {
        if (this.#isFailing) log.notice({ issuer }, 'openid-connect: the issuer answers again')
        this.#isFailing = false
      } else this.#report(failures.join('; '))
    } catch (error) {
      this.#notBefore = now() + Math.min(pause, COOL_DOWN_AFTER_FAILURE_MS)
      this.#report(error instanceof Error ? error.message : String(error))
    }
    this.#staleAt = Math.max(now() + lifetimeMs, this.#notBefore)
    if (this.#isFailing) this.#staleAt = this.#notBefore
  }

  #report(reason: string): void {
    const { issuer } = this.#settings
    const state = this.#known === null ? 'nothing is known of it yet' : 'its last keys stay in use'
    this.#isFailing = true
    this.#env().log.error({ issuer }, `openid-connect: discovery failed, ${state}: ${reason}`)
  }

  /** @returns what could not be had, though enough is known. @throws Error where it is not */
  async #learn(): Promise<readonly string[]> {
    const { issuer, discoveryUrl, extraKeyUrls, needsKeys } = this.#settings
    const document = discoveryUrl === null ? null : await this.#get(new URL(discoveryUrl))
    const urls = needsKeys ? extraKeyUrls.map((url) => new URL(url)) : []
    if (needsKeys && document !== null && discoveryUrl !== null) {
      urls.unshift(urlIn(document, 'jwks_uri', discoveryUrl) ?? noKeys(discoveryUrl))
    }
    const failures = await Promise.all(urls.map((url) => this.#getKeys(url)))
    const reasons = failures.filter((failure) => failure !== null)
    const names = urls.map(({ href }) => href)
    if (needsKeys && names.some((name) => !this.#keys.has(name)))
      throw new Error(reasons.join('; '))
    for (const name of this.#keys.keys()) if (!names.includes(name)) this.#keys.delete(name)
    const keys = new KeySet(names.flatMap((name) => this.#keys.get(name) ?? []))
    const told = document === null ? undefined : member(document, 'issuer')
    this.#known = {
      issuer: typeof told === 'string' ? told : issuer,
      introspectionUrl:
        document === null || discoveryUrl === null
          ? null
          : urlIn(document, 'introspection_endpoint', discoveryUrl),
      // Tokens that have been verified are known by the set: the same keys are the same set.
      keys: this.#known?.keys.text === keys.text ? this.#known.keys : keys,
    }
    return reasons
  }

  /** Null once the keys are there; else why not. */
  async #getKeys(url: URL): Promise<string | null> {
    try {
      const keys = readKeys(await this.#get(url))
      if (keys === null) return `${url.origin}${url.pathname}: the answer is no key set`
      this.#keys.set(url.href, keys)
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  #get(url: URL): Promise<Members> {
    const { headers, timeoutMs, verify, idleMs, discoveryUrl } = this.#settings
    return fetchJson(this.#env().fetch, {
      ...{ method: 'GET', url, timeoutMs, verify, idleMs, maxBytes: MAX_DOCUMENT_BYTES },
      // What proves who asks goes to the address that the file names, and not where the document points.
      headers: { Accept: 'application/json', ...(url.href === discoveryUrl && headers) },
    })
  }
}

function noKeys(discoveryUrl: string): never {
  throw new Error(`${discoveryUrl}: the document has no jwks_uri`)
}

/** An address in the document; null for none. Throws where it would leave https. */
function urlIn(document: Members, name: string, discoveryUrl: string): URL | null {
  const text = member(document, name)
  if (typeof text !== 'string' || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.protocol === 'https:' || url.protocol === new URL(discoveryUrl).protocol) return url
  throw new Error(`${discoveryUrl}: ${name} has another scheme than https`)
}

/** The providers of a worker: uses with the same settings share one. */
export class Providers {
  readonly #env: () => ProviderEnv
  readonly #bySettings = new Map<string, Provider>()

  constructor(env: () => ProviderEnv) {
    this.#env = env
  }

  of(settings: ProviderSettings): Provider {
    const key = JSON.stringify(settings)
    let provider = this.#bySettings.get(key)
    if (provider === undefined) {
      provider = new Provider(settings, this.#env)
      this.#bySettings.set(key, provider)
    }
    return provider
  }

  /** Forgets all others. */
  retain(live: ReadonlySet<Provider>): void {
    for (const [key, provider] of this.#bySettings) {
      if (!live.has(provider)) this.#bySettings.delete(key)
    }
  }
}
