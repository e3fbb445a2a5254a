// The window of each period that is running, the same for all threads: what one counts in, the others count in too.
import { PERIODS, windowEnd, windowStart, type Period } from './windows.js'

/** Milliseconds since the epoch; `end` is when the next one starts. */
export interface Window {
  readonly start: number
  readonly end: number
}

export type SharedWindows = Readonly<Record<Period, SharedWindow>>

/** How many words of shared memory `sharedWindows` needs. */
export const WINDOW_WORDS = PERIODS.length

/** @param words shared by all threads; all zero before the first of them looks */
export function sharedWindows(words: Int32Array): SharedWindows {
  const of = (period: Period): SharedWindow => new SharedWindow(words, period)
  return {
    second: of('second'),
    minute: of('minute'),
    hour: of('hour'),
    day: of('day'),
    month: of('month'),
    year: of('year'),
  }
}

export class SharedWindow {
  readonly #words: Int32Array
  readonly #index: number
  readonly #period: Period
  /** What the shared word said, in seconds, when `#window` was made of it. */
  #end = 0
  #window: Window = { start: 0, end: 0 }

  constructor(words: Int32Array, period: Period) {
    this.#words = words
    this.#index = PERIODS.indexOf(period)
    this.#period = period
  }

  /** The window that a request of that time counts in. HOT PATH */
  at(now: number): Window {
    const isSame = Atomics.load(this.#words, this.#index) === this.#end
    return isSame && covers(this.#window, now) ? this.#window : this.#turn(now)
  }

  #turn(now: number): Window {
    for (;;) {
      const end = Atomics.load(this.#words, this.#index)
      const running = this.#endingAt((end >>> 0) * 1000)
      if (covers(running, now)) return this.#keep(running, end)
      const start = windowStart(this.#period, now)
      const next = { start, end: windowEnd(this.#period, start) }
      const nextEnd = (next.end / 1000) | 0
      if (Atomics.compareExchange(this.#words, this.#index, end, nextEnd) === end) {
        return this.#keep(next, nextEnd)
      }
    }
  }

  #endingAt(end: number): Window {
    return { start: windowStart(this.#period, end - 1), end }
  }

  #keep(window: Window, end: number): Window {
    this.#window = window
    this.#end = end
    return window
  }
}

/** A clock that is set back a little stays in its window: going back would hand out the whole limit again. */
function covers({ start, end }: Window, now: number): boolean {
  return now < end && now >= 2 * start - end
}
