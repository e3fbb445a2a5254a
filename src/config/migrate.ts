// Formats 1.1 and 2.1: the paths of routes, before regular expressions were marked with ~.
import { normalizePath } from '../util/path.js'
import { isRecord } from './settle.js'

const PLAIN = /^[A-Za-z0-9.\-_~/%]*$/
// An escape of these means something else than the character itself and stays.
const RESERVED = new Set("!#$%&'()*+,/:;=?@[]")
// Decoded, these would be operators of the expression.
const OPERATORS = new Set('.^-{}\\|')

/** Brings the document to format 3.0, in place: the paths of top-level routes and of those nested in services. */
export function migrate(root: Record<string, unknown>): void {
  if (root._format_version !== '1.1' && root._format_version !== '2.1') return
  migrateRoutes(root.routes)
  for (const service of recordsOf(root.services)) migrateRoutes(service.routes)
}

function migrateRoutes(routes: unknown): void {
  for (const route of recordsOf(routes)) {
    const { paths } = route
    if (!Array.isArray(paths)) continue
    route.paths = paths.map((path: unknown) =>
      typeof path === 'string' ? migratePath(path) : path,
    )
  }
}

export function migratePath(path: string): string {
  if (PLAIN.test(path)) return normalizePath(path)
  return `~${path.replace(/%[0-9a-fA-F]{2}/g, decodeInExpression)}`
}

function decodeInExpression(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  if (RESERVED.has(character)) return triplet.toUpperCase()
  // Half a character of UTF-8 cannot stand alone in text.
  if (character > '\x7f') return triplet.toUpperCase()
  return OPERATORS.has(character) ? `\\${character}` : character
}

function recordsOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter(isRecord) : []
}
