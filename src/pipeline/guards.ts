// What stands between a route's requests and their target: settled at load by the plugins that the pipeline carries out.
import type { Route } from '../model/entities.js'
import type { BreakerPolicy } from '../plugin/policy.js'
import type { Breaker } from '../upstream/breaker/breaker.js'
import type { Breakers } from '../upstream/breaker/breakers.js'
import type { Plan } from './plan.js'

export interface Guards {
  readonly breaker: Breaker | null
}

/** @param plan the route's, for requests without a consumer */
export function guardsOf(route: Route, plan: Plan, breakers: Breakers | null): Guards {
  let policy: BreakerPolicy | undefined
  let isOwn = false
  for (const step of plan.slots) {
    const breaker = step?.plugin.policy?.(step.config).breaker
    if (breaker === undefined) continue
    policy = breaker
    isOwn = step?.entry.route !== null
  }
  const { service } = route
  const breaker = service === null ? null : (breakers?.of(service, route, policy, isOwn) ?? null)
  return { breaker }
}
