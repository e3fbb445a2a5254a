// One coarse timer for the deadlines of all connections, instead of one timer per request.

export const NEVER = Infinity

/** Something with a deadline. Set it by `sweep.after(ms)` at any time; it costs an addition. */
export interface Timed {
  deadline: number
  /** Its place in the sweep; the sweep's own. */
  slot: number
  onDeadline(): void
}

export class Sweep {
  readonly #periodMs: number
  /**
   * A clock that moves once per sweep, and by two periods at the most: time in which this process stood still is not
   * held against its peers.
   */
  #now = 0
  #sweptAt = 0
  #timer: NodeJS.Timeout | null = null
  readonly #members: Timed[] = []

  /** @param periodMs how often deadlines are looked at: they pass at most twice that late, and never early */
  constructor(periodMs: number) {
    this.#periodMs = periodMs
  }

  /** The deadline that many milliseconds from now. */
  // HOT PATH
  after(ms: number): number {
    return this.#now + this.#periodMs + ms
  }

  add(member: Timed): void {
    member.slot = this.#members.push(member) - 1
    if (this.#timer !== null) return
    this.#sweptAt = performance.now()
    this.#timer = setInterval(() => this.#sweep(), this.#periodMs)
    this.#timer.unref()
  }

  remove(member: Timed): void {
    if (member.slot < 0) return
    const last = this.#members.pop()
    if (last !== undefined && last !== member) {
      this.#members[member.slot] = last
      last.slot = member.slot
    }
    member.slot = -1
    if (this.#members.length > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #sweep(): void {
    const now = performance.now()
    this.#now += Math.min(now - this.#sweptAt, 2 * this.#periodMs)
    this.#sweptAt = now
    // Backwards: a member that removes itself is replaced by one that has been looked at.
    for (let i = this.#members.length - 1; i >= 0; i--) {
      const member = this.#members[i]
      if (member !== undefined && member.deadline <= this.#now) {
        member.deadline = NEVER
        member.onDeadline()
      }
    }
  }
}
