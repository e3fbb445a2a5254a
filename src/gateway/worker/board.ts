// What each worker reports of itself, in memory that all threads see: no message is sent for a number.

import { guardCounts, type GuardCounts } from '../../upstream/guard-counts.js'

/** Numbers of one worker; each is written by that worker alone. */
const FIELDS = {
  requests: 0,
  pending: 1,
  beat: 2,
  heapBytes: 3,
  heapUse: 4,
  circuitsOpened: 5,
  circuitsOpen: 6,
  circuitRefusals: 7,
  bulkheadRefusals: 8,
  bulkheadWaiting: 9,
} as const
const WIDTH = Object.keys(FIELDS).length

export interface Report {
  /** Requests since the worker began. */
  readonly requests: number
  /** Requests without a complete answer, at the last beat. */
  readonly pending: number
  /** When the worker last had a turn to say so, by `monotonicMs`; 0 before the first time. */
  readonly beat: number
  /** What its objects take. */
  readonly heapBytes: number
  /** That, of what they may take: from 0 to 1. */
  readonly heapUse: number
  /** At the last beat. */
  readonly guards: GuardCounts
}

/** The main thread's side. */
export class Board {
  readonly buffer: SharedArrayBuffer
  readonly #cells: Float64Array

  constructor(places: number) {
    this.buffer = new SharedArrayBuffer(places * WIDTH * Float64Array.BYTES_PER_ELEMENT)
    this.#cells = new Float64Array(this.buffer)
  }

  read(place: number): Report {
    const at = (field: keyof typeof FIELDS) => this.#cells[place * WIDTH + FIELDS[field]] ?? 0
    return {
      requests: at('requests'),
      pending: at('pending'),
      beat: at('beat'),
      heapBytes: at('heapBytes'),
      heapUse: at('heapUse'),
      guards: guardCounts(at),
    }
  }

  /** For a new worker in that place. */
  clear(place: number): void {
    this.#cells.fill(0, place * WIDTH, (place + 1) * WIDTH)
  }
}

/** A worker's side. */
export class Place {
  readonly #cells: Float64Array
  #requests = 0

  constructor(buffer: SharedArrayBuffer, place: number) {
    const offset = place * WIDTH * Float64Array.BYTES_PER_ELEMENT
    this.#cells = new Float64Array(buffer, offset, WIDTH)
  }

  // HOT PATH
  countRequest(): void {
    this.#cells[FIELDS.requests] = ++this.#requests
  }

  report({ pending, beat, heapBytes, heapUse, guards }: Omit<Report, 'requests'>): void {
    this.#cells[FIELDS.pending] = pending
    this.#cells[FIELDS.beat] = beat
    this.#cells[FIELDS.heapBytes] = heapBytes
    this.#cells[FIELDS.heapUse] = heapUse
    guardCounts((name) => (this.#cells[FIELDS[name]] = guards[name]))
  }
}

/** Milliseconds of a clock that all threads share and nobody sets. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}
