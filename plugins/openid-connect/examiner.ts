// Finds out what a token is worth under one use of the plugin: at once where its issuer's keys are there, by asking the issuer
// where they are not; and remembers it.
import {
  OutboundError,
  SharedFlights,
  TokenCache,
  decodeToken,
  headerValue,
  headerValues,
  introspect,
  member,
  type Awaitable,
  type Members,
  type Token,
} from 'gw/plugin'
import {
  ALWAYS,
  claimsRefusal,
  nameAt,
  timesOfAnswer,
  timesOfToken,
  wordsAt,
  type Refusal,
  type Times,
} from './judge.js'
import type { KeySet } from './key-set.js'
import type { Knowledge, ProviderEnv } from './provider.js'
import type { Use } from './use.js'

/** What requests need of a token. */
export interface Facts {
  readonly times: Times
  /** Null for a token that may pass in its time. */
  readonly refusal: Refusal | null
  readonly consumerName: string | null
  readonly credentialId: string | null
  /** The same for the target; null for what cannot stand in a header. */
  readonly identifier: string | null
  readonly groups: readonly string[] | null
  readonly groupsHeader: string | null
  readonly headerValues: readonly (string | undefined)[]
}

interface Remembered {
  readonly facts: Facts
  /** Those that the signature was verified with: facts last no longer. Null where none was. */
  readonly keys: KeySet | null
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** What an issuer says of a token. */
interface Told {
  readonly answer: Members
  readonly refusal: Refusal | null
}

export class Examiner {
  readonly #env: () => ProviderEnv
  readonly #cache = new TokenCache<Remembered>()
  readonly #flights = new SharedFlights<Members>()

  constructor(env: () => ProviderEnv) {
    this.#env = env
  }

  retain(uses: ReadonlySet<Use>): void {
    this.#cache.retain(uses)
  }

  /** Null when the issuer has to be asked and does not answer. Times are for the caller to check. HOT PATH */
  examine(use: Use, token: string): Awaitable<Facts | null> {
    const digest = this.#cache.digest(token, use.salt)
    const known = digest === null ? null : this.#cache.get(digest, use)
    if (known !== null && this.#isCurrent(known, use)) return known.facts
    const decoded = use.takesSigned ? decodeToken(token) : 'signed tokens are not taken'
    if (typeof decoded !== 'string') return this.#examineSigned(use, token, digest, decoded)
    return use.takesOpaque ? this.#examineOpaque(use, token, digest) : refused(401, decoded)
  }

  #isCurrent({ keys, until }: Remembered, { provider }: Use): boolean {
    if (keys !== null && keys !== provider.current()?.keys) return false
    return until === Infinity || this.#env().now() < until
  }

  #examineSigned(
    use: Use,
    token: string,
    digest: string | null,
    decoded: Token,
    isRetry = false,
  ): Awaitable<Facts | null> {
    const known = use.provider.current()
    const reason = known === null ? 'key' : faultOf(decoded, use, known)
    if (reason === 'key' && !isRetry) {
      // The issuer may have new keys.
      const flight = use.provider.refresh()
      if (flight !== null) {
        return flight.then(() => this.#examineSigned(use, token, digest, decoded, true))
      }
    }
    if (known === null) return null
    if (reason !== null) return refused(401, REASONS[reason])
    const facts = factsOf(
      decoded.claims,
      use,
      timesOfToken(decoded.claims, use.rules, known.issuer),
    )
    const keys = use.verifiesSignature ? known.keys : null
    // A token that is refused once is refused for good, or is late: neither needs the issuer.
    if (use.introspectsSigned && facts.refusal === null) {
      return this.#confirm(use, token, digest, facts, keys)
    }
    if (digest !== null) this.#cache.add(digest, use, { facts, keys, until: Infinity })
    return facts
  }

  async #confirm(
    use: Use,
    token: string,
    digest: string | null,
    facts: Facts,
    keys: KeySet | null,
  ): Promise<Facts | null> {
    const told = await this.#ask(use, token)
    if (told === null) return null
    const confirmed = told.refusal === null ? facts : { ...facts, refusal: told.refusal }
    this.#remember(use, digest, confirmed, keys)
    return confirmed
  }

  async #examineOpaque(use: Use, token: string, digest: string | null): Promise<Facts | null> {
    const told = await this.#ask(use, token)
    if (told === null) return null
    const { answer, refusal } = told
    const facts =
      refusal === null
        ? factsOf(answer, use, timesOfAnswer(answer, use.rules))
        : { ...NOBODY, refusal }
    this.#remember(use, digest, facts, null)
    return facts
  }

  /** Null when the issuer does not answer. */
  async #ask(use: Use, token: string): Promise<Told | null> {
    const { introspection, issuer, provider, salt } = use
    const { fetch, log } = this.#env()
    if (introspection.url === null && provider.current() === null) await provider.refresh()
    const url = introspection.url ?? provider.current()?.introspectionUrl ?? null
    if (url === null) {
      log.error({ issuer }, 'openid-connect: no introspection_endpoint is known')
      return null
    }
    try {
      const answer = await this.#flights.join(`${salt} ${token}`, () =>
        introspect(fetch, url, token, introspection.request),
      )
      const isActive = !introspection.checkActive || member(answer, 'active') === true
      return { answer, refusal: isActive ? null : NOT_ACTIVE }
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error
      log.error({ issuer }, `openid-connect: introspection failed: ${error.message}`)
      return null
    }
  }

  #remember(use: Use, digest: string | null, facts: Facts, keys: KeySet | null): void {
    const { isCached, ttl, refusedTtl } = use.introspection
    if (digest === null || !isCached) return
    const now = this.#env().now()
    const { until: end } = facts.times
    const own = end === Infinity ? ttl.usual : end - now / 1000
    // The token's own end is looked at with each request, so that `min` never lets it live longer.
    const seconds =
      facts.refusal === NOT_ACTIVE ? refusedTtl : Math.min(Math.max(own, ttl.min), ttl.max)
    if (seconds <= 0) return
    this.#cache.add(digest, use, { facts, keys, until: now + seconds * 1000 })
  }
}

const NOT_ACTIVE: Refusal = { status: 401, reason: 'the token is not active' }

const REASONS = {
  key: 'no key of the issuer has signed the token',
  algorithm: 'the algorithm is not that of the key',
  signature: 'invalid signature',
  extension: 'the token asks for an extension that is not known',
} as const

/** Null for none; `key` where the issuer may know more. */
function faultOf(token: Token, use: Use, { keys }: Knowledge): keyof typeof REASONS | null {
  // RFC 7515, 4.1.11: what is not understood makes the token invalid.
  if (member(token.header, 'crit') !== undefined) return 'extension'
  if (!use.verifiesSignature) return null
  const outcome = keys.verify(token)
  return outcome === 'verified' ? null : outcome
}

const NOBODY: Facts = {
  times: ALWAYS,
  refusal: null,
  consumerName: null,
  credentialId: null,
  identifier: null,
  groups: null,
  groupsHeader: null,
  headerValues: [],
}

function refused(status: 401, reason: string): Facts {
  return { ...NOBODY, refusal: { status, reason } }
}

function factsOf(claims: Members, use: Use, times: Times | Refusal): Facts {
  if ('reason' in times) return { ...NOBODY, refusal: times }
  const { consumer, credentialClaim, groupsClaim, claimHeaders } = use
  const credentialId = nameAt(claims, credentialClaim)
  const groups = groupsClaim === null ? null : wordsAt(claims, groupsClaim)
  return {
    times,
    refusal: claimsRefusal(claims, use.rules),
    consumerName: consumer.claim === null ? null : nameAt(claims, consumer.claim),
    credentialId,
    identifier: headerValue(credentialId) ?? null,
    groups,
    groupsHeader: groups === null ? null : (headerValue(groups.join(', ')) ?? null),
    headerValues: claimHeaders === null ? [] : headerValues(claimHeaders, claims),
  }
}
