// Requests that are on their way for an answer which others want as well: those wait for it, for a bounded time.

import type { Entry } from './store.js'

/** What came of one: an answer that is kept; one that may not be kept; or the request ended without one. */
export type Outcome = Entry | 'refused' | 'failed'

/** For so long the next requests do not wait: an answer of that kind has just been refused. */
const REFUSAL_MS = 10_000
const MOST_REFUSALS = 10_000

export class Flight {
  readonly identity: string
  readonly #waiting = new Set<(outcome: Outcome) => void>()
  #outcome: Outcome | null = null

  constructor(identity: string) {
    this.identity = identity
  }

  /** Resolves with `late` when the time is over first. */
  wait(timeoutMs: number): Promise<Outcome | 'late'> {
    if (this.#outcome !== null) return Promise.resolve(this.#outcome)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(settle)
        resolve('late')
      }, timeoutMs)
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer)
        resolve(outcome)
      }
      this.#waiting.add(settle)
    })
  }

  settle(outcome: Outcome): void {
    this.#outcome = outcome
    for (const settle of this.#waiting) settle(outcome)
    this.#waiting.clear()
  }
}

export class Flights {
  readonly #flights = new Map<string, Flight>()
  /** Until when, by what was asked for. */
  readonly #refused = new Map<string, number>()

  get(identity: string): Flight | null {
    return this.#flights.get(identity) ?? null
  }

  begin(identity: string): Flight {
    const flight = new Flight(identity)
    this.#flights.set(identity, flight)
    return flight
  }

  /** Only the first time counts. */
  end(flight: Flight, outcome: Outcome, now: number): void {
    const { identity } = flight
    if (this.#flights.get(identity) !== flight) return
    this.#flights.delete(identity)
    if (outcome === 'refused') this.#refuse(identity, now + REFUSAL_MS)
    flight.settle(outcome)
  }

  /** Whether waiting for it is likely to be in vain. */
  isRefused(identity: string, now: number): boolean {
    const until = this.#refused.get(identity)
    if (until === undefined) return false
    if (until > now) return true
    this.#refused.delete(identity)
    return false
  }

  #refuse(identity: string, until: number): void {
    this.#refused.set(identity, until)
    const [oldest] = this.#refused.keys()
    if (this.#refused.size > MOST_REFUSALS && oldest !== undefined) this.#refused.delete(oldest)
  }
}
