// Flavour traditional_compatible, Kong's default: of all routes that match, the one of the highest priority.
//
// Routes become candidates in order of trial, filed by host and path; a request looks at those that its own host and
// path lead to, and the first in order that meets all other conditions wins.
import type { Protocol, Route } from '../../model/entities.js'
import type { Sliced } from '../../util/slices.js'
import type { PathHandling, RouteMatch, RouteQuestion, Router } from '../contract.js'
import { CandidateMaker } from './candidate.js'
import { HostTable } from './host-table.js'
import { rankRoutes } from './order.js'
import { Search } from './search.js'

const HTTP: ReadonlySet<Protocol> = new Set<Protocol>(['http', 'https', 'grpc', 'grpcs'])

const maker = new CandidateMaker()

/** What a router for HTTP has in it, whatever the flavour. */
export function isRoutable({ protocols, service }: Route): boolean {
  return protocols.some((protocol) => HTTP.has(protocol)) && service?.enabled !== false
}

/** @throws Error for a regular expression that cannot be used */
export function* buildCompatibleRouter(routes: readonly Route[]): Sliced<Router> {
  const candidates = yield* maker.make(yield* rankRoutes(routes.filter(isRoutable)))
  return new CompatibleRouter(yield* HostTable.build(candidates))
}

class CompatibleRouter implements Router {
  readonly #table: HostTable
  readonly #search = new Search()

  constructor(table: HostTable) {
    this.#table = table
  }

  // HOT PATH
  match(question: RouteQuestion): RouteMatch | null {
    this.#search.begin()
    this.#table.walk(this.#search, question)
    return this.#search.result
  }

  pathHandling(): PathHandling {
    return 'v0'
  }
}
