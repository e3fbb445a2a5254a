// Rule shadowed-route: routes that the router never chooses, as a warning with an example.
import { formatPath, type Fault, type Origin } from '../../config/lint/index.js'
import { describeExample } from '../../router/example.js'
import { findShadows, type Shadow } from '../../router/shadow.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { Route } from '../../model/entities.js'
import { withinTime } from '../../util/within-time.js'

export const SHADOWED_ROUTE = 'shadowed-route'

/**
 * For what the file's own regular expressions may do with the examples. Ordinary files take milliseconds, 10,000 routes
 * a tenth of this.
 */
const MAX_MS = 2_000

type Draft = Origin['drafts'][number]

/** What was found within the time that there is for it. */
export function shadowedRoutes(
  { routes }: Snapshot,
  { drafts }: Origin,
  milliseconds = MAX_MS,
): Fault[] {
  const byId = new Map<string, Draft>()
  for (const draft of drafts) if (draft.collection.name === 'routes') byId.set(draft.id, draft)
  const draftOf = new Map<Route, Draft>()
  for (const [index, route] of routes.entries()) {
    const draft = byId.get(route.id)
    if (draft === undefined) continue
    draftOf.set(draft.hasStableId ? route : withSteadyId(route, index), draft)
  }
  const faults: Fault[] = []
  const isDone = withinTime(milliseconds, () => {
    for (const shadow of findShadows([...draftOf.keys()])) {
      const [draft, winner] = [draftOf.get(shadow.route), draftOf.get(shadow.winner)]
      if (draft !== undefined && winner !== undefined) faults.push(toFault(shadow, draft, winner))
    }
  })
  if (!isDone) {
    const message = `took more than ${milliseconds} ms: some of the routes were not looked at`
    faults.push({ path: ['routes'], message, rule: SHADOWED_ROUTE })
  }
  return faults
}

/** A random id would make this check say something else each time: the route that comes first wins instead. */
function withSteadyId(route: Route, index: number): Route {
  const rank = (0xffff_ffff - index).toString(16).padStart(8, '0')
  return { ...route, id: `${rank}-ffff-4fff-bfff-ffffffffffff` }
}

function toFault({ path, example, isTie }: Shadow, draft: Draft, winner: Draft): Fault {
  const what = path === null ? titleOf(draft) : 'this path'
  const served = `${describeExample(example)} is served by ${titleOf(winner)}`
  const isChance = isTie && !(draft.hasStableId && winner.hasStableId)
  const often = isChance ? 'gets no request, or all of the other one' : 'never gets a request'
  return {
    path: path === null ? draft.path : [...draft.path, 'paths', path],
    message: `${what} ${often}: ${served}`,
    hint: hintFor(isTie, isChance),
    rule: SHADOWED_ROUTE,
  }
}

function hintFor(isTie: boolean, isChance: boolean): string {
  if (isChance) {
    return 'both rank the same, and ids that are new at every start decide: remove one, or let them ask for different requests'
  }
  if (isTie) {
    return 'both rank the same, and the greater id decides: remove one, or let them ask for different requests'
  }
  return 'ahead are routes with hosts but no wildcard in them, then with more of methods, hosts, headers and paths set, then with regex paths, then with longer ones: make this one more specific, or remove it'
}

function titleOf({ fields, path }: Draft): string {
  return typeof fields.name === 'string'
    ? `route '${fields.name}'`
    : `the route at ${formatPath(path)}`
}
