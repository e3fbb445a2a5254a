// Counters of a node, in memory that all its threads share: a hash table of bounded size that forgets windows when they
// are over. Any thread may count at any time; none waits for another, and none takes counts along when it dies.
import { randomBytes } from 'node:crypto'
import { KeyedHash, type Digest } from '../util/keyed-hash.js'
import {
  CounterSlots,
  EMPTY,
  GONE,
  LIVE,
  RESERVED,
  SLOT_WORDS,
  kindOf,
  type CounterKey,
  type Raise,
} from './counter-slots.js'
import { WINDOW_WORDS, sharedWindows, type SharedWindows } from './shared-windows.js'

/** In 16 MB, of which the system provides what is used; Kong's dictionary of 12 MB holds some 90,000. */
const MAX_ENTRIES = 250_000
/** Makes 2 GB. */
const MOST_ENTRIES = 1 << 25

const BUCKET_SLOTS = 8
const BUCKET_WORDS = BUCKET_SLOTS * SLOT_WORDS
/** A counter may be in either of two buckets: so they fill evenly, to some 90 % before the first is full. */
const PLACES = 2 * BUCKET_SLOTS

// The words before the first bucket.
const EVICTIONS = WINDOW_WORDS
const SCOPE_SEED = 8
const IDENTIFIER_SEED = 12
const HEADER_WORDS = 16

/** A slot that another counter may have. */
interface Room {
  readonly slot: number
  /** As it was seen; the slot is had only if that is still so. */
  readonly state: number
  /** Whether a window goes on that it counts in. */
  readonly isRunning: boolean
}

/**
 * A counter is known by a scope, an identifier and the end of its window. The table keeps a hash of them and no texts,
 * under a key that is drawn for each table: clients choose identifiers, and must not be able to make them collide.
 *
 * When a counter finds both of its buckets full of windows that are running, the one that has counted least is given up,
 * for that many requests at most may then pass beyond its limit. Among many identifiers that come once, those that come
 * often keep their counts. `evictions` tells that it has happened.
 */
export class CounterTable {
  /** What `attach` makes the same table of in another thread. */
  readonly buffer: SharedArrayBuffer
  /** Slots. */
  readonly capacity: number
  readonly windows: SharedWindows
  readonly #words: Int32Array
  readonly #slots: CounterSlots
  readonly #scopes: KeyedHash
  readonly #identifiers: KeyedHash
  readonly #bucketMask: number
  /** The counter at hand, and its two buckets, by their first words. */
  readonly #key: CounterKey = { w0: 0, w1: 0, w2: 0, w3: 0, end: 0 }
  #first = 0
  #second = 0

  private constructor(buffer: SharedArrayBuffer) {
    const words = new Int32Array(buffer)
    this.buffer = buffer
    this.capacity = (words.length - HEADER_WORDS) / SLOT_WORDS
    this.windows = sharedWindows(words)
    this.#words = words
    this.#slots = new CounterSlots(words)
    this.#scopes = new KeyedHash(digestAt(words, SCOPE_SEED))
    this.#identifiers = new KeyedHash(digestAt(words, IDENTIFIER_SEED))
    this.#bucketMask = this.capacity / BUCKET_SLOTS - 1
  }

  /**
   * @param maxEntries how many counters it holds without giving up any; takes 48 to 96 bytes for each
   * @throws RangeError
   */
  static create({ maxEntries = MAX_ENTRIES }: { maxEntries?: number } = {}): CounterTable {
    if (!(maxEntries >= 1 && maxEntries <= MOST_ENTRIES)) {
      throw new RangeError(`maxEntries must be from 1 to ${MOST_ENTRIES}`)
    }
    const slots = Math.max(PLACES, 2 ** Math.ceil(Math.log2(maxEntries * 1.5)))
    const buffer = new SharedArrayBuffer((HEADER_WORDS + slots * SLOT_WORDS) * 4)
    const seeds = new Uint8Array(buffer, SCOPE_SEED * 4, 32)
    seeds.set(randomBytes(seeds.length))
    return new CounterTable(buffer)
  }

  /** The table in that memory, for one more thread. */
  static attach(buffer: SharedArrayBuffer): CounterTable {
    return new CounterTable(buffer)
  }

  /** How often a counter was given up before its window was over, for lack of room. */
  get evictions(): number {
    return Atomics.load(this.#words, EVICTIONS) >>> 0
  }

  /** Counters whose window is not over, about. Looks at the whole table: for metrics, not for requests. */
  entries(now: number): number {
    let entries = 0
    for (let slot = HEADER_WORDS; slot < this.#words.length; slot += SLOT_WORDS) {
      if (this.#slots.isInUse(slot, now)) entries++
    }
    return entries
  }

  /** What counters have in common: whose they are and what they count. Worth keeping. */
  scope(name: string): Digest {
    return this.#scopes.digest(name)
  }

  /** Whom counters count: hashed once per request, for all its counters. HOT PATH */
  identify(identifier: string): Digest {
    return this.#identifiers.digest(identifier)
  }

  /**
   * Adds the amount if the count is below `limit`, in one step, also when it is not any more afterwards. Returns what it
   * was before: the step was made if that is below the limit. Counts end at 2^32 - 1. HOT PATH
   * @param end of the window, in milliseconds, on a whole second
   * @param amount a whole number, at most 2^31
   */
  addBelow(
    scope: Digest,
    identifier: Digest,
    end: number,
    limit: number,
    now: number,
    amount = 1,
  ): number {
    const key = this.#aim(scope, identifier, end)
    for (;;) {
      for (let place = 0; place < PLACES; place++) {
        const before = this.#slots.addBelow(this.#slotAt(place), key, limit, amount)
        if (before !== GONE) return before
      }
      this.#insert(now)
    }
  }

  /**
   * In one step: brings the count between a floor and a ceiling, and adds an amount if it is then not above a limit. Returns
   * what it was in between: the amount was added if that is not above the limit. HOT PATH
   */
  raise(scope: Digest, identifier: Digest, end: number, step: Raise, now: number): number {
    const key = this.#aim(scope, identifier, end)
    for (;;) {
      for (let place = 0; place < PLACES; place++) {
        const level = this.#slots.raise(this.#slotAt(place), key, step)
        if (level !== GONE) return level
      }
      this.#insert(now)
    }
  }

  /** Takes back what `addBelow` has added. */
  takeBack(scope: Digest, identifier: Digest, end: number, amount = 1): void {
    const key = this.#aim(scope, identifier, end)
    for (let place = 0; place < PLACES; place++) {
      this.#slots.takeBack(this.#slotAt(place), key, amount)
    }
  }

  read(scope: Digest, identifier: Digest, end: number): number {
    const key = this.#aim(scope, identifier, end)
    for (let place = 0; place < PLACES; place++) {
      const count = this.#slots.read(this.#slotAt(place), key)
      if (count !== GONE) return count
    }
    return 0
  }

  /** Two hashes under unlike keys, so that their sum is as good as a hash of both texts. HOT PATH */
  #aim(scope: Digest, identifier: Digest, end: number): CounterKey {
    const key = this.#key
    key.w0 = scope.w0 ^ identifier.w0
    key.w1 = scope.w1 ^ identifier.w1
    key.w2 = scope.w2 ^ identifier.w2
    key.w3 = scope.w3 ^ identifier.w3
    key.end = (end / 1000) | 0
    // The end has no part in the choice: the next window finds the slot of this one, which it may have by then.
    const bucket = key.w1 & this.#bucketMask
    const other = (bucket ^ (key.w2 | 1)) & this.#bucketMask // the 1 makes it another
    this.#first = HEADER_WORDS + bucket * BUCKET_WORDS
    this.#second = HEADER_WORDS + other * BUCKET_WORDS
    return key
  }

  #slotAt(place: number): number {
    return place < BUCKET_SLOTS
      ? this.#first + place * SLOT_WORDS
      : this.#second + (place - BUCKET_SLOTS) * SLOT_WORDS
  }

  /** Tries to give the counter at hand a slot. Afterwards it has one, or another thread has made headway. */
  #insert(now: number): void {
    const room = this.#findRoom(now)
    if (room === null) return
    const { slot, state, isRunning } = room
    const candidate = this.#slots.reserve(slot, state, this.#key)
    if (candidate === null) return
    if (isRunning && this.#slots.givenUp > 0) Atomics.add(this.#words, EVICTIONS, 1)
    for (let place = 0; place < PLACES; place++) {
      const other = this.#slotAt(place)
      if (other === slot || !this.#slots.mayBear(other, this.#key)) continue
      // Who has been emptied leaves the others alone; else two threads could empty each other again and again.
      if (this.#slots.state(slot) !== candidate) return
      if (this.#slots.supersedes(other, this.#key)) {
        this.#slots.withdraw(slot, candidate)
        return
      }
    }
    this.#slots.admit(slot, candidate)
  }

  /** A slot that is free or whose window is over, in the emptier bucket; else the one that has counted least. */
  #findRoom(now: number): Room | null {
    let free: Room | null = null
    let fewest = BUCKET_SLOTS
    let victim: Room | null = null
    let least = Infinity
    for (const bucket of [this.#first, this.#second]) {
      let vacant: Room | null = null
      let taken = 0
      for (let slot = bucket; slot < bucket + BUCKET_WORDS; slot += SLOT_WORDS) {
        const state = this.#slots.state(slot)
        const kind = kindOf(state)
        if (kind === EMPTY || (kind !== RESERVED && this.#slots.hasEnded(slot, now))) {
          vacant ??= { slot, state, isRunning: false }
          continue
        }
        taken++
        const count = kind === LIVE ? this.#slots.roughCount(slot) : Infinity
        if (count < least) {
          least = count
          victim = { slot, state, isRunning: true }
        }
      }
      if (vacant !== null && taken < fewest) {
        free = vacant
        fewest = taken
      }
    }
    return free ?? victim
  }
}

function digestAt(words: Int32Array, index: number): Digest {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.subarray(index)
  return { w0, w1, w2, w3 }
}
