// What a worker asks the store on the main thread, and what both see of it without asking.

export type StoreQuestion =
  | { readonly id: number; readonly kind: 'get' | 'take'; readonly key: string }
  | {
      readonly id: number
      readonly kind: 'put'
      readonly key: string
      readonly value: string
      readonly ttlMs: number
    }

export interface StoreAnswer {
  readonly id: number
  readonly value: string | null
  /** How long the value still holds, in milliseconds; Infinity for ever. */
  readonly timeLeft: number
}

const SLOTS = 1 << 14

/**
 * Versions of keys, in memory that all threads share, many keys to each: what a thread remembers of a key holds as long as
 * its version is the same. So a value that is taken is gone for all threads at that moment.
 */
export class StoreVersions {
  readonly buffer: SharedArrayBuffer
  readonly #slots: Int32Array

  constructor(buffer = new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer
    this.#slots = new Int32Array(buffer)
  }

  of(key: string): number {
    return Atomics.load(this.#slots, slotOf(key))
  }

  advance(key: string): void {
    Atomics.add(this.#slots, slotOf(key), 1)
  }
}

/** FNV-1a. Keys that share a slot cost a question more. */
function slotOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % SLOTS
}
