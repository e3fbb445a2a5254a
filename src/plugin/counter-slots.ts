// The slots of a counter table: how threads claim, count in and reuse them at the same time, without a lock that one of
// them could take along when it dies. Which slots a counter may use is the table's affair.

/** What one counter is known by: the hash of its name, and when its window ends, in seconds since the epoch. */
export interface CounterKey {
  w0: number
  w1: number
  w2: number
  w3: number
  end: number
}

/** How a fill level changes; whole numbers from 0 to 2^32 - 1. */
export interface Raise {
  floor: number
  ceiling: number
  limit: number
  amount: number
}

/** A slot is named by the index of its first word. */
export const SLOT_WORDS = 8
const STATE = 0
/** Goes on from counter to counter; what has been counted is its distance from BASE. See `reserve`. */
const COUNT = 1
const BASE = 2
const END = 3
const W0 = 4
const W1 = 5
const W2 = 6
const W3 = 7

// The life of a slot: the lowest two bits of STATE. Above them a number that grows with each reservation, so that a
// state that has been read is never met again, and whoever acts on an old one by compareExchange fails.
const KIND = 3
/** Serves no counter. */
export const EMPTY = 0
/** One thread is writing its key. One that dies here leaves the slot unused for good. */
export const RESERVED = 1
/** Bears a key, and awaits the look at the other slots that shows whether another serves it already. */
const CANDIDATE = 2
/** Counts. At most one slot per key is in this state. */
export const LIVE = 3
const NEXT_VERSION = 4

/** Between the counts of two counters in one slot: more than the threads that may be giving something back. */
const COUNT_GAP = 1 << 16
/** A count stays here; in 32 bits there is no more. */
const MAX_COUNT = 0xffff_ffff

/** The slot does not, or no longer, serve the key. */
export const GONE = -1

export class CounterSlots {
  readonly #words: Int32Array
  /** What `#look` has seen last. */
  #word = 0
  #count = 0
  #givenUp = 0

  /** @param words shared by all threads */
  constructor(words: Int32Array) {
    this.#words = words
  }

  /** Adds the amount if the count is below `limit`. Returns what it was before, or GONE. HOT PATH */
  addBelow(slot: number, key: CounterKey, limit: number, amount = 1): number {
    while (this.#look(slot, key)) {
      const count = this.#count
      const step = Math.min(amount, MAX_COUNT - count)
      if (count >= limit || step === 0 || this.#change(slot, step)) return count
    }
    return GONE
  }

  /**
   * A fill level: brings it between `floor` and `ceiling`, then adds the amount if it is not above `limit`. Returns what it
   * was before the amount, or GONE. HOT PATH
   */
  raise(slot: number, key: CounterKey, step: Raise): number {
    while (this.#look(slot, key)) {
      const count = this.#count
      const level = Math.min(Math.max(count, step.floor), step.ceiling)
      const next = Math.min(level + step.amount, MAX_COUNT)
      if (level > step.limit || this.#change(slot, next - count)) return level
    }
    return GONE
  }

  /** Takes the amount off, or what is left: a counter that was evicted in between begins anew. */
  takeBack(slot: number, key: CounterKey, amount = 1): void {
    while (this.#look(slot, key)) {
      const step = Math.min(amount, this.#count)
      if (step === 0 || this.#change(slot, -step)) return
    }
  }

  /** The count, or GONE. */
  read(slot: number, key: CounterKey): number {
    return this.#look(slot, key) ? this.#count : GONE
  }

  /** Whether it counts in a window that is not over. May be wrong while another thread writes. */
  isInUse(slot: number, now: number): boolean {
    return kindOf(this.#words[slot + STATE] ?? EMPTY) === LIVE && !this.hasEnded(slot, now)
  }

  state(slot: number): number {
    return Atomics.load(this.#words, slot + STATE)
  }

  // Plain reads: who acts on the next two does so by `reserve`, with a state that was read before, and fails if the slot
  // has changed hands since.

  /** Whether the window of its counter is over. */
  hasEnded(slot: number, now: number): boolean {
    return ((this.#words[slot + END] ?? 0) >>> 0) * 1000 <= now
  }

  /** For a choice between slots: what was counted a moment ago. */
  roughCount(slot: number): number {
    return ((this.#words[slot + COUNT] ?? 0) - (this.#words[slot + BASE] ?? 0)) >>> 0
  }

  /** What the slot had counted for the key before, when `reserve` took it last. */
  get givenUp(): number {
    return this.#givenUp
  }

  /**
   * Makes the slot, seen in `state`, a candidate for the key, with nothing counted. Null: another thread was faster.
   *
   * The order of the writes is what makes reuse safe. A thread that counts reads COUNT, then makes sure that the slot is
   * live and bears its key, then changes COUNT if it is still what it read. Here the slot ceases to be live, then COUNT
   * jumps, then the key changes. So a thread that was sure of the old key either counts before the jump, for a counter
   * that is being given up, or finds COUNT changed; it never counts for the new key.
   */
  reserve(slot: number, state: number, key: CounterKey): number | null {
    const reserved = ((state & ~KIND) + NEXT_VERSION) | RESERVED
    if (!this.#move(slot, state, reserved)) return null
    const words = this.#words
    const last = Atomics.add(words, slot + COUNT, COUNT_GAP)
    this.#givenUp = (last - Atomics.load(words, slot + BASE)) >>> 0
    Atomics.store(words, slot + BASE, last + COUNT_GAP)
    Atomics.store(words, slot + END, key.end)
    Atomics.store(words, slot + W0, key.w0)
    Atomics.store(words, slot + W1, key.w1)
    Atomics.store(words, slot + W2, key.w2)
    Atomics.store(words, slot + W3, key.w3)
    const candidate = (reserved & ~KIND) | CANDIDATE
    Atomics.store(words, slot + STATE, candidate)
    return candidate
  }

  /** Lets a candidate count. False: another candidate for its key has emptied it. */
  admit(slot: number, candidate: number): boolean {
    return this.#move(slot, candidate, (candidate & ~KIND) | LIVE)
  }

  withdraw(slot: number, candidate: number): void {
    this.#move(slot, candidate, (candidate & ~KIND) | EMPTY)
  }

  /** False if `supersedes` need not be asked. */
  mayBear(slot: number, key: CounterKey): boolean {
    return Atomics.load(this.#words, slot + W0) === key.w0
  }

  /**
   * Whether the slot counts for the key. If it is a candidate for it, it is emptied: its thread has to begin again. Of
   * two candidates, whichever thread looks later sees the other's slot, for each writes its own before it looks.
   */
  supersedes(slot: number, key: CounterKey): boolean {
    for (;;) {
      const state = this.state(slot)
      const kind = kindOf(state)
      if (kind === EMPTY || kind === RESERVED) return false
      const serves = this.#bears(slot, key)
      if (this.state(slot) !== state) continue
      if (!serves) return false
      if (kind === LIVE) return true
      if (this.#move(slot, state, (state & ~KIND) | EMPTY)) return false
    }
  }

  /** Reads the count, if the slot is live and bears the key all the while. HOT PATH */
  #look(slot: number, key: CounterKey): boolean {
    // Most slots serve others, and a plain read is five times faster than Atomics.load. Should it be behind the times,
    // the key is taken for missing, and `supersedes` finds it.
    if (this.#words[slot + W0] !== key.w0) return false
    const state = this.state(slot)
    if (kindOf(state) !== LIVE) return false
    const word = Atomics.load(this.#words, slot + COUNT)
    const base = Atomics.load(this.#words, slot + BASE)
    if (!this.#bears(slot, key) || this.state(slot) !== state) return false
    this.#word = word
    this.#count = (word - base) >>> 0
    return true
  }

  /** Changes the count by `step`, unless it is no longer what `#look` saw. */
  #change(slot: number, step: number): boolean {
    const word = this.#word
    const next = (word + step) | 0
    return Atomics.compareExchange(this.#words, slot + COUNT, word, next) === word
  }

  #bears(slot: number, key: CounterKey): boolean {
    const words = this.#words
    return (
      Atomics.load(words, slot + W0) === key.w0 &&
      Atomics.load(words, slot + W1) === key.w1 &&
      Atomics.load(words, slot + W2) === key.w2 &&
      Atomics.load(words, slot + W3) === key.w3 &&
      Atomics.load(words, slot + END) === key.end
    )
  }

  #move(slot: number, from: number, to: number): boolean {
    return Atomics.compareExchange(this.#words, slot + STATE, from, to) === from
  }
}

export function kindOf(state: number): number {
  return state & KIND
}
