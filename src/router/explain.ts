// Why a route takes a request or not: the router is asked about parts of the route, one condition at a time, so that it
// alone decides. For people who ask; a request is routed without any of this.
import type { Route } from '../model/entities.js'
import { runWhole } from '../util/slices.js'
import { leadOf, type Lead } from './compatible/ahead.js'
import { compareRanks, rankRoutes, type RankedRoute } from './compatible/order.js'
import type { RouteMatch, RouteQuestion } from './contract.js'
import { PathCoverage } from './coverage.js'
import { createRouter } from './index.js'

export type Condition = 'service' | 'protocol' | 'host' | 'path' | 'method' | 'header' | 'sni'

/** A condition of a route that the request does not meet. */
export interface Miss {
  readonly condition: Condition
  /** For a header its name. */
  readonly name: string | null
  /** What the route asks for. */
  readonly asked: readonly string[]
}

/** How a route takes the request. */
export interface Taking {
  readonly route: Route
  /** The part of the route that does. */
  readonly rank: RankedRoute
  /** As the route has it; null for a route without paths. */
  readonly path: string | null
  readonly match: RouteMatch
}

export interface Behind extends Taking {
  /** Why the winner was tried before it. */
  readonly lead: Lead
}

export interface Missed {
  readonly route: Route
  readonly misses: readonly Miss[]
}

export interface Routing {
  readonly winner: Taking | null
  /** Would have taken the request as well, in the order of trial. */
  readonly behind: readonly Behind[]
  /** Those that came nearest first. */
  readonly missed: readonly Missed[]
}

/** For flavour traditional_compatible. */
export function explainRouting(routes: readonly Route[], question: RouteQuestion): Routing {
  const takings: Taking[] = []
  const missed: Missed[] = []
  const known: Known = new Map()
  for (const route of routes) {
    const misses = missesOf(route, question, known)
    if (misses.length > 0) missed.push({ route, misses })
    else takings.push(...takingOf(route, question))
  }
  takings.sort((a, b) => compareRanks(a.rank, b.rank))
  const [winner = null, ...others] = takings
  return {
    winner,
    behind: winner === null ? [] : others.map((one) => behind(one, winner)),
    missed: nearestFirst(missed, question),
  }
}

function behind(taking: Taking, winner: Taking): Behind {
  return { ...taking, lead: leadOf(winner.rank, taking.rank) }
}

/** A route that asks for nothing. */
const FREE = {
  service: null,
  protocols: ['http'],
  methods: null,
  hosts: null,
  paths: null,
  headers: null,
  snis: null,
} as const satisfies Partial<Route>

/** What the router has said of a condition: thousands of routes may share their hosts and methods. */
type Known = Map<string, boolean>

/** Empty for a route that takes the request. */
export function missesOf(
  route: Route,
  question: RouteQuestion,
  known: Known = new Map(),
): readonly Miss[] {
  const { service, protocols, hosts, paths, methods, headers, snis } = route
  const misses: Miss[] = []
  const check = (
    fields: Partial<Route>,
    condition: Condition,
    asked: readonly string[],
    name: string | null = null,
  ): void => {
    const key = JSON.stringify(fields)
    let isMet = known.get(key)
    if (isMet === undefined) {
      isMet = matchAlone({ ...route, ...FREE, ...fields }, question) !== null
      known.set(key, isMet)
    }
    if (!isMet) misses.push({ condition, name, asked })
  }
  if (service?.enabled === false) check({ service }, 'service', [])
  check({ protocols }, 'protocol', protocols)
  if (isSet(hosts)) check({ hosts }, 'host', hosts)
  if (isSet(paths)) check({ paths }, 'path', paths)
  if (isSet(methods)) check({ methods }, 'method', methods)
  for (const [name, values] of Object.entries(headers ?? {})) {
    check({ headers: { [name]: values } }, 'header', values, name)
  }
  if (isSet(snis)) check({ snis }, 'sni', snis)
  return misses
}

function matchAlone(route: Route, question: RouteQuestion): RouteMatch | null {
  return createRouter([route], { flavour: 'traditional_compatible' }).match(question)
}

function isSet(list: readonly string[] | null): list is readonly string[] {
  return list !== null && list.length > 0
}

/** The first of its paths in the order of trial. */
function takingOf(route: Route, question: RouteQuestion): Taking[] {
  for (const rank of runWhole(rankRoutes([route]))) {
    for (const path of rank.paths.length === 0 ? [null] : rank.paths) {
      const match = matchAlone(path === null ? route : { ...route, paths: [path] }, question)
      if (match !== null) return [{ route, rank, path, match: { ...match, route } }]
    }
  }
  return []
}

/** By how many conditions are missing, then by how far the path goes along with one of the route's. */
function nearestFirst(missed: readonly Missed[], { path }: RouteQuestion): Missed[] {
  const coverage = new PathCoverage()
  const shared = ({ paths }: Route): number =>
    (paths ?? []).reduce((most, one) => Math.max(most, sharedStart(coverage.startOf(one), path)), 0)
  return missed
    .map((one) => ({ one, count: one.misses.length, start: shared(one.route) }))
    .sort((a, b) => a.count - b.count || b.start - a.start)
    .map(({ one }) => one)
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
