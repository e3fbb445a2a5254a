// The version of the format: written where it is missing, in quotes, and 3.0; with it the paths of the old formats.
import type { Node } from 'yaml'
import { COLLECTIONS, FORMAT_VERSIONS } from '../entities/collections.js'
import { migratePath } from '../migrate.js'
import type { DocumentPath } from '../places.js'
import { draft, type Draft } from './fix.js'
import type { Splice } from './splice.js'
import { startOf, type Entry, type Tree } from './tree.js'
import { rewriteScalar } from './writer.js'

const FIELD = '_format_version'
const CURRENT = '3.0'

export function fixFormatVersion(tree: Tree): Draft[] {
  const root = tree.mapAt(tree.root)
  if (root === null) return []
  const fields = tree.fields(root)
  const entry = fields.get(FIELD)
  if (entry === undefined) return addVersion(tree, fields)
  const node = tree.scalarAt(entry.raw)
  const version = tree.textOf(node)
  if (node === null || version === undefined) return []
  const isQuoted = typeof node.value === 'string'
  // A number: 3 and 3.0 are the same.
  const known = isQuoted || version.includes('.') ? version : `${version}.0`
  if (!FORMAT_VERSIONS.includes(known)) return []
  const isOld = known !== CURRENT
  if (isQuoted && !isOld) return []
  const text = JSON.stringify(CURRENT)
  const splices = isQuoted
    ? rewriteScalar(tree, node, CURRENT)
    : [{ start: startOf(node), end: startOf(node) + version.length, text }]
  // Without the new version the paths must stay what they are, so both go in one round.
  if (splices === null) return []
  const message = isOld ? `brought from format ${known} to ${CURRENT}` : 'put in quotes'
  const made = draft([FIELD], startOf(node), splices, message)
  return isOld ? [...made, ...migratePaths(tree, fields)] : made
}

function addVersion(tree: Tree, fields: ReadonlyMap<string, Entry>): Draft[] {
  const isKong = COLLECTIONS.some(({ name }) => fields.has(name))
  const root = tree.mapAt(tree.root)
  const first = root && tree.entries(root)[0]
  // A Kubernetes manifest, for one, has other keys.
  if (!isKong || !first || root.items.length === 0) return []
  const at = startOf(first.keyNode)
  const text = `${FIELD}: ${JSON.stringify(CURRENT)}`
  const splice =
    root.flow === true ? inFlow(tree, at) : { start: at, end: at, text: text + tree.eol }
  if (root.flow !== true && tree.columnOf(at) !== 0) return []
  const note = 'a guess: in a file written for Kong 2, regular expressions in paths want ~ in front'
  return draft([FIELD], at, [splice], `was missing, is now ${CURRENT}`, note)
}

/** The new entry takes over the blanks that stand before the first one. */
function inFlow(tree: Tree, at: number): Splice {
  let from = at
  while (/\s/.test(tree.text[from - 1] ?? '')) from--
  const key = tree.isJson ? JSON.stringify(FIELD) : FIELD
  const gap = tree.text.slice(from, at) || ' '
  return { start: at, end: at, text: `${key}: ${JSON.stringify(CURRENT)},${gap}` }
}

/** Those of top-level routes and of routes in services, as Kong does; each place once. */
function migratePaths(tree: Tree, fields: ReadonlyMap<string, Entry>): Draft[] {
  const seen = new Set<Node>()
  const drafts = migrateRoutes(tree, fields, [], seen)
  const services = tree.seqAt(fields.get('services')?.raw)
  for (const [index, item] of (services?.items ?? []).entries()) {
    const service = tree.mapAt(item as Node)
    if (service === null) continue
    drafts.push(...migrateRoutes(tree, tree.fields(service), ['services', index], seen))
  }
  return drafts
}

function migrateRoutes(
  tree: Tree,
  fields: ReadonlyMap<string, Entry>,
  above: DocumentPath,
  seen: Set<Node>,
): Draft[] {
  const routes = tree.seqAt(fields.get('routes')?.raw)?.items ?? []
  return routes.flatMap((item, index) => {
    const route = tree.mapAt(item as Node)
    const paths = route && tree.seqAt(tree.fields(route).get('paths')?.raw)
    return (paths?.items ?? []).flatMap((path, at) =>
      migrateOne(tree, path as Node, [...above, 'routes', index, 'paths', at], seen),
    )
  })
}

function migrateOne(tree: Tree, node: Node, path: DocumentPath, seen: Set<Node>): Draft[] {
  const scalar = tree.scalarAt(node)
  if (scalar === null || seen.has(scalar) || typeof scalar.value !== 'string') return []
  seen.add(scalar)
  const old = scalar.value
  const migrated = migratePath(old)
  // Marked before its time. Another ~ would be refused; with format 3.0 the mark means what it says.
  if (migrated === old || old.startsWith('~/')) return []
  const message = migrated.startsWith('~')
    ? 'marked as a regular expression with ~, as format 3.0 wants it'
    : 'written in its normal form'
  return draft(path, startOf(scalar), rewriteScalar(tree, scalar, migrated), message)
}
