// Bounds how many requests a service may have under way, so that one slow service cannot hold every socket. Those that
// find no place wait in a queue, which is bounded in length and in time.
import type { LogFunction } from '../../log/logger.js'
import type { BulkheadPolicy } from '../../plugin/policy.js'

/** A request that wants a place. Neither method may throw. */
export interface Waiting {
  /** It has waited, and has a place now. */
  onPlace(): void
  /** It has waited for too long. */
  onNoPlace(): void
}

/** All bulkheads of a worker together. */
export interface BulkheadCounts {
  /** Since it began. */
  refused: number
  /** At the moment. */
  waiting: number
}

export interface BulkheadEnv {
  readonly log: { readonly warn: LogFunction }
  readonly counts: BulkheadCounts
  /** Monotonic, in ms. */
  now(): number
}

export type Entry = 'entered' | 'queued' | 'refused'

/** How often the log may say that requests are refused, in ms. */
const SAY_EVERY_MS = 10_000

export class Bulkhead {
  readonly #policy: BulkheadPolicy
  readonly #of: object
  readonly #env: BulkheadEnv
  #taken = 0
  /** In the order in which they came, with the times that they wait until; a queue's patience is always the same. */
  readonly #queue = new Map<Waiting, number>()
  #timer: NodeJS.Timeout | null = null
  #isHandingOut = false
  #refused = 0
  #saidAt = -Infinity

  /** @param of names the service, and the route, in the log */
  constructor(policy: BulkheadPolicy, of: object, env: BulkheadEnv) {
    this.#policy = policy
    this.#of = of
    this.#env = env
  }

  /** HOT PATH. Who is not refused calls `leave` in the end, whatever comes. */
  enter(waiting: Waiting): Entry {
    const { maxConnections, maxQueued, queueTimeoutMs } = this.#policy
    if (this.#taken < maxConnections && this.#queue.size === 0) {
      this.#taken++
      return 'entered'
    }
    if (this.#queue.size >= maxQueued) {
      this.#sayRefused()
      return 'refused'
    }
    this.#queue.set(waiting, this.#env.now() + queueTimeoutMs)
    this.#env.counts.waiting++
    this.#startTimer(queueTimeoutMs)
    return 'queued'
  }

  /** Gives the place back, or leaves the queue. */
  leave(waiting: Waiting): void {
    if (this.#unqueue(waiting)) return
    this.#taken--
    this.#handOut()
  }

  /** False when it was not there. */
  #unqueue(waiting: Waiting): boolean {
    const was = this.#queue.delete(waiting)
    if (was) this.#env.counts.waiting--
    return was
  }

  /** One after the other: a request that ends as soon as it has its place comes back here, and must not go deeper. */
  #handOut(): void {
    if (this.#isHandingOut) return
    this.#isHandingOut = true
    try {
      for (const waiting of this.#queue.keys()) {
        if (this.#taken >= this.#policy.maxConnections) break
        this.#unqueue(waiting)
        this.#taken++
        waiting.onPlace()
      }
    } finally {
      this.#isHandingOut = false
    }
  }

  /** One timer for the queue: who came first has waited enough first. */
  #startTimer(ms: number): void {
    if (this.#timer !== null) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#refuseLate()
    }, ms)
    this.#timer.unref()
  }

  #refuseLate(): void {
    const now = this.#env.now()
    for (const [waiting, until] of this.#queue) {
      if (until > now) {
        this.#startTimer(until - now)
        return
      }
      this.#unqueue(waiting)
      this.#sayRefused()
      waiting.onNoPlace()
    }
  }

  /** Not for each: in this state there are many. */
  #sayRefused(): void {
    this.#refused++
    this.#env.counts.refused++
    const now = this.#env.now()
    if (now < this.#saidAt + SAY_EVERY_MS) return
    this.#saidAt = now
    const fields = {
      ...this.#of,
      refused: this.#refused,
      max_connections: this.#policy.maxConnections,
    }
    this.#env.log.warn(fields, 'bulkhead full: requests are refused')
    this.#refused = 0
  }
}
