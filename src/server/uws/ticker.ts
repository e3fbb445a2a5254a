// The engine's one timer. uWebSockets.js closes what stands still for 10 s, a client that reads or sends slowly
// included (traps 6 and 7); whoever is in that danger is called every few seconds and shows signs of life.

export interface Ticked {
  onTick(): void
}

// Twice within the 10 s, with room for a loop that lags.
const LONGEST_MS = 4000

export class Ticker {
  readonly intervalMs: number
  readonly #waiting = new Set<Ticked>()
  #timer: NodeJS.Timeout | null = null

  /** @param shortestTimeoutMs what is counted in ticks should be no less than four of them */
  constructor(shortestTimeoutMs: number) {
    this.intervalMs = Math.max(1, Math.min(LONGEST_MS, Math.floor(shortestTimeoutMs / 4)))
  }

  /** How many ticks make up that time. */
  ticksIn(timeoutMs: number): number {
    return Math.ceil(timeoutMs / this.intervalMs)
  }

  add(one: Ticked): void {
    this.#waiting.add(one)
    // It runs from the first use to `stop`: starting and stopping it with every upload would cost more.
    this.#timer ??= setInterval(() => this.#tick(), this.intervalMs).unref()
  }

  delete(one: Ticked): void {
    this.#waiting.delete(one)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#waiting.clear()
  }

  #tick(): void {
    for (const one of this.#waiting) one.onTick()
  }
}
