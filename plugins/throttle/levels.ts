// Buckets in the memory that all workers of a node share.
import type { CounterTable, Digest } from 'gw/plugin'
import type { Bucket } from './bucket.js'

/** Of the request at hand; nothing waits between setting and using it. */
const step = { floor: 0, ceiling: 0, limit: 0, amount: 0 }

/**
 * A counter has 32 bits, so time is cut into epochs: in each the level is the instant, in ticks since it began, at which the
 * requests that came would be done at the rate. The next epoch takes over what reaches into it.
 */
export class Levels {
  readonly #bucket: Bucket
  readonly #scopeName: string
  readonly #epochMs: number
  readonly #epochTicks: number
  #scope: Digest | null = null

  constructor(bucket: Bucket, scopeName: string) {
    const { ticksPerMs, most, cost } = bucket
    // Whole seconds and whole ticks; at least two, and as long as any lead.
    const unit = 1000 * Math.max(1, 1 / ticksPerMs)
    this.#epochMs = unit * Math.max(2, Math.ceil((most + cost) / ticksPerMs / unit))
    this.#epochTicks = this.#epochMs * ticksPerMs
    this.#bucket = bucket
    // Levels in other ticks, or of other epochs, mean something else.
    this.#scopeName = `${scopeName}:${ticksPerMs}:${cost}:${this.#epochMs}`
  }

  /**
   * Adds a request if its lead is not above `most`. Returns the lead that it found: it has been added if that is not
   * above. HOT PATH
   */
  take(table: CounterTable, client: Digest, most: number, now: () => number): number {
    const { ticksPerMs, cost, most: highest } = this.#bucket
    const scope = (this.#scope ??= table.scope(this.#scopeName))
    for (;;) {
      const time = now()
      const start = time - (time % this.#epochMs)
      const offset = Math.floor((time - start) * ticksPerMs)
      step.floor = offset
      if (offset <= highest + cost) {
        const before = table.read(scope, client, start + this.#epochMs)
        step.floor = Math.max(offset, before - this.#epochTicks)
      }
      // No lead is larger, unless the clock has been set back.
      step.ceiling = offset + highest + cost
      step.limit = offset + most
      step.amount = cost
      // An epoch is kept for as long again, since the next one looks back at it.
      const end = start + 2 * this.#epochMs
      const lead = table.raise(scope, client, end, step, time) - offset
      // Who adds to an epoch that is over by now may have come too late for the one who has taken it over.
      if (lead > most || now() < start + this.#epochMs) return lead
    }
  }
}
