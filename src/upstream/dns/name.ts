// One name over time: its answer, kept while it is valid, renewed when it is looked at after that, and kept a while longer
// when no resolver can say anything new.
import type { DnsError } from './dns-error.js'
import type { DnsAddress, DnsAnswer, DnsName } from './contract.js'
import type { FaultLog } from './fault-log.js'
import type { Found, NotFound } from './name-lookup.js'
import type { DnsSettings, RecordType } from './settings.js'

/** Kong: an expired answer is renewed half a second later at the soonest, whatever its lifetime. */
const LEAST_INTERVAL_MS = 500

export interface NameParts {
  readonly settings: Pick<DnsSettings, 'staleTtlMs' | 'notFoundTtlMs' | 'errorTtlMs'>
  readonly find: (name: string, last: RecordType | null) => Promise<Found | NotFound>
  readonly faults: FaultLog
  readonly now: () => number
}

export class Name implements DnsName {
  readonly #name: string
  readonly #parts: NameParts
  #answer: DnsAnswer | null = null
  #error: DnsError | null = null
  /** Until then the answer is good. */
  #expiresAt = -Infinity
  /** Until then it stands in. */
  #staleUntil = -Infinity
  /** No look-up before that. */
  #nextLookupAt = -Infinity
  #last: RecordType | null = null
  #underWay: Promise<DnsAnswer> | null = null

  /** @param name in small letters */
  constructor(name: string, parts: NameParts) {
    this.#name = name
    this.#parts = parts
  }

  get answer(): DnsAnswer | null {
    if (this.#answer === null) return null
    const now = this.#parts.now()
    return now < this.#expiresAt ? this.#answer : this.#expired(now)
  }

  resolve(): Promise<DnsAnswer> {
    const { answer } = this
    if (answer !== null) return Promise.resolve(answer)
    if (this.#underWay !== null) return this.#underWay
    const isDue = this.#parts.now() >= this.#nextLookupAt
    if (!isDue && this.#error !== null) return Promise.reject(this.#error)
    return this.#lookUp()
  }

  /** The answer that has expired, as long as it may stand in. */
  #expired(now: number): DnsAnswer | null {
    if (now >= this.#staleUntil) {
      this.#answer = null
      return null
    }
    if (now >= this.#nextLookupAt && this.#underWay === null) {
      // Whoever waits for an answer is told by `resolve`; here the old one stands in.
      this.#lookUp().catch(() => undefined)
    }
    return this.#answer
  }

  #lookUp(): Promise<DnsAnswer> {
    this.#underWay = this.#ask()
    return this.#underWay
  }

  async #ask(): Promise<DnsAnswer> {
    try {
      const outcome = await this.#parts.find(this.#name, this.#last)
      return 'error' in outcome ? this.#fail(outcome) : this.#succeed(outcome)
    } finally {
      this.#underWay = null
    }
  }

  #succeed({ type, addresses, expiresAt, asked }: Found): DnsAnswer {
    const now = this.#parts.now()
    this.#parts.faults.recovered(this.#name, this.#error)
    this.#error = null
    this.#last = asked
    this.#expiresAt = expiresAt
    this.#nextLookupAt = Math.max(expiresAt, now + LEAST_INTERVAL_MS)
    // An answer that has no lifetime at all serves until it may be asked for again.
    this.#staleUntil = Math.max(expiresAt + this.#parts.settings.staleTtlMs, this.#nextLookupAt)
    if (this.#answer?.type !== type || !isSame(this.#answer.addresses, addresses)) {
      this.#answer = { type, addresses, ttlMs: expiresAt - now }
    }
    return this.#answer
  }

  #fail({ error, isGone }: NotFound): DnsAnswer {
    const now = this.#parts.now()
    const { notFoundTtlMs, errorTtlMs } = this.#parts.settings
    const ttlMs = error.isNotFound ? notFoundTtlMs : errorTtlMs
    this.#parts.faults.failed(this.#name, { error, before: this.#error })
    this.#error = error
    this.#nextLookupAt = now + Math.max(ttlMs, LEAST_INTERVAL_MS)
    // Kong: of what no longer exists nothing is served.
    if (isGone) this.#answer = null
    if (this.#answer !== null && now < this.#staleUntil) return this.#answer
    this.#last = null
    throw error
  }
}

/** In whatever order: resolvers turn their answers round. */
function isSame(some: readonly DnsAddress[], others: readonly DnsAddress[]): boolean {
  return keyOf(some) === keyOf(others)
}

function keyOf(addresses: readonly DnsAddress[]): string {
  return addresses
    .map(({ ip, port, weight, srvName = '' }) => `${ip} ${port} ${weight} ${srvName}`)
    .sort()
    .join()
}
