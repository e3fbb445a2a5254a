// Finds routes that never get a request, since others take all of theirs first.
import type { Route } from '../model/entities.js'
import { rankRoutes } from './compatible/order.js'
import type { RouteQuestion, Router } from './contract.js'
import { coversConditions, coversHost, coversMethod, PathCoverage } from './coverage.js'
import { exampleFor, ODD, USUAL, type Choice } from './example.js'
import { createRouter } from './index.js'
import { suspectsAmong } from './suspects.js'
import { runWhole } from '../util/slices.js'

export interface Shadow {
  readonly route: Route
  /** Which of its paths, by index, never match; null when the route as a whole does not. */
  readonly path: number | null
  /** A request that the route is for, and who gets it. */
  readonly example: RouteQuestion
  readonly winner: Route
  /** Whether they rank the same, so that the greater id decides. */
  readonly isTie: boolean
}

/** A route may list so many hosts and methods that trying them all is not worth it. */
const MAX_CHOICES = 64

/**
 * Most paths begin as no other does, and are passed over. For the others a request that the route is for goes to the
 * router; so the work grows with the number of paths, not of pairs. Where another route gets it, that one is held
 * against the route, condition by condition: only when it takes all that the route could take is this reported.
 *
 * For flavour traditional_compatible.
 */
export function* findShadows(routes: readonly Route[]): Generator<Shadow> {
  const finder = new Finder(routes)
  for (const route of routes) yield* finder.shadowsOf(route)
}

/** What takes a path of a route, on an example. */
type Taken = Omit<Shadow, 'route' | 'path'>

interface Rank {
  readonly paths: readonly (string | null)[]
  /** Place in the order of trial. */
  readonly place: number
  readonly high: number
  readonly low: number
}

class Finder {
  readonly #routes: readonly Route[]
  /** The parts of each route that is served. */
  readonly #ranks = new Map<Route, Rank[]>()
  readonly #paths = new PathCoverage()
  readonly #suspects: ReadonlyMap<Route, ReadonlySet<string | null>>
  #router: Router | undefined

  constructor(routes: readonly Route[]) {
    this.#routes = routes
    for (const [place, { route, paths, high, low }] of runWhole(rankRoutes(routes)).entries()) {
      const rank = { paths: paths.length === 0 ? [null] : paths, place, high, low }
      const own = this.#ranks.get(route)
      if (own === undefined) this.#ranks.set(route, [rank])
      else own.push(rank)
    }
    this.#suspects = this.#findSuspects()
  }

  #findSuspects(): Map<Route, Set<string | null>> {
    const all = [...this.#ranks].flatMap(([route, ranks]) =>
      ranks.flatMap(({ paths, place }) =>
        paths.map((path) => ({ route, path, place, start: this.#paths.startOf(path) })),
      ),
    )
    const suspects = new Map<Route, Set<string | null>>()
    for (const { route, path } of suspectsAmong(all)) {
      const known = suspects.get(route)
      if (known === undefined) suspects.set(route, new Set([path]))
      else known.add(path)
    }
    return suspects
  }

  /** Made only when there is something to ask it. */
  #match(question: RouteQuestion): Route | undefined {
    this.#router ??= createRouter(this.#routes, { flavour: 'traditional_compatible' })
    return this.#router.match(question)?.route
  }

  *shadowsOf(route: Route): Generator<Shadow> {
    if (!isServed(route)) return
    const paths = route.paths ?? []
    const taken = paths.map((path) => this.#takes(route, path))
    const whole = paths.length === 0 ? this.#takes(route, null) : taken[0]
    if (whole !== undefined && whole !== null && taken.every((one) => one !== null)) {
      yield { route, path: null, ...whole }
      return
    }
    for (const [path, one] of taken.entries()) if (one !== null) yield { route, path, ...one }
  }

  /** Null when the route itself can get a request by that path, or when it cannot be told. */
  #takes(route: Route, path: string | null): Taken | null {
    if (this.#suspects.get(route)?.has(path) !== true) return null
    const hosts = choicesOf(route.hosts)
    const methods = choicesOf(route.methods)
    if (hosts.length * methods.length > MAX_CHOICES) return null
    const choices = hosts.flatMap((host) => methods.map((method) => ({ path, host, method })))
    let first: Taken | null = null
    for (const choice of choices) {
      const winner = this.#winnerOf(route, choice)
      if (winner === null) return null
      first ??= this.#illustrate(route, choice, winner)
    }
    return first
  }

  /** The route that takes all requests of that choice before this one can. */
  #winnerOf(route: Route, choice: Choice): Contender | null {
    const example = exampleFor(route, choice, ODD)
    const winner = example === null ? undefined : this.#match(example)
    if (winner === undefined || winner === route) return null
    const own = this.#rankOf(route, choice.path)
    const wide = this.#ranks
      .get(winner)
      ?.find(
        ({ place, paths }) =>
          own !== undefined &&
          place < own.place &&
          paths.some((path) => this.#paths.covers(path, choice.path)),
      )
    if (own === undefined || wide === undefined) return null
    const coversAll =
      coversHost(winner, choice.host) &&
      coversMethod(winner, choice.method) &&
      coversConditions(winner, route)
    if (!coversAll) return null
    return { route: winner, isTie: wide.high === own.high && wide.low === own.low }
  }

  #rankOf(route: Route, path: string | null): Rank | undefined {
    return this.#ranks.get(route)?.find(({ paths }) => paths.includes(path))
  }

  /** An example that a person would try; the router has the last word on it. */
  #illustrate(route: Route, choice: Choice, { route: rival, isTie }: Contender): Taken | null {
    const example = exampleFor(route, choice, USUAL)
    if (example === null) return null
    const winner = this.#match(example)
    const alone = createRouter([route], { flavour: 'traditional_compatible' })
    if (winner === undefined || winner === route || alone.match(example) === null) return null
    return { example, winner, isTie: isTie && winner === rival }
  }
}

interface Contender {
  readonly route: Route
  readonly isTie: boolean
}

function isServed({ service, protocols }: Route): boolean {
  return service?.enabled !== false && protocols.some((one) => /^(?:http|grpc)s?$/.test(one))
}

function choicesOf(list: readonly string[] | null): readonly (string | null)[] {
  return list === null || list.length === 0 ? [null] : list
}
