// Changes to requests that no target ever gets, as request-termination answers all of them.
import { formatPath } from '../../faults.js'
import type { Finding } from '../rule.js'
import { canMeet, scopeKey } from '../scope.js'
import type { LintView, Use } from '../view.js'

/**
 * Only request-transformer: authentication, limits and logs do their work before request-termination or after it, and
 * response-transformer changes its answer too.
 */
export function terminatedRequests(view: LintView): Finding[] {
  const terminations = view.usesOf('request-termination')
  const byScope = new Map<string, Use>()
  for (const use of terminations) {
    if (answersAll(use)) byScope.set(scopeKey(use.scope), use)
  }
  if (byScope.size === 0) return []
  const others = terminations.filter((use) => !answersAll(use))
  return view.usesOf('request-transformer').flatMap(({ scope, path }) => {
    const termination = byScope.get(scopeKey(scope))
    // One with a trigger may stand in for it on some route.
    if (termination === undefined || others.some((other) => canMeet(other.scope, scope))) return []
    const message = `changes requests that ${formatPath(termination.path)} answers before they reach a target`
    return [{ path, message, hint: 'drop one of the two, or give request-termination a trigger' }]
  })
}

/** An echo shows the changed request. */
function answersAll({ config }: Use): boolean {
  return (config.trigger ?? '') === '' && config.echo !== true
}
