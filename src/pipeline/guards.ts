// What stands between a route's requests and their target: settled at load by the plugins that the pipeline carries out.
import type { Logger } from '../log/logger.js'
import type { Route } from '../model/entities.js'
import type { BulkheadPolicy, RetryPolicy, RoutePolicy } from '../plugin/policy.js'
import type { Breaker } from '../upstream/breaker/breaker.js'
import { Breakers } from '../upstream/breaker/breakers.js'
import { Bulkhead, type BulkheadCounts } from '../upstream/bulkhead/bulkhead.js'
import type { GuardCounts } from '../upstream/guard-counts.js'
import { ownerOf, PerOwner, type Owner } from '../upstream/per-owner.js'
import { RetryRules } from '../upstream/retry/retry-rules.js'
import type { Plan, Step } from './plan.js'

/** Of one route; null where there is none. */
export interface Guards {
  readonly breaker: Breaker | null
  readonly bulkhead: Bulkhead | null
  readonly retry: RetryRules | null
}

export const NO_GUARDS: Guards = Object.freeze({ breaker: null, bulkhead: null, retry: null })

/** What the plugins of a plan ask for, and which of them does. */
export interface SettledPolicies {
  readonly policies: RoutePolicy
  readonly steps: Readonly<Partial<Record<keyof RoutePolicy, Step>>>
}

/** The same kind from two plugins: the one that runs later counts. */
export function policiesIn({ slots }: Plan): SettledPolicies {
  const policies: { -readonly [K in keyof RoutePolicy]: RoutePolicy[K] } = {}
  const steps: Partial<Record<keyof RoutePolicy, Step>> = {}
  for (const step of slots) {
    const policy = step?.plugin.policy?.(step.config)
    if (step === null || policy === undefined) continue
    Object.assign(policies, policy)
    for (const kind of Object.keys(policy) as (keyof RoutePolicy)[]) steps[kind] = step
  }
  return { policies, steps }
}

export interface ResilienceEnv {
  /** False: there are no breakers, whatever plugins ask for. */
  readonly hasBreakers: boolean
  readonly log: Logger
  /** Monotonic, in ms. */
  readonly now: () => number
}

/** All guards of one worker; made once, outlives reloads. */
export class Resilience {
  readonly #breakers: Breakers
  readonly #bulkheadCounts: BulkheadCounts = { refused: 0, waiting: 0 }
  readonly #bulkheads: PerOwner<BulkheadPolicy, Bulkhead>
  readonly #retries: PerOwner<RetryPolicy, RetryRules>

  constructor({ hasBreakers, log, now }: ResilienceEnv) {
    this.#breakers = new Breakers({ isOn: hasBreakers, log, now })
    const ofBulkheads = { log, now, counts: this.#bulkheadCounts }
    this.#bulkheads = new PerOwner((policy, { names }) => new Bulkhead(policy, names, ofBulkheads))
    const env = { now, random: () => Math.random() }
    this.#retries = new PerOwner((policy) => new RetryRules(policy, env))
  }

  /** @param inForce breakers of the configuration that serves */
  counts(inForce: readonly Breaker[]): GuardCounts {
    const { opened, refused } = this.#breakers.counts
    return {
      circuitsOpened: opened,
      circuitsOpen: opened === 0 ? 0 : inForce.filter(({ isClosed }) => !isClosed).length,
      circuitRefusals: refused,
      bulkheadRefusals: this.#bulkheadCounts.refused,
      bulkheadWaiting: this.#bulkheadCounts.waiting,
    }
  }

  /** @param plan the route's, for requests without a consumer */
  guardsOf(route: Route, plan: Plan): Guards {
    const { service } = route
    if (service === null) return NO_GUARDS
    const ofService = ownerOf(service, route, false)
    const { policies, steps } = policiesIn(plan)
    const ownerBy = (step: Step | undefined): Owner =>
      (step?.entry.route ?? null) === null ? ofService : ownerOf(service, route, true)
    const { breaker, bulkhead, retry } = policies
    return {
      breaker: this.#breakers.of(ownerBy(steps.breaker), breaker),
      bulkhead: bulkhead ? this.#bulkheads.of(ownerBy(steps.bulkhead), bulkhead) : null,
      retry: retry ? this.#retries.of(ownerBy(steps.retry), retry) : null,
    }
  }
}
