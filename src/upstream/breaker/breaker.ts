// Refuses requests to a target that does not answer, so that clients hear at once and the target can recover.
import type { ErrorCode } from '../../errors/codes.js'
import type { LogFunction } from '../../log/logger.js'
import type { BreakerPolicy } from '../../plugin/policy.js'
import { BUCKETS, Circuit } from './circuit.js'

/** Leave to call the target. It hears once what came of it. Times are monotonic, in ms. */
export interface Pass {
  onStatus(status: number, now: number): void
  onFailure(code: ErrorCode, now: number): void
  /** Nothing came of it, such as when the client has left: it counts neither way. */
  onLeft(): void
}

/** All breakers of a worker together, since it began. */
export interface BreakerCounts {
  opened: number
  refused: number
}

export interface BreakerEnv {
  readonly log: { readonly notice: LogFunction; readonly warn: LogFunction }
  readonly counts: BreakerCounts
  /** Monotonic, in ms. */
  now(): number
}

/** No answer at all, or none that can be understood. */
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UPSTREAM_REFUSED',
  'UPSTREAM_RESET',
  'UPSTREAM_TLS',
  'UPSTREAM_INVALID_RESPONSE',
  'NO_PEER_LEFT',
  'UPSTREAM_CONNECT_TIMEOUT',
  'UPSTREAM_READ_TIMEOUT',
  'UPSTREAM_WRITE_TIMEOUT',
])

export class Breaker implements Pass {
  readonly policy: BreakerPolicy
  readonly #of: object
  readonly #env: BreakerEnv
  /** Made at the first failure: what never fails costs a few numbers. */
  #circuit: Circuit | null = null
  /** Successes of the current part of the window, and, as long as there is no circuit, of those before. */
  #successes = 0
  #past: number[] = []
  #partEndsAt = 0
  #openedAt = 0
  #hasProbe = false
  /** Since the circuit opened, for the log. */
  #refused = 0

  /** @param of names the service, and the route, in the log */
  constructor(policy: BreakerPolicy, of: object, env: BreakerEnv) {
    this.policy = policy
    this.#of = of
    this.#env = env
  }

  /** HOT PATH. Null: the request is to be refused. */
  pass(): Pass | null {
    if (this.isClosed) return this
    if (this.isRefusing) {
      this.#env.counts.refused++
      this.#refused++
      return null
    }
    this.#hasProbe = true
    return new Probe(this)
  }

  /** Half-open is not closed either. */
  get isClosed(): boolean {
    return this.#circuit === null || this.#circuit.isClosed
  }

  /** Whether `pass` would refuse. */
  get isRefusing(): boolean {
    const circuit = this.#circuit
    return circuit !== null && !circuit.isClosed && (!circuit.isHalfOpen || this.#hasProbe)
  }

  /** Seconds until a request may try again, for Retry-After. */
  get retryAfter(): number {
    const ms = this.#openedAt + this.policy.resetTimeoutMs - this.#env.now()
    return Math.max(1, Math.ceil(ms / 1000))
  }

  /** HOT PATH. */
  onStatus(status: number, now: number): void {
    if (this.isFailure(status)) this.#fail(now)
    else {
      if (now >= this.#partEndsAt) this.#turn(now)
      this.#successes++
    }
  }

  onFailure(code: ErrorCode, now: number): void {
    if (FAILURES.has(code)) this.#fail(now)
  }

  onLeft(): void {
    // It was not counted yet.
  }

  isFailure(status: number): boolean {
    const { failureStatuses } = this.policy
    return failureStatuses.size > 0 && failureStatuses.has(status)
  }

  /** What the one request that a half-open circuit lets through has come to; null for nothing. */
  onProbe(isSuccess: boolean | null): void {
    // The circuit's own events end a probe that has an outcome.
    if (isSuccess === null) this.#hasProbe = false
    else if (isSuccess) this.#circuit?.succeed()
    else this.#circuit?.fail()
  }

  #fail(now: number): void {
    // A request from before the circuit opened: it has been decided on.
    if (!this.isClosed) return
    if (now >= this.#partEndsAt) this.#turn(now)
    const circuit = (this.#circuit ??= this.#makeCircuit())
    circuit.addSuccesses(this.#successes, 0)
    this.#successes = 0
    circuit.fail()
  }

  #makeCircuit(): Circuit {
    const circuit = new Circuit(this.policy, {
      onOpen: () => this.#onOpen(circuit),
      onHalfOpen: () => this.#env.log.notice(this.#of, 'circuit half-open: one request may try'),
      onClose: () => this.#onClose(circuit),
    })
    for (const [i, count] of this.#past.entries()) circuit.addSuccesses(count, i + 1)
    this.#past = []
    return circuit
  }

  /** Begins a new part of the window. */
  #turn(now: number): void {
    const partMs = this.policy.rollingWindowMs / BUCKETS
    const parts = Math.floor((now - this.#partEndsAt) / partMs) + 1
    this.#partEndsAt += parts * partMs
    if (this.#circuit === null) this.#remember(parts)
    else {
      this.#circuit.addSuccesses(this.#successes, 0)
      this.#circuit.turn(Math.min(parts, BUCKETS))
    }
    this.#successes = 0
  }

  #remember(parts: number): void {
    if (parts >= BUCKETS) {
      this.#past = []
      return
    }
    this.#past.unshift(this.#successes)
    for (let i = 1; i < parts; i++) this.#past.unshift(0)
    if (this.#past.length >= BUCKETS) this.#past.length = BUCKETS - 1
  }

  #onOpen(circuit: Circuit): void {
    const isProbe = this.#hasProbe
    this.#hasProbe = false
    this.#openedAt = this.#env.now()
    this.#env.counts.opened++
    const fields = { ...this.#of, reset_timeout: this.policy.resetTimeoutMs / 1000 }
    if (isProbe) this.#env.log.warn(fields, 'circuit open again: the request that tried has failed')
    else this.#env.log.warn({ ...fields, ...circuit.counts }, 'circuit open: requests are refused')
  }

  #onClose(circuit: Circuit): void {
    this.#hasProbe = false
    // What went wrong before it opened must not open it again.
    this.#successes = 0
    circuit.turn(BUCKETS)
    const fields = { ...this.#of, refused: this.#refused }
    this.#refused = 0
    this.#env.log.notice(fields, 'circuit closed: the target answers again')
  }
}

/** The one request that a half-open circuit lets through. */
class Probe implements Pass {
  readonly #breaker: Breaker

  constructor(breaker: Breaker) {
    this.#breaker = breaker
  }

  onStatus(status: number): void {
    this.#breaker.onProbe(!this.#breaker.isFailure(status))
  }

  onFailure(code: ErrorCode): void {
    this.#breaker.onProbe(FAILURES.has(code) ? false : null)
  }

  onLeft(): void {
    this.#breaker.onProbe(null)
  }
}
