// What stands between a route's requests and their target: settled at load by the plugins that the pipeline carries out.
import type { Logger } from '../log/logger.js'
import type { Route } from '../model/entities.js'
import type { BulkheadPolicy, RoutePolicy } from '../plugin/policy.js'
import type { Breaker } from '../upstream/breaker/breaker.js'
import { Breakers } from '../upstream/breaker/breakers.js'
import { Bulkhead } from '../upstream/bulkhead/bulkhead.js'
import { ownerOf, PerOwner, type Owner } from '../upstream/per-owner.js'
import type { Plan } from './plan.js'

/** Of one route; null where there is none. */
export interface Guards {
  readonly breaker: Breaker | null
  readonly bulkhead: Bulkhead | null
}

export const NO_GUARDS: Guards = Object.freeze({ breaker: null, bulkhead: null })

export interface ResilienceEnv {
  /** False: there are no breakers, whatever plugins ask for. */
  readonly hasBreakers: boolean
  readonly log: Logger
  /** Monotonic, in ms. */
  readonly now: () => number
}

/** All guards of one worker; made once, outlives reloads. */
export class Resilience {
  readonly breakers: Breakers
  readonly #bulkheads: PerOwner<BulkheadPolicy, Bulkhead>

  constructor({ hasBreakers, log, now }: ResilienceEnv) {
    this.breakers = new Breakers({ isOn: hasBreakers, log, now })
    this.#bulkheads = new PerOwner((policy, { names }) => new Bulkhead(policy, names, { log, now }))
  }

  /** @param plan the route's, for requests without a consumer */
  guardsOf(route: Route, plan: Plan): Guards {
    const { service } = route
    if (service === null) return NO_GUARDS
    const ofRoute = ownerOf(service, route, true)
    const ofService = ownerOf(service, route, false)
    /** The policy of that kind, and whom its state belongs to. */
    const find = <K extends keyof RoutePolicy>(
      kind: K,
    ): { owner: Owner; policy?: RoutePolicy[K] } => {
      for (const step of plan.slots) {
        const policy = step?.plugin.policy?.(step.config)[kind]
        if (policy !== undefined) {
          return { owner: step?.entry.route === null ? ofService : ofRoute, policy }
        }
      }
      return { owner: ofService }
    }
    const breaker = find('breaker')
    const bulkhead = find('bulkhead')
    return {
      breaker: this.breakers.of(breaker.owner, breaker.policy),
      bulkhead:
        bulkhead.policy === undefined ? null : this.#bulkheads.of(bulkhead.owner, bulkhead.policy),
    }
  }
}
