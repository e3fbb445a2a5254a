// What belongs to decK, Konnect and Kong Enterprise, where leaving it out changes nothing: top-level keys, fields at
// their idle values, and WebSocket protocols.
import { isSeq, type Node, type YAMLSeq } from 'yaml'
import type { DocumentPath } from '../places.js'
import { entities, pluginConfigs, type Entity } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import type { Splice } from './splice.js'
import { WEB_SOCKET, WEB_SOCKET_NOTE } from './service-addresses.js'
import { startOf, type Entry, type Tree } from './tree.js'
import { removeEntry, removeItem, rewriteScalar } from './writer.js'

/** Whether the value is what does nothing. */
type Idle = (tree: Tree, node: Node | null) => boolean

const isEmpty: Idle = (tree, node) => {
  const at = tree.resolve(node)
  if (at === null || tree.scalarAt(at)?.value === null) return true
  const items = tree.mapAt(at)?.items ?? tree.seqAt(at)?.items
  return items?.length === 0
}
const isFalse: Idle = (tree, node) => isEmpty(tree, node) || tree.scalarAt(node)?.value === false
const isTrue: Idle = (tree, node) => isEmpty(tree, node) || tree.scalarAt(node)?.value === true

const FUNCTION_FIELDS: Readonly<Record<string, Idle>> = {
  functions: isEmpty,
  ws_handshake: isEmpty,
  ws_client_frame: isEmpty,
  ws_upstream_frame: isEmpty,
  ws_close: isEmpty,
}
/** Fields that Enterprise writes into every dump, by plugin. */
const IDLE_FIELDS: Readonly<Record<string, Readonly<Record<string, Idle>>>> = {
  'pre-function': FUNCTION_FIELDS,
  'post-function': FUNCTION_FIELDS,
  acl: { include_consumer_groups: isFalse },
  cors: { allow_origin_absent: isTrue },
  'key-auth': { identity_realms: isOwnRealm },
  oauth2: { persistent_refresh_token: isFalse },
}

export const fixForeign: Fixer = (tree) => [
  ...topLevelKeys(tree),
  ...pluginConfigs(tree).flatMap(({ name, fields, path }) => {
    const idle = Object.hasOwn(IDLE_FIELDS, name) ? (IDLE_FIELDS[name] ?? {}) : {}
    return Object.entries(idle).flatMap(([field, isIdle]) => {
      const entry = fields.get(field)
      if (entry === undefined || !isIdle(tree, entry.raw)) return []
      const message = 'taken out: Kong Enterprise alone has it, and it did nothing'
      const where = [...path, field]
      return draft(where, startOf(entry.keyNode), removeEntry(tree, entry), message)
    })
  }),
  ...entities(tree).flatMap((entity) => webSocket(tree, entity)),
]

/** The one realm that Konnect writes by itself: the consumers of this control plane. */
function isOwnRealm(tree: Tree, node: Node | null): boolean {
  if (isEmpty(tree, node)) return true
  const realms = tree.seqAt(node)?.items ?? []
  const map = realms.length === 1 ? tree.mapAt(realms[0] as Node) : null
  if (map === null) return false
  return [...tree.fields(map)].every(([key, { raw }]) =>
    key === 'scope' ? tree.textOf(raw) === 'cp' : isEmpty(tree, raw),
  )
}

function topLevelKeys(tree: Tree): Draft[] {
  const root = tree.mapAt(tree.root)
  if (root === null) return []
  return tree.entries(root).flatMap((entry) => {
    const { key, raw } = entry
    const isIdle =
      key === '_plugin_configs' ? isEmpty(tree, raw) : key === '_info' && hasNoDefaults(tree, raw)
    if (key !== '_workspace' && key !== '_konnect' && !isIdle) return []
    if (raw !== null && tree.hasAnchor(raw)) return []
    const inBlock = root.flow !== true
    const splices = inBlock ? commentOut(tree, entry) : removeEntry(tree, entry)
    const message = `${inBlock ? 'made a comment' : 'taken out'}: decK alone reads it`
    const note =
      key === '_info'
        ? 'decK would give its select_tags to every entity; add them if you need them'
        : undefined
    return draft([key], startOf(entry.keyNode), splices, message, note)
  })
}

/** `defaults` change what entities are, which cannot be left out. */
function hasNoDefaults(tree: Tree, node: Node | null): boolean {
  const map = tree.mapAt(node)
  return map !== null && isEmpty(tree, tree.fields(map).get('defaults')?.raw ?? null)
}

function commentOut(tree: Tree, entry: Entry): Splice[] | null {
  const start = startOf(entry.keyNode)
  if (tree.columnOf(start) !== 0 || entry.owner.items.length === 1) return null
  const end = tree.endOf(entry)
  const splices: Splice[] = []
  for (let at = start; at < end; at = tree.lineEnd(at)) {
    if (!/[\r\n]/.test(tree.text[at] ?? '')) splices.push({ start: at, end: at, text: '# ' })
  }
  return splices
}

function webSocket(tree: Tree, { collection, fields, path }: Entity): Draft[] {
  if (collection !== 'routes' && collection !== 'plugins') return []
  const seq = tree.resolve(fields.get('protocols')?.raw)
  return isSeq(seq) ? protocols(tree, seq, [...path, 'protocols']) : []
}

function protocols(tree: Tree, seq: YAMLSeq, path: DocumentPath): Draft[] {
  const present = new Set(seq.items.map((item) => tree.textOf(item as Node)))
  return seq.items.flatMap((item, index) => {
    const node = tree.scalarAt(item as Node)
    const instead = WEB_SOCKET.get(tree.textOf(node) ?? '')
    if (node === null || node !== item || instead === undefined) return []
    const isThere = present.has(instead)
    present.add(instead)
    const splices = isThere ? removeItem(tree, seq, node) : rewriteScalar(tree, node, instead)
    const message = isThere
      ? 'taken out: Kong Enterprise alone has it'
      : `now ${instead} instead of ${tree.textOf(node) ?? ''}`
    return draft([...path, index], startOf(node), splices, message, WEB_SOCKET_NOTE)
  })
}
