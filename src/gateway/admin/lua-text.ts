// Lua tables as text, as Penlight's pretty.write prints them: Kong's messages hold some.
import { nameOf, type FaultBranch, type FaultTree } from './fault-tree.js'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and break do else elseif end false for function if in local nil not or repeat return then ' +
    'true until while'
  ).split(' '),
)

/** On one line, as in `{services={{host="required field missing"}}}`. */
export function luaLine(tree: FaultTree): string {
  if (typeof tree === 'string') return quoted(tree)
  return `{${entriesOf(tree)
    .map(([key, below]) => (key === null ? luaLine(below) : `${key}=${luaLine(below)}`))
    .join(',')}}`
}

/** On a line for each entry, two spaces deeper than what is around it. */
export function luaBlock(tree: FaultTree, indent = ''): string {
  if (typeof tree === 'string') return quoted(tree)
  const deeper = `${indent}  `
  const lines = entriesOf(tree).map(([key, below]) => {
    const text = luaBlock(below, deeper)
    return `${deeper}${key === null ? text : `${key} = ${text}`}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

/** First what a list has from its beginning on, without keys; then names in order; then the other indexes. */
function entriesOf(tree: FaultBranch): [key: string | null, below: FaultTree][] {
  const list: [null, FaultTree][] = []
  for (let below = tree.get(0); below !== undefined; below = tree.get(list.length)) {
    list.push([null, below])
  }
  const named: [string, FaultTree][] = []
  const indexed: [string, FaultTree][] = []
  for (const [key, below] of tree) {
    if (typeof key === 'string') named.push([key, below])
    else if (key > list.length) indexed.push([`[${nameOf(key)}]`, below])
  }
  named.sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    ...list,
    ...named.map(([key, below]): [string, FaultTree] => [keyText(key), below]),
    ...indexed,
  ]
}

function keyText(key: string): string {
  return IDENTIFIER.test(key) && !KEYWORDS.has(key) ? key : `[${quoted(key)}]`
}

/** Long brackets for several lines and for what looks like such brackets; else a text in double quotes. */
function quoted(text: string): string {
  const levels = [...`${text}]`.matchAll(/([[\]])(=*)\1/g)].map(([, , signs = '']) => signs.length)
  if ((text.includes('\n') || levels.length > 0) && !text.includes('\r')) {
    const signs = '='.repeat(levels.length === 0 ? 0 : Math.max(...levels) + 1)
    return `[${signs}[${text.startsWith('\n') ? '\n' : ''}${text}]${signs}]`
  }
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0')
  return `"${escaped}"`
}
