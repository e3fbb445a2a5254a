// `enabled: false` where the same plugin still runs by a wider use of it.
import { formatPath } from '../../faults.js'
import type { Finding } from '../rule.js'
import { describeScope, scopeKey, serviceOf, type Scope } from '../scope.js'
import type { LintView, Use } from '../view.js'

/** Kong leaves a disabled plugin out as if it were not there; it does not stand for "not here". */
export function pointlessDisabling(view: LintView): Finding[] {
  if (view.disabledUses.length === 0) return []
  const enabled = new Map<string, Use>()
  for (const use of view.uses) enabled.set(`${use.name} ${scopeKey(use.scope)}`, use)
  return view.disabledUses.flatMap(({ name, scope, path }) => {
    const wider = scopesAround(scope)
      .map((around) => enabled.get(`${name} ${scopeKey(around)}`))
      .find((use) => use !== undefined)
    if (wider === undefined) return []
    const message = `plugin '${name}' still runs here: the one at ${formatPath(wider.path)}, for ${describeScope(wider.scope)}, is enabled`
    const hint = 'to leave something out, put the plugin on the other services or routes instead'
    return [{ path: [...path, 'enabled'], message, hint }]
  })
}

/** From the nearest to all requests, the scope itself left out. */
function scopesAround({ route, service, consumer }: Scope): Scope[] {
  const ofRoute = route === null ? null : serviceOf(route)
  const places = [
    { route, service },
    { route, service: null },
    { route: null, service: service ?? ofRoute },
    { route: null, service: null },
  ]
  const own = scopeKey({ route, service, consumer })
  return places
    .flatMap((place) => [
      { ...place, consumer },
      { ...place, consumer: null },
    ])
    .filter((around) => scopeKey(around) !== own)
}
