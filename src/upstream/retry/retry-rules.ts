// When a request of a service with the plugin retry is tried again, and how long that waits.
import type { ErrorCode } from '../../errors/codes.js'
import type { RetryCause, RetryPolicy } from '../../plugin/policy.js'
import { RetryBudget } from './budget.js'

/** What each way to fail counts as; the others are never tried again. */
const CAUSES: Readonly<Partial<Record<ErrorCode, readonly RetryCause[]>>> = {
  UPSTREAM_REFUSED: ['connect_failure'],
  UPSTREAM_TLS: ['connect_failure'],
  UPSTREAM_CONNECT_TIMEOUT: ['connect_failure', 'timeout'],
  UPSTREAM_RESET: ['reset'],
  UPSTREAM_READ_TIMEOUT: ['timeout'],
  UPSTREAM_WRITE_TIMEOUT: ['timeout'],
}

export interface RetryEnv {
  /** Monotonic, in ms. */
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
}

export class RetryRules {
  readonly #policy: RetryPolicy
  readonly #env: RetryEnv
  readonly #budget = new RetryBudget()

  constructor(policy: RetryPolicy, env: RetryEnv) {
    this.#policy = policy
    this.#env = env
  }

  /** Further tries of a request. */
  get attempts(): number {
    return this.#policy.attempts
  }

  /** HOT PATH. */
  onRequest(): void {
    this.#budget.onRequest(this.#env.now())
  }

  /** Whether requests with that method may be sent again once a target has had them. */
  covers(method: string): boolean {
    return this.#policy.methods.has(method)
  }

  /** @param failed how a try came to nothing, or the status of its answer */
  allows(failed: ErrorCode | number): boolean {
    if (typeof failed === 'number') return this.#policy.statuses.has(failed)
    return CAUSES[failed]?.some((cause) => this.#policy.failures.has(cause)) ?? false
  }

  /** Whether the service can bear one more try, which is counted then. */
  take(): boolean {
    return this.#budget.take(this.#env.now())
  }

  /** Full jitter: anything up to a bound that doubles, so that those who failed together do not come back together. */
  delayMs(retry: number): number {
    const { backoffMs, maxBackoffMs } = this.#policy
    return this.#env.random() * Math.min(maxBackoffMs, backoffMs * 2 ** (retry - 1))
  }
}
