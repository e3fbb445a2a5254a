// The order in which flavour traditional_compatible tries routes: Kong's 64-bit priority, then the greater UUID.
import { createHash } from 'node:crypto'
import type { Route } from '../../model/entities.js'
import type { Sliced } from '../../util/slices.js'

/** A route, or the part of it that has paths of one kind: Kong ranks those apart from each other. */
export interface RankedRoute {
  readonly route: Route
  /** Plain paths of one length, or regexes only (with their `~`); empty for a route without paths. */
  readonly paths: readonly string[]
  /** Upper and lower half of the priority, unsigned. */
  readonly high: number
  readonly low: number
  /** Decides between equals. */
  readonly id: string
}

export function isRegexPath(path: string): boolean {
  return path.startsWith('~')
}

/** Routes outlive reloads that do not change them, and with them what they have been split into. */
const known = new WeakMap<Route, readonly RankedRoute[]>()

/** The routes, split by path, from the one that is tried first to the last. */
export function* rankRoutes(routes: readonly Route[]): Sliced<RankedRoute[]> {
  const parts: RankedRoute[] = []
  for (const route of routes) {
    parts.push(...partsOf(route))
    yield
  }
  return parts.sort(compareRanks)
}

function partsOf(route: Route): readonly RankedRoute[] {
  let parts = known.get(route)
  if (parts === undefined) known.set(route, (parts = split(route)))
  return parts
}

/** Below zero when the first is tried before the second. */
export function compareRanks(a: RankedRoute, b: RankedRoute): number {
  if (a.high !== b.high) return b.high - a.high
  if (a.low !== b.low) return b.low - a.low
  if (a.id === b.id) return 0
  return a.id < b.id ? 1 : -1
}

/** One part for each length of plain path (in bytes), and one for all regexes. */
function split(route: Route): readonly RankedRoute[] {
  const paths = route.paths ?? []
  const groups = new Map<number, string[]>()
  for (const path of paths) {
    const key = isRegexPath(path) ? 0 : Buffer.byteLength(path)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [path])
    else group.push(path)
  }
  if (groups.size < 2) return [rankPart(route, paths, route.id.toLowerCase())]
  return [...groups.values()].map((group, index) =>
    rankPart(route, group, partId(route.id, index + 1)),
  )
}

/** What a part is ranked by. */
export interface RankFigures {
  /** How many of methods, hosts, headers, paths and snis are set. */
  readonly attributes: number
  readonly headerNames: number
  /** Hosts are set, and none has a wildcard. */
  readonly hasPlainHosts: boolean
  readonly isRegex: boolean
  /** Counts for a regex alone. */
  readonly regexPriority: number
  /** Counts for a plain path alone. */
  readonly pathBytes: number
}

/** @param paths of one part */
export function figuresOf(route: Route, paths: readonly string[]): RankFigures {
  const { headers, methods, hosts, snis } = route
  const headerNames = headers === null ? 0 : Object.keys(headers).length
  const [firstPath = ''] = paths
  return {
    attributes:
      oneIfAny(methods) +
      oneIfAny(hosts) +
      oneIfAny(paths) +
      oneIfAny(snis) +
      Math.min(headerNames, 1),
    headerNames: Math.min(headerNames, 255),
    hasPlainHosts: hosts?.every((host) => !host.includes('*')) ?? false,
    isRegex: isRegexPath(firstPath),
    regexPriority: route.regex_priority,
    pathBytes: Buffer.byteLength(firstPath),
  }
}

/**
 * Kong means the number of attributes to be bits 61 to 63, but shifts it by 61 in 32-bit arithmetic, where that is a
 * shift by 29; the number of header names lands at bit 20 instead of 52 and shares bits with regex_priority. A lower
 * half that is negative after that fills the upper half with ones. So a route whose hosts have no wildcard outranks
 * others that set more attributes, up to three; a negative regex_priority outranks everything. This is the order that
 * Kong routes by, so it is kept; ahead.ts says it in words.
 */
function rankPart(route: Route, paths: readonly string[], id: string): RankedRoute {
  const { attributes, headerNames, hasPlainHosts, isRegex, regexPriority, pathBytes } = figuresOf(
    route,
    paths,
  )
  const low =
    (attributes << 29) | (headerNames << 20) | (isRegex ? regexPriority << 19 : pathBytes & 0x7ffff)
  const high = (low < 0 ? -1 : 0) | (hasPlainHosts ? 1 << 28 : 0) | (isRegex ? 1 << 19 : 0)
  return { route, paths, high: high >>> 0, low: low >>> 0, id }
}

function oneIfAny(values: readonly string[] | null): number {
  return values === null || values.length === 0 ? 0 : 1
}

/** Kong's namespace for the ids of a route's parts. */
const PART_NAMESPACE = Buffer.from('7f145bf90dce4f9198ebdebbce4b9f6b', 'hex')

/** The id that Kong gives a part, as it decides between parts of equal priority: UUIDv5 (RFC 9562, 5.5). */
function partId(routeId: string, number: number): string {
  const hash = createHash('sha1').update(PART_NAMESPACE).update(`${routeId}#${number}`).digest()
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = hash.toString('hex', 0, 16)
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
