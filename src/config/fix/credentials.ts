// Credentials under the names of tutorials: `credentials:` lists, `key-auth:` under a consumer, and plugins of a consumer
// that hold what belongs into a credential.
import { isMap, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { CollectionName } from '../entities/collection.js'
import { entities, type Entity } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import type { Splice } from './splice.js'
import { endOf, startOf, type Entry, type Tree } from './tree.js'
import { entryLines, removeEntry, removeItem, renameKey, written } from './writer.js'

type CredentialName = Extract<
  CollectionName,
  | 'keyauth_credentials'
  | 'basicauth_credentials'
  | 'hmacauth_credentials'
  | 'jwt_secrets'
  | 'oauth2_credentials'
  | 'acls'
>

interface Kind {
  readonly collection: CredentialName
  /** Names people give it, in small letters without hyphens and the like. */
  readonly names: readonly string[]
  /** What tells it from the others, any of them, and what it may have besides. */
  readonly marks: readonly string[]
  readonly fields: readonly string[]
}

/** The first whose marks are there and which knows all fields. */
const KINDS: readonly Kind[] = [
  {
    collection: 'jwt_secrets',
    names: ['jwt', 'jwts', 'jwtcredential', 'jwtcredentials', 'jwtsecret', 'jwtsecrets', 'jwtauth'],
    marks: ['algorithm', 'rsa_public_key', 'secret'],
    fields: ['key'],
  },
  {
    collection: 'keyauth_credentials',
    names: ['keyauth', 'keyauths', 'keyauthcredential', 'keyauthcredentials', 'apikey', 'apikeys'],
    marks: ['key'],
    fields: ['ttl'],
  },
  {
    collection: 'basicauth_credentials',
    names: ['basicauth', 'basicauths', 'basicauthcredential', 'basicauthcredentials'],
    marks: ['password'],
    fields: ['username'],
  },
  {
    collection: 'hmacauth_credentials',
    names: ['hmacauth', 'hmacauths', 'hmacauthcredential', 'hmacauthcredentials'],
    marks: ['secret'],
    fields: ['username'],
  },
  {
    collection: 'oauth2_credentials',
    names: ['oauth2', 'oauth2credential', 'oauth2credentials'],
    marks: ['client_id', 'client_secret', 'redirect_uris'],
    fields: ['name', 'hash_secret', 'client_type'],
  },
  {
    collection: 'acls',
    names: ['acl', 'acls', 'aclgroup', 'aclgroups'],
    marks: ['group'],
    fields: [],
  },
]
const COMMON_FIELDS = ['id', 'tags', 'created_at']
/** Fields that say what an entry of `credentials` is. */
const TYPE_FIELDS = ['type', 'plugin', 'name', 'auth']

export const fixCredentials: Fixer = (tree) =>
  entities(tree, 'consumers').flatMap((consumer) => [
    ...renameFields(tree, consumer),
    ...fixList(tree, consumer),
    ...fixPlugins(tree, consumer),
  ])

function kindNamed(text: string | undefined): Kind | undefined {
  const plain = text?.toLowerCase().replace(/[^a-z0-9]/g, '') ?? ''
  return KINDS.find(({ names }) => names.includes(plain))
}

/** By its fields; undefined unless they all belong to one kind. */
function kindOf(fields: readonly string[]): Kind | undefined {
  return KINDS.find(
    (kind) =>
      kind.marks.some((mark) => fields.includes(mark)) &&
      fields.every((field) => [...kind.marks, ...kind.fields, ...COMMON_FIELDS].includes(field)),
  )
}

/** `key-auth: [{key: …}]` under a consumer. */
function renameFields(tree: Tree, { fields, path }: Entity): Draft[] {
  return [...fields].flatMap(([name, entry]) => {
    const kind = kindNamed(name)
    if (kind === undefined || name === kind.collection || fields.has(kind.collection)) return []
    const splices = renameKey(tree, entry, kind.collection)
    if (splices === null) return []
    const at = startOf(entry.keyNode)
    const message = `renamed to ${kind.collection}`
    if (tree.seqAt(entry.raw) !== null) return draft([...path, name], at, splices, message)
    const wrapped = oneInList(tree, entry)
    if (wrapped === null) return []
    return draft([...path, name], at, [...splices, ...wrapped], `${message}, and made a list`)
  })
}

/** A map becomes the one item of a list. */
function oneInList(tree: Tree, entry: Entry): Splice[] | null {
  const map = entry.raw
  if (!isMap(map) || tree.hasAnchor(map)) return null
  const start = startOf(map)
  const end = tree.endOfNode(map)
  if (map.flow === true) {
    return [
      { start, end: start, text: '[' },
      { start: end, end, text: ']' },
    ]
  }
  if (!tree.ownsLine(start)) return null
  const text = tree.text.slice(start, end).replace(/\n(?=[^\r\n])/g, '\n  ')
  return [{ start, end, text: `- ${text}` }]
}

/** One credential of a `credentials` list: what it is, and what is in the way. */
interface Item {
  readonly node: YAMLMap
  readonly kind: Kind
  /** Says what it is, which the list then does. */
  readonly type: Entry | undefined
}

function fixList(tree: Tree, { fields, path }: Entity): Draft[] {
  const entry = fields.get('credentials')
  const seq = tree.seqAt(entry?.raw)
  if (entry === undefined || seq === null || seq !== entry.raw || seq.items.length === 0) return []
  const items = seq.items.map((item) => itemOf(tree, item as Node))
  if (!items.every((item) => item !== null)) return []
  const kinds = new Set(items.map(({ kind }) => kind))
  if ([...kinds].some(({ collection }) => fields.has(collection))) return []
  const at = startOf(entry.keyNode)
  const [first] = kinds
  if (first === undefined) return []
  const names = [...kinds].map(({ collection }) => collection).join(', ')
  const splices =
    kinds.size === 1 ? inPlace(tree, entry, items, first) : regrouped(tree, entry, seq, items)
  const note = items.some(({ type }) => type === undefined)
    ? 'told by the fields of the entries'
    : undefined
  return draft([...path, 'credentials'], at, splices, `now ${names}`, note)
}

function itemOf(tree: Tree, node: Node): Item | null {
  if (!isMap(node)) return null
  const fields = tree.fields(node)
  for (const name of TYPE_FIELDS) {
    const entry = fields.get(name)
    const kind = kindNamed(tree.textOf(entry?.raw))
    if (kind === undefined || entry?.owner !== node) continue
    // An application of OAuth may well be named after it.
    const isOwnField = kind.fields.includes(name)
    return { node: node, kind, type: isOwnField ? undefined : entry }
  }
  const kind = kindOf([...fields.keys()])
  return kind === undefined ? null : { node: node, kind, type: undefined }
}

function inPlace(tree: Tree, entry: Entry, items: readonly Item[], kind: Kind): Splice[] | null {
  const renamed = renameKey(tree, entry, kind.collection)
  const untyped = items.map(({ type }) => (type === undefined ? [] : removeEntry(tree, type)))
  if (renamed === null || untyped.some((splices) => splices === null)) return null
  return [...renamed, ...untyped.flatMap((splices) => splices ?? [])]
}

/** Several kinds in one list: a list for each, in the order in which they come. */
function regrouped(
  tree: Tree,
  entry: Entry,
  seq: YAMLSeq,
  items: readonly Item[],
): Splice[] | null {
  const end = tree.endOf(entry)
  if (seq.flow === true || entry.owner.flow === true || tree.hasAnchor(seq)) return null
  const column = tree.columnOf(startOf(entry.keyNode))
  const from = startOf(seq)
  const dash = ' '.repeat(tree.columnOf(from))
  const groups = new Map<Kind, string[]>()
  for (const { node, kind, type } of items) {
    const entries = tree.entries(node).filter((field) => field.keyNode !== type?.keyNode)
    if (entries.length < node.items.length - (type === undefined ? 0 : 1)) return null
    const lines = node.flow === true ? flowItem(tree, entries) : blockItem(tree, entries, dash)
    groups.set(kind, [...(groups.get(kind) ?? []), `${dash}- ${lines}`])
  }
  // Comments would have to follow the item they are about.
  if (tree.text.slice(endOf(entry.keyNode), end).includes('#')) return null
  const lists = [...groups].map(([{ collection }, lines]) =>
    [`${collection}:`, ...lines].join(tree.eol),
  )
  const text = lists.join(tree.eol + ' '.repeat(column))
  return [{ start: startOf(entry.keyNode), end, text }]
}

function flowItem(tree: Tree, entries: readonly Entry[]): string {
  const parts = entries.map((entry) => tree.text.slice(startOf(entry.keyNode), tree.endOf(entry)))
  return `{${parts.join(', ')}}`
}

/** @param indent of the dash in front of it */
function blockItem(tree: Tree, entries: readonly Entry[], indent: string): string {
  const column = indent.length + 2
  const lines = entries.map((entry) =>
    entryLines(tree, entry, column - tree.columnOf(startOf(entry.keyNode))),
  )
  return lines.join(`${tree.eol}${' '.repeat(column)}`)
}

/** `plugins: [{name: key-auth, config: {key: …}}]` under a consumer, where key-auth itself cannot be. */
function fixPlugins(tree: Tree, { fields, path }: Entity): Draft[] {
  const plugins = fields.get('plugins')
  const seq = tree.seqAt(plugins?.raw)
  if (plugins === undefined || seq === null || seq !== plugins.raw) return []
  return seq.items.flatMap((node, index) => {
    const item = tree.mapAt(node as Node)
    const entries = item && tree.fields(item)
    const kind = kindNamed(tree.textOf(entries?.get('name')?.raw))
    const config = entries?.get('config')?.raw
    if (!entries || !kind || !isMap(config) || fields.has(kind.collection)) return []
    const known = tree.fields(config)
    const isCredential = kindOf([...known.keys()]) === kind && entries.size === 2
    if (!isCredential || tree.hasAnchor(node as Node)) return []
    const splices = toCredential(tree, plugins, seq, node as Node, kind, [...known.values()])
    const message = `now ${kind.collection} of the consumer: a plugin holds no credentials`
    return draft([...path, 'plugins', index], startOf(node as Node), splices, message)
  })
}

function toCredential(
  tree: Tree,
  plugins: Entry,
  seq: YAMLSeq,
  node: Node,
  kind: Kind,
  entries: readonly Entry[],
): Splice[] | null {
  const start = startOf(plugins.keyNode)
  if (tree.isInFlow(plugins.keyNode) || !tree.opensLine(start)) return null
  const isLast = seq.items.length === 1
  const end = tree.endOf(plugins)
  if (tree.text.slice(startOf(node), tree.endOfNode(node)).includes('#')) return null
  const indent = ' '.repeat(tree.columnOf(start))
  const inFlow = entries[0]?.owner.flow === true
  const lines = inFlow ? flowItem(tree, entries) : blockItem(tree, entries, `${indent}  `)
  const list = `${written(tree, kind.collection, false)}:${tree.eol}${indent}  - ${lines}`
  if (isLast) return [{ start, end, text: list }]
  const removed = removeItem(tree, seq, node)
  return removed && [{ start, end: start, text: `${list}${tree.eol}${indent}` }, ...removed]
}
