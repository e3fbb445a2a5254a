// The order in which flavour traditional_compatible tries routes: Kong's 64-bit priority, then the greater UUID.
import { createHash } from 'node:crypto'

import type { Route } from '../../model/entities.js'

/** A route, or the part of it that has paths of one kind: Kong ranks those apart from each other. */
export interface RankedRoute {
  readonly route: Route
  /** Plain paths of one length, or regexes only (with their `~`); empty for a route without paths. */
  readonly paths: readonly string[]
  readonly rank: Rank
}

/** Upper and lower half of the priority, unsigned, and what decides between equals. */
interface Rank {
  readonly high: number
  readonly low: number
  readonly id: string
}

export const isRegexPath = (path: string): boolean => path.startsWith('~')

/** The routes, split by path, from the one that is tried first to the last. */
export function inOrder(routes: readonly Route[]): RankedRoute[] {
  return routes.flatMap(splitByPath).sort(compare)
}

function compare(a: RankedRoute, b: RankedRoute): number {
  if (a.rank.high !== b.rank.high) return b.rank.high - a.rank.high
  if (a.rank.low !== b.rank.low) return b.rank.low - a.rank.low
  if (a.rank.id === b.rank.id) return 0
  return a.rank.id < b.rank.id ? 1 : -1
}

/** One part for each length of plain path (in bytes), and one for all regexes. */
function splitByPath(route: Route): RankedRoute[] {
  const groups = new Map<number, string[]>()
  for (const path of route.paths ?? []) {
    const key = isRegexPath(path) ? 0 : Buffer.byteLength(path)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [path])
    else group.push(path)
  }
  if (groups.size < 2) return [rankPart(route, route.paths ?? [], route.id)]
  return [...groups.values()].map((paths, i) => rankPart(route, paths, partId(route.id, i + 1)))
}

function rankPart(route: Route, paths: readonly string[], id: string): RankedRoute {
  return { route, paths, rank: { ...priorityOf(route, paths), id: id.toLowerCase() } }
}

/**
 * Kong means the number of attributes to be bits 61 to 63, but shifts it by 61 in 32-bit arithmetic, where that is a
 * shift by 29; the number of header names lands at bit 20 instead of 52 and shares bits with regex_priority. A lower
 * half that is negative after that fills the upper half with ones. So a route whose hosts have no wildcard outranks
 * others that set more attributes, up to three; a negative regex_priority outranks everything. This is the order that
 * Kong routes by, so it is kept.
 */
function priorityOf(route: Route, paths: readonly string[]): { high: number; low: number } {
  const headerNames = Object.keys(route.headers ?? {}).length
  const sets = [paths, route.methods ?? [], route.hosts ?? [], route.snis ?? []]
  const attributes = sets.filter((set) => set.length > 0).length + (headerNames > 0 ? 1 : 0)
  const [firstPath = ''] = paths
  const isRegex = isRegexPath(firstPath)
  const hasPlainHosts = route.hosts?.every((host) => !host.includes('*')) ?? false

  const low =
    (attributes << 29) |
    (Math.min(headerNames, 255) << 20) |
    (isRegex ? route.regex_priority << 19 : Buffer.byteLength(firstPath) & 0x7ffff)
  const high = (low < 0 ? -1 : 0) | (hasPlainHosts ? 1 << 28 : 0) | (isRegex ? 1 << 19 : 0)
  return { high: high >>> 0, low: low >>> 0 }
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
