// How a fixer writes: values in the quotes they had, entries added and taken out in the style around them. Every
// function returns splices, or null where the layout is one it does not know; then the fix is left to people.
import { isMap, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { parseYaml, SyntaxFault } from '../yaml/yaml.js'
import type { Splice } from './splice.js'
import { endOf, startOf, type Entry, type Tree } from './tree.js'

/** Text as a value (or key): plain where YAML reads it back as the same text, else in double quotes. */
export function written(tree: Tree, text: string, inFlow: boolean): string {
  return !tree.isJson && isPlain(text, inFlow) ? text : JSON.stringify(text)
}

function isPlain(text: string, inFlow: boolean): boolean {
  // Beyond what the reader says: what starts like a block, a comment or another entry.
  if (text === '' || /[\n\r\t]|^[\s?:-]|\s$|: |:$| #/.test(text)) return false
  try {
    const { value: read } = parseYaml(inFlow ? `[${text}]` : `- ${text}`)
    return Array.isArray(read) && read.length === 1 && read[0] === text
  } catch (error) {
    if (error instanceof SyntaxFault) return false
    throw error
  }
}

/** Another text in place of a scalar, in its own kind of quotes. */
export function rewriteScalar(tree: Tree, node: Scalar, text: string): Splice[] | null {
  const [start, end] = [startOf(node), endOf(node)]
  switch (node.type) {
    case 'QUOTE_SINGLE':
      return [{ start, end, text: `'${text.replaceAll("'", "''")}'` }]
    case 'QUOTE_DOUBLE':
      return [{ start, end, text: JSON.stringify(text) }]
    case 'PLAIN':
      return [{ start, end, text: written(tree, text, tree.isInFlow(node)) }]
    default:
      return null
  }
}

export function renameKey(tree: Tree, { keyNode }: Entry, key: string): Splice[] | null {
  return rewriteScalar(tree, keyNode, key)
}

/** Takes an entry out of its map, with its lines and the comment behind it. */
export function removeEntry(tree: Tree, entry: Entry): Splice[] | null {
  const { owner, keyNode } = entry
  const start = startOf(keyNode)
  const end = tree.endOf(entry)
  if (owner.flow === true) return removeFromFlow(tree, owner, start, end)
  if (owner.items.length === 1) return [{ start, end, text: '{}' }]
  if (tree.ownsLine(start)) {
    return [{ start: tree.lineStart(start), end: tree.lineEnd(end), text: '' }]
  }
  if (!tree.opensLine(start)) return null
  // It shares its line with the dash of a list, which the next entry then takes over.
  const next = skipBlank(tree.text, tree.lineEnd(end))
  const isNextEntry = tree.columnOf(next) === tree.columnOf(start) && tree.text[next] !== '#'
  return isNextEntry ? [{ start, end: next, text: '' }] : null
}

/** Takes an item out of a list. */
export function removeItem(tree: Tree, seq: YAMLSeq, item: Node): Splice[] | null {
  const start = startOf(item)
  const end = tree.endOfNode(item)
  if (seq.flow === true) return removeFromFlow(tree, seq, start, end)
  const from = tree.lineStart(start)
  if (!/^ *- *$/.test(tree.text.slice(from, start)) || seq.items.length === 1) return null
  return [{ start: from, end: tree.lineEnd(end), text: '' }]
}

/** Goes with the comma in front of it, or the one behind when it is the first. */
function removeFromFlow(
  tree: Tree,
  collection: YAMLMap | YAMLSeq,
  start: number,
  end: number,
): Splice[] | null {
  const spans = spansOf(tree, collection)
  const index = spans.findIndex((span) => span.start === start)
  const [before, after] = [spans[index - 1], spans[index + 1]]
  const splice = before
    ? { start: before.end, end, text: '' }
    : { start, end: after?.start ?? end, text: '' }
  // A comment in between is about one of them, and nobody knows which.
  const gap = tree.text.slice(splice.start, start) + tree.text.slice(end, splice.end)
  return gap.includes('#') ? null : [splice]
}

function spansOf(tree: Tree, collection: YAMLMap | YAMLSeq): { start: number; end: number }[] {
  if (isMap(collection)) {
    return tree.entries(collection).map((entry) => ({
      start: startOf(entry.keyNode),
      end: tree.endOf(entry),
    }))
  }
  const items = collection.items as Node[]
  return items.map((item) => ({ start: startOf(item), end: tree.endOfNode(item) }))
}

/** Adds `key: value` behind the last entry of a map. */
export function appendEntry(tree: Tree, map: YAMLMap, key: string, value: string): Splice[] | null {
  const last = tree.entries(map).at(-1)
  const isFlow = map.flow === true
  const text = `${written(tree, key, isFlow)}: ${value}`
  if (isFlow) {
    if (last === undefined) {
      if (map.items.length > 0) return null
      return [{ start: startOf(map) + 1, end: startOf(map) + 1, text }]
    }
    return [{ start: tree.endOf(last), end: tree.endOf(last), text: `, ${text}` }]
  }
  return last === undefined ? null : insertLinesAfter(tree, last, text)
}

/**
 * Adds lines behind an entry of a block map.
 * @param text without indentation on its first line, nor a line break at its end
 */
export function insertLinesAfter(tree: Tree, entry: Entry, text: string): Splice[] {
  const at = tree.lineEnd(tree.endOf(entry))
  const indent = ' '.repeat(tree.columnOf(startOf(entry.keyNode)))
  const needsBreak = at > 0 && tree.text[at - 1] !== '\n'
  const line = needsBreak ? `${tree.eol}${indent}${text}` : `${indent}${text}${tree.eol}`
  return [{ start: at, end: at, text: line }]
}

/** Where the comment lines begin that stand right above an entry, as deep as it; else the entry's own line. */
export function commentsAbove(tree: Tree, entry: Entry): number {
  const key = startOf(entry.keyNode)
  const comment = `${' '.repeat(tree.columnOf(key))}#`
  let start = tree.lineStart(key)
  while (start > 0) {
    const above = tree.lineStart(start - 1)
    if (!tree.text.startsWith(comment, above)) break
    start = above
  }
  return start
}

/** An entry's text from its key to the end of its last line, its further lines moved by some columns. */
export function entryLines(tree: Tree, entry: Entry, shift: number): string {
  const start = startOf(entry.keyNode)
  const text = tree.text.slice(start, tree.lineEnd(tree.endOf(entry))).replace(/\r?\n$/, '')
  return indented(text, shift)
}

/** Moves all lines but the first to the right, or to the left where there is room. */
function indented(text: string, shift: number): string {
  if (shift >= 0) return text.replace(/\n(?=[^\r\n])/g, `\n${' '.repeat(shift)}`)
  return text.replace(new RegExp(`\\n {${-shift}}`, 'g'), '\n')
}

/** Puts brackets around a value that stands alone; at commas it becomes several items. */
export function wrapInList(tree: Tree, node: Scalar, items: readonly string[]): Splice[] | null {
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return null
  const text =
    items.length === 1
      ? asFlowItem(tree, node, items[0] ?? '')
      : items.map((item) => written(tree, item, true)).join(', ')
  return [{ start: startOf(node), end: endOf(node), text: `[${text}]` }]
}

/** A scalar's text as it may stand in `[…]`; its quotes stay. */
export function asFlowItem(tree: Tree, node: Scalar, text: string): string {
  if (node.type === 'PLAIN') return written(tree, text, true)
  return tree.text.slice(startOf(node), endOf(node))
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && /\s/.test(text[at] ?? '')) at++
  return at
}
