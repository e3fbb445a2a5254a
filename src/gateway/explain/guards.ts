// What stands between the request and its target: circuit breaker, bulkhead and retries, with the values that are settled.
import { policiesIn } from '../../pipeline/guards.js'
import { DEFAULT_BREAKER, type BreakerPolicy } from '../../plugin/policy.js'
import type { PluginEntry } from '../../model/entities.js'
import type { CompiledRoute } from '../../pipeline/compiled.js'
import type { Step } from '../../pipeline/plan.js'
import type { Settings } from '../settings.js'
import type { BreakerShown, GuardsShown, Named } from './explanation.js'

const NO_GUARDS: GuardsShown = { breaker: null, bulkhead: null, retry: null }

/** @param compiledRoute null for a request that no route takes */
export function guardsShown(
  compiledRoute: CompiledRoute | null,
  { circuitBreaker }: Settings,
  named: (entry: PluginEntry) => Named,
): GuardsShown {
  if (compiledRoute === null) return NO_GUARDS
  // As the gateway does: these are the same for all consumers.
  const { policies, steps } = policiesIn(compiledRoute.plans.base)
  const by = (step: Step | undefined): Named | null =>
    step === undefined ? null : named(step.entry)
  const { breaker = DEFAULT_BREAKER, bulkhead, retry } = policies
  return {
    breaker: circuitBreaker ? breakerShown(breaker, by(steps.breaker)) : null,
    bulkhead: bulkhead === undefined ? null : { ...bulkhead, by: by(steps.bulkhead) },
    retry:
      retry === undefined
        ? null
        : {
            ...retry,
            failures: [...retry.failures],
            statuses: [...retry.statuses],
            methods: [...retry.methods],
            by: by(steps.retry),
          },
  }
}

function breakerShown(
  { isEnabled, failureStatuses, ...policy }: BreakerPolicy,
  by: Named | null,
): BreakerShown | null {
  return isEnabled ? { ...policy, failureStatuses: [...failureStatuses], by } : null
}
