// Requests that wait for their turn in this worker: how many at most, and how one of them leaves before its time.

export class WaitingRoom {
  readonly places: number
  #taken = 0

  constructor(places: number) {
    this.places = places
  }

  get isFull(): boolean {
    return this.#taken >= this.places
  }

  get taken(): number {
    return this.#taken
  }

  /** Its turn comes after so many ms. */
  enter(delayMs: number): Stay {
    this.#taken++
    return new Stay(delayMs, () => this.#taken--)
  }
}

/** One request's time in the room. */
export class Stay {
  /** Fulfilled at its turn, or when it leaves. */
  readonly turn: Promise<undefined>
  #leave: (() => void) | null = null

  constructor(delayMs: number, onEnd: () => void) {
    this.turn = new Promise((resolve) => {
      const timer = setTimeout(() => this.leave(), delayMs)
      this.#leave = () => {
        clearTimeout(timer)
        onEnd()
        resolve(undefined)
      }
    })
  }

  /** Gives the place to another; nothing happens the second time. */
  leave(): void {
    const leave = this.#leave
    this.#leave = null
    leave?.()
  }
}
