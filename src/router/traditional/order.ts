// The order in which flavour traditional tries routes: by what they ask for, and within that by how narrowly.
import type { Route } from '../../model/entities.js'
import type { Sliced } from '../../util/slices.js'
import { isRegexPath } from '../compatible/order.js'
import { hasPort, isWildcard } from './request-host.js'

/** What a route may ask for, as bits: of two categories with as many attributes, the greater number comes first. */
export const HOST = 64
export const HEADER = 32
export const PATH = 16
export const METHOD = 8
export const SERVER_NAME = 4

/** A route with one of its paths: Kong tries each by itself. */
export interface RankedPath {
  readonly route: Route
  /** One path, or none. */
  readonly paths: readonly string[]
  /** The attributes that the route sets. */
  readonly category: number
  readonly weight: number
  readonly headerNames: number
  readonly isRegex: boolean
  /** Bytes of a plain path; 0 for a regex. */
  readonly pathBytes: number
}

/** Within a category from the one that is tried first to the last; categories themselves are not told apart here. */
export function* rankPaths(routes: readonly Route[]): Sliced<RankedPath[]> {
  const ranked: RankedPath[] = []
  for (const route of routes) {
    const paths = route.paths ?? []
    if (paths.length === 0) ranked.push(rank(route, []))
    for (const path of paths) ranked.push(rank(route, [path]))
    yield
  }
  return ranked.sort(compare)
}

/** From the category that is tried first to the last. */
export function compareCategories(a: number, b: number): number {
  return countBits(b) - countBits(a) || b - a
}

function countBits(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}

function rank(route: Route, paths: readonly string[]): RankedPath {
  const { methods, hosts, headers, snis } = route
  const [path = ''] = paths
  const isRegex = isRegexPath(path)
  const headerNames = Object.keys(headers ?? {}).length
  const category =
    bitIf(HOST, hosts?.length) |
    bitIf(HEADER, headerNames) |
    bitIf(PATH, paths.length) |
    bitIf(METHOD, methods?.length) |
    bitIf(SERVER_NAME, snis?.length)
  return {
    route,
    paths,
    category,
    weight: hostWeight(hosts ?? []) | (isRegex ? 1 : 0),
    headerNames,
    isRegex,
    pathBytes: isRegex ? 0 : Buffer.byteLength(path),
  }
}

function bitIf(bit: number, length = 0): number {
  return length === 0 ? 0 : bit
}

function hostWeight(hosts: readonly string[]): number {
  const wildcards = hosts.filter(isWildcard)
  const isPlain = hosts.length > 0 && wildcards.length === 0
  return (wildcards.some(hasPort) ? 4 : 0) | (isPlain ? 2 : 0)
}

/** What is equal in all that Kong looks at, it leaves to chance; here the file's order holds. */
function compare(a: RankedPath, b: RankedPath): number {
  return (
    b.weight - a.weight ||
    b.headerNames - a.headerNames ||
    (a.isRegex && b.isRegex ? b.route.regex_priority - a.route.regex_priority : 0) ||
    b.pathBytes - a.pathBytes ||
    a.route.created_at - b.route.created_at
  )
}
