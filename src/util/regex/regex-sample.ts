// A text that a regular expression matches, and whether what follows such a text matters.
import { ANY } from './regex-class.js'
import { maxOf, type RegexNode } from './regex-tree.js'

/** Longer ones, which only counted repetitions of counted repetitions make, are of no use. */
const MAX_LENGTH = 512

const CANDIDATES = ['a', 'x', '1', 'A', '-', '.', '/', '_', '~', '%', ' ', 'é', '中', '😀']

/**
 * A short text that the pattern should match; assertions are not heeded, so try it. Null when none was found.
 * @param tree from the parser
 */
export function sampleOf(tree: RegexNode): string | null {
  switch (tree.kind) {
    case 'literal':
      return tree.char
    case 'class':
      return memberOf(tree.source)
    case 'assertion':
    case 'look':
      return ''
    case 'reference':
      return null
    case 'group':
    case 'atomic':
      return sampleOf(tree.body)
    case 'sequence':
      return joined(tree.items.map(sampleOf))
    case 'choice':
      return tree.items.map(sampleOf).find((sample) => sample !== null) ?? null
    case 'repeat': {
      if (tree.min === 0) return ''
      const sample = sampleOf(tree.item)
      if (sample === null || sample.length * tree.min > MAX_LENGTH) return null
      return sample.repeat(tree.min)
    }
  }
}

/** Thousands of paths have the same few classes, and compiling one takes longer than all the rest. */
const members = new Map<string, string | null>()
const MAX_MEMBERS = 1_000

function memberOf(source: string): string | null {
  const known = members.get(source)
  if (known !== undefined) return known
  const pattern = new RegExp(`^${source}$`, 'v')
  const named = Array.from(source).filter((char) => !/[\^\\[\]]/.test(char))
  const member = [...CANDIDATES, ...named].find((char) => pattern.test(char)) ?? null
  if (members.size >= MAX_MEMBERS) members.clear()
  members.set(source, member)
  return member
}

function joined(parts: readonly (string | null)[]): string | null {
  let text = ''
  for (const part of parts) {
    if (part === null) return null
    text += part
  }
  return text.length > MAX_LENGTH ? null : text
}

/**
 * Whether a pattern that matches a text also matches whatever begins with that text, where a match need not reach the
 * end. So it is without assertions but for one at the start, and for the end in `.*$`. There a line break would still
 * make a difference, which paths and headers do not have.
 */
export function isOpenEnded(tree: RegexNode): boolean {
  switch (tree.kind) {
    case 'literal':
    case 'class':
      return true
    case 'look':
    case 'atomic':
    case 'reference':
      return false
    case 'assertion':
      return tree.source === '^'
    case 'group':
      return isOpenEnded(tree.body)
    case 'repeat':
      return isOpenEnded(tree.item)
    case 'choice':
      return tree.items.every(isOpenEnded)
    case 'sequence': {
      const { items } = tree
      const end = items.at(-1)
      const before = items.at(-2)
      const endsAnywhere =
        end?.kind === 'assertion' && end.source === '$' && before !== undefined && isRest(before)
      return (endsAnywhere ? items.slice(0, -1) : items).every(isOpenEnded)
    }
  }
}

/** `.*`, `.+` and the like, also in a group. */
function isRest(node: RegexNode): boolean {
  if (node.kind === 'group') return isRest(node.body)
  if (node.kind === 'sequence') {
    const [only] = node.items
    return node.items.length === 1 && only !== undefined && isRest(only)
  }
  return node.kind === 'repeat' && maxOf(node.mark) === Infinity && isDot(node.item)
}

function isDot(node: RegexNode): boolean {
  return node.kind === 'class' && (node.source === '[^\\n]' || node.source === ANY)
}
