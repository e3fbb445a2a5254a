// Single values where Kong wants a list, and plain texts where it wants records: `methods: GET`, `snis: [a.com]`.
import { isScalar, type Node, type Scalar } from 'yaml'
import type { DocumentPath } from '../places.js'
import { entities, entityLists, pluginConfigs } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { startOf, type Entry, type Tree } from './tree.js'
import { asFlowItem, rewriteScalar, wrapInList } from './writer.js'

/** Fields that are lists of texts without commas, by collection. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  routes: ['methods', 'hosts', 'protocols', 'snis', 'tags'],
  services: ['tags'],
  consumers: ['tags'],
  plugins: ['protocols', 'tags'],
}
/** By plugin. */
const PLUGIN_LISTS: Readonly<Record<string, readonly string[]>> = {
  cors: ['methods', 'headers', 'exposed_headers'],
  'key-auth': ['key_names'],
  'key-auth-enc': ['key_names'],
  acl: ['allow', 'deny', 'whitelist', 'blacklist'],
  'ip-restriction': ['allow', 'deny', 'whitelist', 'blacklist'],
  jwt: ['uri_param_names', 'cookie_names', 'header_names', 'claims_to_verify'],
}
/** What a plain text means where a list of records is wanted. */
const RECORD_FIELDS: Readonly<Record<string, string>> = {
  snis: 'name',
  targets: 'target',
  plugins: 'name',
  keyauth_credentials: 'key',
  keyauth_enc_credentials: 'key',
  acls: 'group',
}

export const fixLists: Fixer = (tree) => [
  ...entities(tree).flatMap(({ collection, fields, path }) => {
    const names = Object.hasOwn(LISTS, collection) ? (LISTS[collection] ?? []) : []
    const split = names.flatMap((name) => wrap(tree, fields.get(name), path, true))
    // Paths and origins may hold commas.
    return collection === 'routes'
      ? [
          ...split,
          ...wrap(tree, fields.get('paths'), path, false),
          ...upperCase(tree, fields, path),
        ]
      : split
  }),
  ...pluginConfigs(tree).flatMap(({ name, fields, path }) => {
    const names = Object.hasOwn(PLUGIN_LISTS, name) ? (PLUGIN_LISTS[name] ?? []) : []
    const split = names.flatMap((field) => wrap(tree, fields.get(field), path, true))
    return name === 'cors' ? [...split, ...wrap(tree, fields.get('origins'), path, false)] : split
  }),
  ...entityLists(tree).flatMap(({ collection, seq, path }) => {
    const field = Object.hasOwn(RECORD_FIELDS, collection) ? RECORD_FIELDS[collection] : undefined
    if (field === undefined) return []
    return seq.items.flatMap((item, index) =>
      isScalar(item) ? toRecord(tree, item, seq.flow === true, field, [...path, index]) : [],
    )
  }),
]

function wrap(
  tree: Tree,
  entry: Entry | undefined,
  path: DocumentPath,
  splitsAtCommas: boolean,
): Draft[] {
  const node = tree.scalarAt(entry?.raw)
  if (entry === undefined || node === null || typeof node.value !== 'string') return []
  // At the anchor the text may be wanted as it is.
  if (node.anchor !== undefined || node !== entry.raw) return []
  const items = splitsAtCommas ? node.value.split(',').map((item) => item.trim()) : [node.value]
  if (items.some((item) => item === '' || item.includes('vault://'))) return []
  const message = items.length > 1 ? 'made a list, split at the commas' : 'made a list of one'
  return draft([...path, entry.key], startOf(node), wrapInList(tree, node, items), message)
}

function upperCase(tree: Tree, fields: ReadonlyMap<string, Entry>, path: DocumentPath): Draft[] {
  const items = tree.seqAt(fields.get('methods')?.raw)?.items ?? []
  return items.flatMap((item, index) => {
    const node = tree.scalarAt(item as Node)
    const text = node?.value
    if (node === null || typeof text !== 'string' || !/^[A-Za-z]+$/.test(text)) return []
    const upper = text.toUpperCase()
    if (upper === text) return []
    const splices = rewriteScalar(tree, node, upper)
    return draft([...path, 'methods', index], startOf(node), splices, 'put in capitals')
  })
}

function toRecord(
  tree: Tree,
  node: Scalar,
  isFlow: boolean,
  field: string,
  path: DocumentPath,
): Draft[] {
  const text = tree.textOf(node)
  if (text === undefined || node.anchor !== undefined) return []
  const at = startOf(node)
  const [before, after] = isFlow ? ['{', '}'] : ['', '']
  const key = tree.isJson ? JSON.stringify(field) : field
  const end = tree.endOfNode(node)
  const value = isFlow ? asFlowItem(tree, node, text) : tree.text.slice(at, end)
  const splice = { start: at, end, text: `${before}${key}: ${value}${after}` }
  return draft(path, at, [splice], `made a record: the text is its ${field}`)
}
