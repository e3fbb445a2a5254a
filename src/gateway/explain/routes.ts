// Routes with their places: the one that answers, those behind it, and those that a condition keeps away.
import type { CollectionName } from '../../config/entities/collection.js'
import type { Entity, Route } from '../../model/entities.js'
import type { UriCaptures } from '../../plugin/contract.js'
import type { RouteQuestion } from '../../router/contract.js'
import type { Behind, Miss, Missed, Taking } from '../../router/explain.js'
import type { Side } from '../diff/side.js'
import type { BehindShown, MissedShown, MissShown, Named, RouteShown } from './explanation.js'

/** Of a list that a route asks for; there may be thousands. */
const MAX_ASKED = 20

export function routeShown({ route, path, match }: Taking, side: Side): RouteShown {
  const { id, name, service } = route
  return {
    ...namedIn(side, 'routes', route),
    ...{ id, name, path },
    prefix: match.prefix,
    captures: capturesOf(match.captures),
    service: service === null ? null : namedIn(side, 'services', service),
  }
}

/** By name, groups without one by number. */
function capturesOf(captures: UriCaptures | null): Readonly<Record<string, string>> | null {
  if (captures === null) return null
  const { unnamed, named } = captures
  const numbered = unnamed.flatMap((value, index) =>
    value === undefined || index === 0 ? [] : [[String(index), value] as const],
  )
  return Object.fromEntries([...numbered, ...Object.entries(named)])
}

export function behindShown({ route, path, lead }: Behind, side: Side): BehindShown {
  return { ...namedIn(side, 'routes', route), path, ...lead }
}

export function missedShown(
  { route, misses }: Missed,
  question: RouteQuestion,
  side: Side,
): MissedShown {
  return {
    ...namedIn(side, 'routes', route),
    misses: misses.map((miss) => missShown(miss, route, question)),
  }
}

function missShown(
  { condition, name, asked }: Miss,
  route: Route,
  question: RouteQuestion,
): MissShown {
  return {
    condition,
    name,
    asked: asked.slice(0, MAX_ASKED),
    got: gotFor(condition, name, route, question),
  }
}

function gotFor(
  condition: Miss['condition'],
  name: string | null,
  { service }: Route,
  { host, path, method, headers, serverName }: RouteQuestion,
): string | null {
  switch (condition) {
    case 'host':
      return host
    case 'path':
      return path
    case 'method':
      return method
    case 'sni':
      return serverName === '' ? null : serverName
    case 'header':
      return name !== null && headers.has(name) ? headers.getAll(name).join(', ') : null
    case 'service':
      return service?.name ?? service?.id ?? null
    case 'protocol':
      return null
  }
}

export function namedIn(side: Side, collection: CollectionName, { id }: Entity): Named {
  const draft = side.byId(collection, id)
  if (draft === undefined) throw new TypeError('a checked entity is in the file')
  return { title: side.titleOf(draft), place: side.placeOf(draft) }
}
