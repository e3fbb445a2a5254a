// Counters for limits, kept in this process: one number per identifier and window. They outlive reloads, forget a
// window when it is over, and hold a bounded number of identifiers, whatever clients send.
import { windowEnd, windowStart, type Period } from './windows.js'

/** One number; counting changes it in place, so that a request looks its identifier up once per window. */
export interface Cell {
  count: number
}

// Some 100 bytes an entry, so about 25 MB; Kong's dictionary of 12 MB holds some 90,000.
const MAX_ENTRIES = 250_000

/** All counters of a plugin. Made once, by the module that counts. */
export class WindowCounters {
  readonly #counters = new Map<string, WindowCounter>()
  readonly #maxEntries: number
  #entries = 0
  #shrinkAt: number

  constructor(maxEntries = MAX_ENTRIES) {
    this.#maxEntries = maxEntries
    this.#shrinkAt = maxEntries
  }

  /** Identifiers held, of all scopes and windows; for tests and metrics. */
  get entries(): number {
    this.#recount()
    return this.#entries
  }

  /** The counter of that scope and period: the same object for all who ask. */
  open(scope: string, period: Period): WindowCounter {
    const key = `${scope}:${period}`
    let counter = this.#counters.get(key)
    if (counter === undefined) {
      counter = new WindowCounter(this, period)
      this.#counters.set(key, counter)
    }
    return counter
  }

  /** Forgets scopes that nobody counts in any more, once their window is over. Called after a reload. */
  sweep(liveScopes: ReadonlySet<string>, now: number): void {
    for (const [key, counter] of this.#counters) {
      const scope = key.slice(0, key.lastIndexOf(':'))
      if (!liveScopes.has(scope) && counter.hasEnded(now)) this.#counters.delete(key)
    }
    this.#recount()
  }

  /** Told by a counter that it holds one more. */
  grown(now: number): void {
    if (++this.#entries >= this.#shrinkAt) this.#shrink(now)
  }

  /**
   * Drops windows that are over and, if that is not enough, the oldest eighth of each larger window. Being rare, it
   * may look at everything. Kong's dictionary drops its oldest entries too; a flood of identifiers costs precision.
   */
  #shrink(now: number): void {
    for (const counter of this.#counters.values()) if (counter.hasEnded(now)) counter.clear()
    this.#recount()
    if (this.#entries > this.#maxEntries * 0.875) {
      for (const counter of this.#counters.values()) counter.dropOldest(counter.size >> 3)
      this.#recount()
    }
    // Windows with fewer than eight identifiers lose none. If there are so many of them that nothing could be
    // dropped, the next attempt waits for a further eighth instead of coming with every request.
    this.#shrinkAt = Math.max(this.#maxEntries, this.#entries + (this.#maxEntries >> 3))
  }

  #recount(): void {
    this.#entries = 0
    for (const counter of this.#counters.values()) this.#entries += counter.size
  }
}

/** The counts of one scope and period in the window that is running. */
export class WindowCounter {
  readonly #store: WindowCounters
  readonly #period: Period
  #cells = new Map<string, Cell>()
  /** Milliseconds since the epoch, as `#end`; empty until the first request. */
  #start = 0
  #end = 0

  constructor(store: WindowCounters, period: Period) {
    this.#store = store
    this.#period = period
  }

  /** When the window that `cell` was last asked for began. */
  get start(): number {
    return this.#start
  }

  get size(): number {
    return this.#cells.size
  }

  hasEnded(now: number): boolean {
    return now >= this.#end
  }

  // HOT PATH: once per request and window.
  cell(identifier: string, now: number): Cell {
    // A clock that is set back a little stays in its window: going back would hand out the whole limit again.
    if (now >= this.#end || now < 2 * this.#start - this.#end) this.#roll(now)
    let cell = this.#cells.get(identifier)
    if (cell === undefined) {
      cell = { count: 0 }
      this.#store.grown(now)
      this.#cells.set(identifier, cell)
    }
    return cell
  }

  clear(): void {
    this.#cells = new Map()
  }

  dropOldest(count: number): void {
    // Insertion order is order of first request. One walk for many, since a walk passes over what was dropped before.
    let left = count
    for (const identifier of this.#cells.keys()) {
      if (left-- <= 0) return
      this.#cells.delete(identifier)
    }
  }

  #roll(now: number): void {
    this.#start = windowStart(this.#period, now)
    this.#end = windowEnd(this.#period, this.#start)
    this.clear()
  }
}
