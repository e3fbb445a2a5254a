// opossum, as breakers use it: it decides when a circuit opens and closes. Its own way to run a request costs too much
// for each of them, so it is told of failures one by one and of successes in sums.
import { EventEmitter } from 'node:events'
import CircuitBreaker from 'opossum'
import type { BreakerPolicy } from '../../plugin/policy.js'

/** Parts of the rolling window; the oldest is forgotten as a whole. */
export const BUCKETS = 10

/** opossum opens above its threshold; ours is to open at it, whatever division makes of a share. */
const AT_THRESHOLD = 1e-9

const FAILURE = new Error('the target has failed')

export interface CircuitEvents {
  onOpen(): void
  onHalfOpen(): void
  onClose(): void
}

export class Circuit {
  readonly #opossum: CircuitBreaker<[isSuccess: boolean], undefined>
  /** Turns the window, so that no circuit needs an interval timer. */
  readonly #turner = new EventEmitter()

  constructor(policy: BreakerPolicy, events: CircuitEvents) {
    this.#opossum = new CircuitBreaker(outcome, {
      errorThresholdPercentage: policy.errorThresholdPercentage - AT_THRESHOLD,
      volumeThreshold: policy.volumeThreshold,
      rollingCountTimeout: policy.rollingWindowMs,
      rollingCountBuckets: BUCKETS,
      resetTimeout: policy.resetTimeoutMs,
      rotateBucketController: this.#turner,
      // Deadlines are the pipeline's; percentiles cost milliseconds once a window is full.
      timeout: false,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    })
    this.#opossum.on('open', () => events.onOpen())
    this.#opossum.on('halfOpen', () => events.onHalfOpen())
    this.#opossum.on('close', () => events.onClose())
  }

  get isClosed(): boolean {
    return this.#opossum.closed
  }

  get isHalfOpen(): boolean {
    return this.#opossum.halfOpen
  }

  /** Of the window. */
  get counts(): { readonly requests: number; readonly failures: number } {
    const { fires, failures } = this.#opossum.stats
    return { requests: fires, failures }
  }

  /** @param bucket how many parts of the window ago they were */
  addSuccesses(count: number, bucket: number): void {
    const part = this.#opossum.status.window[bucket]
    if (part === undefined) return
    part.fires += count
    part.successes += count
  }

  turn(buckets: number): void {
    for (let i = 0; i < buckets; i++) this.#turner.emit('rotate')
  }

  /** Opens the circuit, if it is to, before this returns. */
  fail(): void {
    this.#report(false)
  }

  /** Of the request that a half-open circuit has let through: closes it soon after this returns. */
  succeed(): void {
    this.#report(true)
  }

  #report(isSuccess: boolean): void {
    // The promise says again what is known already.
    this.#opossum.fire(isSuccess).catch(() => undefined)
  }
}

/** What opossum runs: the request itself is over. A throw is dealt with at once, a rejection would be a turn later. */
function outcome(isSuccess: boolean): Promise<undefined> {
  if (!isSuccess) throw FAILURE
  return Promise.resolve(undefined)
}
