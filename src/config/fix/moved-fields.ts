// Fields of plugins under names that Kong has given up or is about to: each goes where it is read today.
import type { YAMLMap } from 'yaml'
import { pluginConfigs } from './entities.js'
import type { DocumentPath } from '../places.js'
import { draft, type Draft, type Fixer } from './fix.js'
import { endOf, startOf, type Entry, type Tree } from './tree.js'
import type { Splice } from './splice.js'
import {
  appendEntry,
  commentsAbove,
  entryLines,
  removeEntry,
  renameKey,
  rewriteScalar,
  written,
} from './writer.js'

type Moves = Readonly<Record<string, string>>

const REDIS_FIELDS =
  'host port timeout username password database ssl ssl_verify server_name'.split(' ')
const REDIS: Moves = Object.fromEntries(
  REDIS_FIELDS.map((field) => [`redis_${field}`, `redis.${field}`]),
)
const LISTS: Moves = { whitelist: 'allow', blacklist: 'deny' }

/** By plugin: the old field, and the new one, which may be in a record. */
const MOVES: Readonly<Record<string, Moves>> = {
  'rate-limiting': REDIS,
  'response-ratelimiting': REDIS,
  opentelemetry: { endpoint: 'traces_endpoint' },
  session: {
    cookie_lifetime: 'rolling_timeout',
    cookie_idletime: 'idling_timeout',
    cookie_discard: 'stale_ttl',
    cookie_samesite: 'cookie_same_site',
    cookie_httponly: 'cookie_http_only',
    cookie_persistent: 'remember',
  },
  acl: LISTS,
  'ip-restriction': LISTS,
  'bot-detection': LISTS,
}

/** Of acme, below storage_config.redis. */
const ACME_REDIS: Moves = {
  auth: 'password',
  ssl_server_name: 'server_name',
  namespace: 'extra_options.namespace',
  scan_count: 'extra_options.scan_count',
}

export const fixMovedFields: Fixer = (tree) =>
  pluginConfigs(tree).flatMap(({ name, map, fields, path, plugin }) => {
    if (name === 'acme') return fixAcme(tree, map, path)
    const moves = Object.hasOwn(MOVES, name) ? MOVES[name] : undefined
    if (moves === undefined) return []
    const config = plugin.fields.get('config')
    const step = config ? stepOf(tree, config, map) : 2
    const made = move(tree, fields, moves, path, step)
    return name === 'session' ? [...made, ...fixSession(tree, fields, path)] : made
  })

function fixAcme(tree: Tree, config: YAMLMap, path: DocumentPath): Draft[] {
  const storage = tree.mapAt(tree.fields(config).get('storage_config')?.raw)
  const entry = storage && tree.fields(storage).get('redis')
  const redis = tree.mapAt(entry?.raw)
  if (!entry || redis === null) return []
  const where = [...path, 'storage_config', 'redis']
  return move(tree, tree.fields(redis), ACME_REDIS, where, stepOf(tree, entry, redis))
}

/** `off` was a value once, and `cookie_renew` did something once. */
function fixSession(tree: Tree, fields: ReadonlyMap<string, Entry>, path: DocumentPath): Draft[] {
  const renew = fields.get('cookie_renew')
  const site = fields.get('cookie_same_site')
  const value = tree.scalarAt(site?.raw)
  const drafts: Draft[] = []
  if (renew) {
    const at = startOf(renew.keyNode)
    const where = [...path, 'cookie_renew']
    drafts.push(
      ...draft(where, at, removeEntry(tree, renew), 'taken out: it does nothing any more'),
    )
  }
  if (value !== null && tree.textOf(value) === 'off') {
    const where = [...path, 'cookie_same_site']
    const splices = rewriteScalar(tree, value, 'Lax')
    drafts.push(...draft(where, startOf(value), splices, "'off' is now called 'Lax'"))
  }
  return drafts
}

function move(
  tree: Tree,
  fields: ReadonlyMap<string, Entry>,
  moves: Moves,
  path: DocumentPath,
  step: number,
): Draft[] {
  const groups = new Map<string, Moving[]>()
  const drafts: Draft[] = []
  for (const [from, to] of Object.entries(moves)) {
    const entry = fields.get(from)
    if (entry === undefined) continue
    const [record = '', field] = to.split('.')
    if (field === undefined) drafts.push(...rename(tree, fields, entry, to, path))
    else if (saysNothing(tree, entry)) {
      const splices = removeEntry(tree, entry)
      const message = `taken out: it is null, and ${to} is where to say so`
      drafts.push(...draft([...path, from], startOf(entry.keyNode), splices, message))
    } else groups.set(record, [...(groups.get(record) ?? []), { entry, field }])
  }
  for (const [record, moving] of groups) {
    moving.sort((a, b) => startOf(a.entry.keyNode) - startOf(b.entry.keyNode))
    drafts.push(...moveInto(tree, fields, record, moving, path, step))
  }
  return drafts
}

function saysNothing(tree: Tree, { raw }: Entry): boolean {
  return raw === null || tree.scalarAt(raw)?.value === null
}

function rename(
  tree: Tree,
  fields: ReadonlyMap<string, Entry>,
  entry: Entry,
  to: string,
  path: DocumentPath,
): Draft[] {
  const there = fields.get(to)
  const at = startOf(entry.keyNode)
  const where = [...path, entry.key]
  if (there === undefined) {
    return draft(where, at, renameKey(tree, entry, to), `renamed to ${to}`)
  }
  if (!areSame(tree, entry, there)) return []
  return draft(where, at, removeEntry(tree, entry), `taken out: ${to} says the same`)
}

interface Moving {
  readonly entry: Entry
  /** Its name in the record. */
  readonly field: string
}

/** Fields that go into a record beside them, which is made where the first of them stood. */
function moveInto(
  tree: Tree,
  fields: ReadonlyMap<string, Entry>,
  record: string,
  moving: readonly Moving[],
  path: DocumentPath,
  step: number,
): Draft[] {
  const owner = moving[0]?.entry.owner
  const there = fields.get(record)
  // A record that comes by an alias or a merge is others' as well.
  if (owner === undefined || moving.some(({ entry }) => entry.owner !== owner)) return []
  if (there === undefined) return makeRecord(tree, record, moving, path, step)
  const map = tree.mapAt(there.raw)
  if (there.owner !== owner || map === null || map !== there.raw) return []
  const inside = tree.fields(map)
  return moving.flatMap(({ entry, field }) => {
    const target = `${record}.${field}`
    const where = [...path, entry.key]
    const at = startOf(entry.keyNode)
    const known = inside.get(field)
    const taken = removeEntry(tree, entry)
    if (known !== undefined) {
      if (!areSame(tree, entry, known)) return []
      return draft(where, at, taken, `taken out: ${target} says the same`)
    }
    const value = valueText(tree, entry)
    const added = value === null ? null : appendEntry(tree, map, field, value)
    const splices = added && taken && [...added, ...taken]
    return draft(where, at, splices, `moved to ${target}`)
  })
}

function makeRecord(
  tree: Tree,
  record: string,
  moving: readonly Moving[],
  path: DocumentPath,
  step: number,
): Draft[] {
  const [first, ...others] = moving
  if (first === undefined) return []
  const isFlow = first.entry.owner.flow === true
  const start = startOf(first.entry.keyNode)
  const splices: Splice[] = []
  for (const { entry } of others) {
    const removed = removeEntry(tree, entry)
    if (removed === null) return []
    splices.push(...removed)
    if (isFlow) continue
    // What is said above a field goes with it.
    const [from, to] = [commentsAbove(tree, entry), tree.lineStart(startOf(entry.keyNode))]
    if (from < to) splices.push({ start: from, end: to, text: '' })
  }
  if (isFlow) {
    const parts = moving.map(({ entry, field }) => inFlowRecord(tree, entry, field))
    const text = `${written(tree, record, true)}: {${parts.join(', ')}}`
    splices.push({ start, end: tree.endOf(first.entry), text })
  } else {
    const indent = ' '.repeat(tree.columnOf(start) + step)
    const lines = moving.map(({ entry, field }, index) => {
      const line = indent + inBlockRecord(tree, entry, field, step)
      if (index === 0) return line
      const above = tree.text.slice(
        commentsAbove(tree, entry),
        tree.lineStart(startOf(entry.keyNode)),
      )
      return above.replace(/^(?=.)/gm, ' '.repeat(step)) + line
    })
    const text = [`${record}:`, ...lines].join(tree.eol)
    splices.push({ start, end: start + entryLines(tree, first.entry, 0).length, text })
  }
  const fieldsMoved = moving.map(({ entry }) => entry.key).join(', ')
  const where = [...path, first.entry.key]
  return draft(where, start, splices, `${fieldsMoved}: moved into ${record}`)
}

function inFlowRecord(tree: Tree, entry: Entry, field: string): string {
  const name = written(tree, field, true)
  return name + tree.text.slice(endOf(entry.keyNode), tree.endOf(entry))
}

/** With the comment behind it. */
function inBlockRecord(tree: Tree, entry: Entry, field: string, step: number): string {
  const lines = entryLines(tree, entry, step)
  return field + lines.slice(endOf(entry.keyNode) - startOf(entry.keyNode))
}

/** The value as it is written, if it is on one line. */
function valueText(tree: Tree, entry: Entry): string | null {
  const text = tree.text.slice(endOf(entry.keyNode), tree.endOf(entry)).replace(/^\s*:\s*/, '')
  return /[\n\r]/.test(text) || text === '' ? null : text
}

function areSame(tree: Tree, one: Entry, other: Entry): boolean {
  const [a, b] = [tree.textOf(one.raw), tree.textOf(other.raw)]
  return a !== undefined && a === b
}

/** How far a map is indented below the key it belongs to. */
export function stepOf(tree: Tree, above: Entry, map: YAMLMap): number {
  const first = tree.entries(map)[0]
  if (map.flow === true || first === undefined) return 2
  const step = tree.columnOf(startOf(first.keyNode)) - tree.columnOf(startOf(above.keyNode))
  return step > 0 && step <= 8 ? step : 2
}
