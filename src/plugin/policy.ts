// What the pipeline itself does for the requests of a route: a plugin names it once, at load, and no code of the plugin
// runs per request.

/** Of several plugins of a route each may give a part. */
export interface RoutePolicy {
  readonly breaker?: BreakerPolicy
  readonly bulkhead?: BulkheadPolicy
  /** In place of the service's `retries`. */
  readonly retry?: RetryPolicy
}

/** When requests to a target that fails are refused at once. */
export interface BreakerPolicy {
  readonly isEnabled: boolean
  /** The circuit opens when at least that share of the window's requests has failed. */
  readonly errorThresholdPercentage: number
  /** With fewer requests in the window it stays closed. */
  readonly volumeThreshold: number
  readonly rollingWindowMs: number
  /** How long it stays open before a request may try again. */
  readonly resetTimeoutMs: number
  /** Answers that count as failures, besides none at all. */
  readonly failureStatuses: ReadonlySet<number>
  /** What clients get while it is open; null for the gateway's own 503. */
  readonly fallback: FallbackAnswer | null
}

export interface FallbackAnswer {
  readonly status: number
  readonly body: string
  readonly contentType: string
}

/** Of the plugin's fields, and so of services without the plugin: a service that fails now and then never opens it. */
export const BREAKER_DEFAULTS = {
  error_threshold_percentage: 50,
  volume_threshold: 20,
  rolling_window: 10,
  reset_timeout: 30,
} as const

export const DEFAULT_BREAKER: BreakerPolicy = Object.freeze({
  isEnabled: true,
  errorThresholdPercentage: BREAKER_DEFAULTS.error_threshold_percentage,
  volumeThreshold: BREAKER_DEFAULTS.volume_threshold,
  rollingWindowMs: BREAKER_DEFAULTS.rolling_window * 1000,
  resetTimeoutMs: BREAKER_DEFAULTS.reset_timeout * 1000,
  failureStatuses: new Set<number>(),
  fallback: null,
})

/** How many requests may be under way to a service. */
export interface BulkheadPolicy {
  readonly maxConnections: number
  /** Of those beyond: how many may wait for a place. */
  readonly maxQueued: number
  readonly queueTimeoutMs: number
}

export const RETRY_CAUSES = ['connect_failure', 'reset', 'timeout'] as const
export type RetryCause = (typeof RETRY_CAUSES)[number]

/** When a request is tried again. */
export interface RetryPolicy {
  /** Further tries after the first. */
  readonly attempts: number
  /** Ways for a try to fail that are tried again. */
  readonly failures: ReadonlySet<RetryCause>
  /** Answers that are tried again, besides none at all. */
  readonly statuses: ReadonlySet<number>
  /** Methods of requests that may be sent again once a target has had them. */
  readonly methods: ReadonlySet<string>
  /** The longest wait before the first retry; it doubles with each further one, up to `maxBackoffMs`. */
  readonly backoffMs: number
  readonly maxBackoffMs: number
}
