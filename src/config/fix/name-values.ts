// The transformers' lists of `name:value` texts, written as maps or as lists of maps: `- X-A: b` becomes `- "X-A:b"`.
import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { DocumentPath } from '../places.js'
import { pluginConfigs } from './entities.js'
import { draft, type Draft, type Fixer } from './fix.js'
import type { Splice } from './splice.js'
import { endOf, startOf, type Entry, type Tree } from './tree.js'

const PLUGINS = new Set([
  'request-transformer',
  'request-transformer-advanced',
  'response-transformer',
  'response-transformer-advanced',
])
const ACTIONS = ['add', 'append', 'replace', 'rename', 'remove']
const PARTS = ['headers', 'querystring', 'body', 'json']
/** `$name` or `${name}`; `$(…)` is a template of Kong's, which does work. */
const VARIABLE = /\$\{?[A-Za-z_]/

interface Pair {
  readonly name: string
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Place {
  readonly action: string
  readonly raw: Node
  readonly path: DocumentPath
}

export const fixNameValues: Fixer = (tree) => {
  const places = placesIn(tree)
  const known = new Set<Node>(places.map(({ raw }) => raw))
  return places.flatMap((place) => fixPlace(tree, place, known))
}

function placesIn(tree: Tree): Place[] {
  return pluginConfigs(tree)
    .filter(({ name }) => PLUGINS.has(name))
    .flatMap((config) =>
      ACTIONS.flatMap((action) => {
        const map = tree.mapAt(config.fields.get(action)?.raw)
        const fields = map && tree.fields(map)
        return PARTS.flatMap((part) => {
          const raw = fields?.get(part)?.raw
          return raw ? [{ action, raw, path: [...config.path, action, part] }] : []
        })
      }),
    )
}

/** @param known all places where such a list is wanted */
function fixPlace(tree: Tree, place: Place, known: ReadonlySet<Node>): Draft[] {
  const { action, path } = place
  const list = tree.resolve(place.raw)
  if (isMap(list)) {
    // With an anchor it may serve others, who want a map.
    const isOurs = tree.aliasesOf(list).every((alias) => known.has(alias))
    return isOurs ? fixMap(tree, action, list, path) : []
  }
  if (!isSeq(list)) return []
  return list.items.flatMap((item, index) => {
    // An alias would be rewritten at its anchor, which may be something else's map.
    if (!isMap(item) || tree.hasAnchor(item)) return []
    return fixItem(tree, action, list, item, [...path, index])
  })
}

/** `headers: {X-A: b}`, in either style, becomes a list. */
function fixMap(tree: Tree, action: string, map: YAMLMap, path: DocumentPath): Draft[] {
  const pairs = pairsOf(tree, action, map)
  if (pairs === null || pairs.length === 0) return []
  const lines = pairs.map(({ start, end, text }) => ({ start, end, text }))
  const isFlow = map.flow === true
  const splices: Splice[] = isFlow
    ? [
        { start: startOf(map), end: startOf(map) + 1, text: '[' },
        ...lines,
        { start: endOf(map) - 1, end: endOf(map), text: ']' },
      ]
    : lines.map((line) => ({ ...line, text: `- ${line.text}` }))
  return draft(path, startOf(map), splices, ...said(pairs))
}

/** `- X-A: b` in a list of texts. */
function fixItem(
  tree: Tree,
  action: string,
  list: YAMLSeq,
  item: YAMLMap,
  path: DocumentPath,
): Draft[] {
  const pairs = namedPair(tree, item) ?? pairsOf(tree, action, item)
  if (pairs === null || pairs.length === 0) return []
  return draft(path, startOf(item), itemSplices(tree, list, item, pairs), ...said(pairs))
}

function itemSplices(
  tree: Tree,
  list: YAMLSeq,
  item: YAMLMap,
  pairs: readonly Pair[],
): Splice[] | null {
  const texts = pairs.map(({ text }) => text)
  const [start, end] = [startOf(item), tree.endOfNode(item)]
  if (list.flow === true) return [{ start, end, text: texts.join(', ') }]
  const indent = tree.text.slice(tree.lineStart(start), start)
  if (item.flow === true || pairs.length < item.items.length) {
    return [{ start, end, text: texts.join(`${tree.eol}${indent}`) }]
  }
  // `- X-A: b` with `X-B: c` below: each line becomes an item, with the comment behind it.
  if (!/^ *- +$/.test(indent)) return null
  return pairs.map(({ start: from, end: to, text }, index) =>
    index === 0
      ? { start: from, end: to, text }
      : { start: tree.lineStart(from), end: to, text: indent + text },
  )
}

/** `- name: X-A` with `value: b`, as Kubernetes has it. */
function namedPair(tree: Tree, item: YAMLMap): Pair[] | null {
  const entries = tree.entries(item)
  const [name, value] = ['name', 'value'].map((key) => entries.find((entry) => entry.key === key))
  if (name === undefined || value === undefined || item.items.length !== 2) return null
  const [key, text] = [name, value].map((entry) => tree.textOf(entry.raw))
  if (key === undefined || text === undefined || /[\n\r]/.test(key + text)) return null
  // A comment between the two would be lost.
  const within = tree.text.slice(startOf(item), tree.endOfNode(item))
  if (within.includes('#')) return null
  return [{ name: key, text: quoted(`${key}:${text}`), start: startOf(item), end: endOf(item) }]
}

/** Null when one of them is more than a name and a plain value. */
function pairsOf(tree: Tree, action: string, map: YAMLMap): Pair[] | null {
  const entries = tree.entries(map)
  if (entries.length < map.items.length) return null
  const pairs = entries.map((entry) => pairOf(tree, action, entry))
  return pairs.every((pair) => pair !== null) ? pairs : null
}

function pairOf(tree: Tree, action: string, entry: Entry): Pair | null {
  if (entry.raw !== null && tree.hasAnchor(entry.raw)) return null
  const value = tree.resolve(entry.raw)
  const isEmpty = value === null || tree.scalarAt(value)?.value === null
  const text = tree.textOf(value)
  // `remove` takes names; with a value it is anyone's guess what was meant.
  if (action === 'remove' ? !isEmpty && text !== '' : text === undefined || text === '') return null
  const written = action === 'remove' ? entry.key : `${entry.key}:${text ?? ''}`
  if (/[\n\r]/.test(written)) return null
  const [start, end] = [startOf(entry.keyNode), tree.endOf(entry)]
  // An empty value ends before its colon does.
  const colon = isEmpty ? tree.text.indexOf(':', endOf(entry.keyNode)) + 1 : 0
  return { name: entry.key, text: quoted(written), start, end: Math.max(end, colon) }
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function said(pairs: readonly Pair[]): [message: string, note?: string] {
  const names = pairs.map(({ name }) => name).join(', ')
  const message = `${names}: written as 'name:value' text`
  const holdsVariable = pairs.some(({ text }) => VARIABLE.test(text))
  if (!holdsVariable) return [message]
  const note =
    'it holds a variable such as $remote_addr: Kong expands none here and sends the text as it stands'
  return [message, note]
}
