// A clock that is read for nothing: where the system's costs a call into the kernel, looking at ten names per request
// would cost more than all the rest of their balancing.

/** Lifetimes are whole seconds; so much they may be off. */
const TICK_MS = 100

export class CoarseClock {
  /** Milliseconds; never goes back. Stands still until `start`. */
  now = performance.now()
  #timer: NodeJS.Timeout | null = null

  start(): void {
    if (this.#timer !== null) return
    const tick = (): void => {
      this.now = performance.now()
    }
    tick()
    this.#timer = setInterval(tick, TICK_MS).unref()
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}
