// A regular expression as a tree, and what can be told from it: its JavaScript source and its literal beginning.
import { foldsOf } from './regex-class.js'

export type RegexNode =
  /** One character; `fold` when its case does not count. */
  | { readonly kind: 'literal'; readonly char: string; readonly fold: boolean }
  /** A class or an assertion such as `^`, in JavaScript's syntax. */
  | { readonly kind: 'class' | 'assertion'; readonly source: string }
  /** @property open `(`, `(?:` or `(?<name>` */
  | { readonly kind: 'group'; readonly open: string; readonly body: RegexNode }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly RegexNode[] }
  /** @property mark `*`, `+?`, `{2,3}` ... */
  | {
      readonly kind: 'repeat'
      readonly item: RegexNode
      readonly min: number
      readonly mark: string
    }

const SYNTAX_CHARACTER = /[\^$\\.*+?()[\]{}|/]/

/** The source of the tree for a RegExp with flag `v`. */
export function emitRegex(node: RegexNode): string {
  switch (node.kind) {
    case 'literal':
      return emitLiteral(node.char, node.fold)
    case 'class':
    case 'assertion':
      return node.source
    case 'group':
      return `${node.open}${emitRegex(node.body)})`
    case 'sequence':
      return node.items.map(emitItem).join('')
    case 'choice':
      return node.items.map(emitRegex).join('|')
    case 'repeat':
      return emitRepeated(node.item) + node.mark
  }
}

function emitLiteral(char: string, fold: boolean): string {
  const escaped = SYNTAX_CHARACTER.test(char) ? `\\${char}` : char
  const others = fold ? foldsOf(char) : []
  return others.length === 0 ? escaped : `[${char}${others.join('')}]`
}

function emitItem(node: RegexNode): string {
  return node.kind === 'choice' ? `(?:${emitRegex(node)})` : emitRegex(node)
}

function emitRepeated(node: RegexNode): string {
  const isOneAtom = node.kind === 'literal' || node.kind === 'class' || node.kind === 'group'
  return isOneAtom ? emitRegex(node) : `(?:${emitRegex(node)})`
}

/** The text that every match must begin with. */
export function literalPrefix(node: RegexNode): string {
  return beginning(node).text
}

interface Beginning {
  readonly text: string
  /** Whether the text is all that the node can match, so that what follows in the pattern follows the text. */
  readonly whole: boolean
}

const UNKNOWN: Beginning = { text: '', whole: false }

function beginning(node: RegexNode): Beginning {
  switch (node.kind) {
    case 'literal':
      return node.fold && foldsOf(node.char).length > 0 ? UNKNOWN : { text: node.char, whole: true }
    case 'class':
      return UNKNOWN
    case 'assertion':
      return { text: '', whole: true }
    case 'group':
      return beginning(node.body)
    case 'sequence':
      return beginningOfSequence(node.items)
    case 'choice':
      return { text: node.items.map(literalPrefix).reduce(commonPrefix), whole: false }
    case 'repeat':
      return node.min === 0 ? UNKNOWN : { text: literalPrefix(node.item), whole: false }
  }
}

function beginningOfSequence(items: readonly RegexNode[]): Beginning {
  let text = ''
  for (const item of items) {
    const next = beginning(item)
    text += next.text
    if (!next.whole) return { text, whole: false }
  }
  return { text, whole: true }
}

function commonPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}
