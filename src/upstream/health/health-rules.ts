// What an upstream's `healthchecks` say, read once: what counts as which event, and up to which limit.
import type { healthchecks } from '../../../schemas/healthchecks.js'
import type { ConfigOf } from '../../../schemas/types.js'
import type { HealthEvent } from './peer-state.js'

export type Healthchecks = ConfigOf<typeof healthchecks>

/** How often each event may happen before it changes the state; 0: it does not count. */
export type Limits = Readonly<Record<HealthEvent, number>>

/** Of one kind of checks. */
export interface Judge {
  readonly limits: Limits
  /** Null for a status that says nothing. HOT PATH */
  eventOf(status: number): HealthEvent | null
}

type Passive = Healthchecks['passive']

/** Statuses that this many numbers reach; the schema allows no others. */
const STATUSES = 1000
const SUCCESS = 1
const FAILURE = 2

class StatusJudge implements Judge {
  readonly limits: Limits
  readonly #verdicts = new Uint8Array(STATUSES)

  /** @param isHttp whether statuses count at all */
  constructor({ healthy, unhealthy }: Passive, isHttp: boolean) {
    this.limits = {
      success: healthy.successes,
      http: unhealthy.http_failures,
      tcp: unhealthy.tcp_failures,
      timeout: unhealthy.timeouts,
    }
    if (!isHttp) return
    for (const status of unhealthy.http_statuses) this.#verdicts[status] = FAILURE
    // What is in no list changes nothing; what is in both is good, as in Kong.
    for (const status of healthy.http_statuses) this.#verdicts[status] = SUCCESS
    // No status at all: the answer was not HTTP.
    this.#verdicts[0] = FAILURE
  }

  eventOf(status: number): HealthEvent | null {
    const verdict = this.#verdicts[status]
    if (verdict === SUCCESS) return 'success'
    return verdict === FAILURE ? 'http' : null
  }
}

/** What ordinary requests tell. */
export function passiveJudge({ passive }: Healthchecks): Judge {
  return new StatusJudge(passive, passive.type !== 'tcp')
}

/** What probes tell. */
export function activeJudge({ active }: Healthchecks): Judge {
  return new StatusJudge(active, true)
}

/** Whether anything can ever make a target unhealthy, or a probe is sent: successes of requests alone are no check. */
export function isChecked(checks: Healthchecks): boolean {
  const { passive } = checks
  const { tcp_failures, timeouts, http_failures } = passive.unhealthy
  return hasProbes(checks) || tcp_failures > 0 || timeouts > 0 || http_failures > 0
}

export function hasProbes({ active }: Healthchecks): boolean {
  return active.healthy.interval > 0 || active.unhealthy.interval > 0
}

/**
 * Kong's library knows no probes over gRPC: an upstream that asks for them is left without any checks, and says so in the
 * log.
 */
export function isServable({ active }: Healthchecks): boolean {
  return active.type !== 'grpc' && active.type !== 'grpcs'
}

/** Strictly above the threshold, so that 0 needs one target that is up, and 100 can never be met. */
export function isEnough(available: number, total: number, threshold: number): boolean {
  return total > 0 && (available / total) * 100 > threshold
}
