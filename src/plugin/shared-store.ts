// A store of short texts for a while, such as sessions and tokens: what one worker keeps there, all others find at once.
import { withoutStack } from '../errors/without-stack.js'
import type { Awaitable } from './contract.js'

/** Keys and values are texts; keys are the plugin's own, so each begins with its plugin's name. */
export interface SharedStore {
  /**
   * Keeps a value, in the place of the one before it.
   * @param value at most MAX_VALUE_CHARS long
   * @param ttlMs for how long; 0 for ever
   * @returns the one before it, or null: of several who put at once, each gets what another has put
   */
  put(key: string, value: string, ttlMs: number): Promise<string | null>
  /** Null when there is none. A plain value where it is known in this thread, and still holds. */
  get(key: string): Awaitable<string | null>
  /** Removes the value and returns it: of several who take at once, one gets it, the others null. */
  take(key: string): Promise<string | null>
}

export const MAX_VALUE_CHARS = 65_536

/** The store cannot say now: nothing is known of the key. Its message holds no key and no value. */
export class StoreError extends Error {
  override readonly name = 'StoreError'

  static of(message: string): StoreError {
    return withoutStack(() => new StoreError(message))
  }
}

export interface StoreLimits {
  readonly maxEntries: number
  /** Of keys and values together. */
  readonly maxChars: number
}

/** Some 100 MB of heap at most. */
const LIMITS: StoreLimits = { maxEntries: 200_000, maxChars: 64 * 1024 * 1024 }

/** So many entries are looked at with each `put`, in turn, and dropped when their time is over. */
const SWEPT = 4

interface Entry {
  readonly value: string
  /** By the clock of the store; Infinity for never. */
  readonly endsAt: number
}

/** The values of one thread. When it is full, those go first that have been put longest ago. */
export class StoreMemory {
  readonly #limits: StoreLimits
  readonly #now: () => number
  readonly #onGone: (key: string) => void
  readonly #entries = new Map<string, Entry>()
  #sweep = this.#entries.entries()
  #chars = 0
  #evictions = 0

  /**
   * @param now milliseconds of a clock that never goes back
   * @param onGone is told each key whose value is replaced, taken or given up, before anybody can ask again
   */
  constructor(now: () => number, onGone: (key: string) => void = () => undefined, limits = LIMITS) {
    this.#now = now
    this.#onGone = onGone
    this.#limits = limits
  }

  get size(): number {
    return this.#entries.size
  }

  /** How many values have been given up before their time. */
  get evictions(): number {
    return this.#evictions
  }

  put(key: string, value: string, ttlMs: number): string | null {
    const before = this.take(key)
    this.#dropSomeEnded()
    this.#entries.set(key, { value, endsAt: ttlMs > 0 ? this.#now() + ttlMs : Infinity })
    this.#chars += key.length + value.length
    this.#makeRoom()
    return before
  }

  get(key: string): string | null {
    const entry = this.#entries.get(key)
    if (entry === undefined) return null
    if (entry.endsAt > this.#now()) return entry.value
    this.#remove(key, entry)
    return null
  }

  /** Milliseconds, Infinity for ever; 0 for what is not there. */
  timeLeft(key: string): number {
    const entry = this.#entries.get(key)
    return entry === undefined ? 0 : Math.max(0, entry.endsAt - this.#now())
  }

  take(key: string): string | null {
    const value = this.get(key)
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#remove(key, entry)
    return value
  }

  #remove(key: string, { value }: Entry): void {
    this.#entries.delete(key)
    this.#chars -= key.length + value.length
    this.#onGone(key)
  }

  #dropSomeEnded(): void {
    const now = this.#now()
    for (let i = 0; i < SWEPT; i++) {
      const { done, value } = this.#sweep.next()
      if (done === true) {
        this.#sweep = this.#entries.entries()
        return
      }
      const [key, entry] = value
      if (entry.endsAt <= now) this.#remove(key, entry)
    }
  }

  #makeRoom(): void {
    const { maxEntries, maxChars } = this.#limits
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= maxEntries && this.#chars <= maxChars) return
      if (entry.endsAt > this.#now()) this.#evictions++
      this.#remove(key, entry)
    }
  }
}
