// The health of all addresses of a node, in memory that all its threads share. An address has a place for as long as
// somebody asks about it and five minutes more, so it keeps its state over reloads, whichever thread ends.
import { randomBytes } from 'node:crypto'
import { KeyedHash } from '../../util/keyed-hash.js'
import { HEALTHY } from './peer-state.js'

/** 2 MB. */
const SLOTS = 1 << 17
/** From the one that a key points at: so far it is looked for. Half full, a table has room within a few of them. */
const PROBES = 64
/** Kong's: what nobody has asked about for so long is forgotten. */
export const LEASE_SECONDS = 300

const SEED_WORDS = 4
const KEY_BYTES = 8
const WORD_BYTES = 4
const FREE = 0n

/** What an address is known by: the same one under two upstreams, or of two names, has two states. */
export interface PeerName {
  readonly upstream: string
  /** Without brackets. */
  readonly ip: string
  readonly port: number
  /** Of the target, as it is written; the address itself where that is one. */
  readonly host: string
}

/**
 * A slot is a key, a state and the time at which somebody last asked about it. A key is put in place in one step, so two
 * threads that bring the same one at the same time end up in the same slot. Only the main thread takes keys away, and
 * long after the last one asked. Should a thread come between its steps even so, the next `renew` sets it right.
 */
export class HealthTable {
  /** What `attach` makes the same table of in another thread. */
  readonly buffer: SharedArrayBuffer
  /** By slot, as peer-state.ts reads them. */
  readonly states: Int32Array
  /** 64 bits of a hash under a key that is drawn for each table. */
  readonly #keys: BigInt64Array
  readonly #askedAt: Int32Array
  readonly #hash: KeyedHash
  readonly #mask: number

  private constructor(buffer: SharedArrayBuffer) {
    const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = new Int32Array(buffer, 0, SEED_WORDS)
    const slots = (buffer.byteLength - SEED_WORDS * WORD_BYTES) / (KEY_BYTES + 2 * WORD_BYTES)
    const states = SEED_WORDS * WORD_BYTES + slots * KEY_BYTES
    this.buffer = buffer
    this.#keys = new BigInt64Array(buffer, SEED_WORDS * WORD_BYTES, slots)
    this.states = new Int32Array(buffer, states, slots)
    this.#askedAt = new Int32Array(buffer, states + slots * WORD_BYTES, slots)
    this.#hash = new KeyedHash({ w0, w1, w2, w3 })
    this.#mask = slots - 1
  }

  /** @param slots a power of two */
  static create(slots = SLOTS): HealthTable {
    const bytes = SEED_WORDS * WORD_BYTES + slots * (KEY_BYTES + 2 * WORD_BYTES)
    const buffer = new SharedArrayBuffer(bytes)
    const seed = new Uint8Array(buffer, 0, SEED_WORDS * WORD_BYTES)
    seed.set(randomBytes(seed.length))
    return new HealthTable(buffer)
  }

  /** The table in that memory, for one more thread. */
  static attach(buffer: SharedArrayBuffer): HealthTable {
    return new HealthTable(buffer)
  }

  keyOf({ upstream, ip, port, host }: PeerName): bigint {
    const { w0, w1 } = this.#hash.digest(JSON.stringify([upstream, ip, port, host]))
    const key = (BigInt(w0) << 32n) | BigInt(w1 >>> 0)
    return key === FREE ? 1n : key
  }

  /**
   * The slot of an address, a new one if it has none. Null when there is no room.
   * @param now seconds of a clock that all threads share
   */
  slotOf(key: bigint, now: number): number | null {
    const first = Number(BigInt.asUintN(32, key))
    for (;;) {
      let free = -1
      for (let probe = 0; probe < PROBES; probe++) {
        const slot = (first + probe) & this.#mask
        const found = Atomics.load(this.#keys, slot)
        if (found === key) {
          Atomics.store(this.#askedAt, slot, now)
          return slot
        }
        if (found === FREE && free < 0) free = slot
      }
      if (free < 0) return null
      // Whoever was faster may have brought the same key: look again.
      Atomics.compareExchange(this.#keys, free, FREE, key)
    }
  }

  /** Forgets what nobody has asked about in the last five minutes. For the main thread alone. */
  forgetOld(now: number): void {
    for (let slot = 0; slot <= this.#mask; slot++) {
      const key = this.#keys[slot] ?? FREE
      if (key === FREE || now - Atomics.load(this.#askedAt, slot) <= LEASE_SECONDS) continue
      Atomics.store(this.states, slot, HEALTHY)
      // Whoever takes the slot next has it for a full lease, before it says so.
      Atomics.store(this.#askedAt, slot, now)
      Atomics.store(this.#keys, slot, FREE)
    }
  }
}
