// How many tries a service may be sent on top of its requests: when everything fails, retries must not become the load
// that keeps it from coming back.

const WINDOW_S = 10
/** Share of the window's requests that may be tried again. */
const SHARE = 0.2
/** Allowed in any case, so that services with few requests can be tried again at all. */
const LEAST = 3 * WINDOW_S

export class RetryBudget {
  /** Of each second of the window; the place of a second is its number modulo the window. */
  readonly #requests: number[] = Array<number>(WINDOW_S).fill(0)
  readonly #retries: number[] = Array<number>(WINDOW_S).fill(0)
  #second = 0

  /** HOT PATH. @param now monotonic, in ms */
  onRequest(now: number): void {
    const place = this.#placeOf(now)
    this.#requests[place] = (this.#requests[place] ?? 0) + 1
  }

  /** Whether one more try may be made, which is counted then. */
  take(now: number): boolean {
    const place = this.#placeOf(now)
    if (sum(this.#retries) >= Math.max(LEAST, SHARE * sum(this.#requests))) return false
    this.#retries[place] = (this.#retries[place] ?? 0) + 1
    return true
  }

  #placeOf(now: number): number {
    const second = Math.floor(now / 1000)
    for (let passed = Math.min(second - this.#second, WINDOW_S); passed > 0; passed--) {
      const place = (second - passed + 1) % WINDOW_S
      this.#requests[place] = 0
      this.#retries[place] = 0
    }
    this.#second = second
    return second % WINDOW_S
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
