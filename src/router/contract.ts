// What the router is asked and what it answers.
import type { Route } from '../model/entities.js'
import type { UriCaptures } from '../plugin/contract.js'
import type { ReadonlyHeaders } from '../util/header-list.js'

/** The parts of a request that take part in matching. */
export interface RouteQuestion {
  readonly method: string
  /** The Host header as it came, port and spelling included (Kong compares it case-sensitively). */
  readonly host: string
  /** Normalised: see path.ts. */
  readonly path: string
  readonly headers: ReadonlyHeaders
  /** The listener's port, which stands in for a Host without one. */
  readonly port: number
  readonly secure: boolean
  /** SNI; empty without. */
  readonly serverName: string
  /** What only routes by expression may ask for. */
  readonly origin: QuestionOrigin
}

/** Read only when a route asks for it. */
export interface QuestionOrigin {
  /** The client's address as canonical text. */
  readonly clientIp: string
  /** What follows the path: empty, or the query with its question mark. */
  readonly querySuffix: string
}

export interface RouteMatch {
  readonly route: Route
  /** The part of the path that the route's path matched: the prefix, or the regex's whole match; '' without paths. */
  readonly prefix: string
  /** Null for a prefix, and when the regex has no first group or that took no part: Kong then keeps none. */
  readonly captures: UriCaptures | null
}

/** How the paths of service and request are joined: see upstream-path.ts. */
export type PathHandling = 'v0' | 'v1'

export interface Router {
  match(question: RouteQuestion): RouteMatch | null
  /** Kong heeds a route's `path_handling` in the traditional flavour alone; all others are v0. */
  pathHandling(route: Route): PathHandling
}
