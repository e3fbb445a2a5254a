// A regular expression as a tree, whatever dialect it was written in, and what can be told from it.
import { foldsOf } from './regex-class.js'

/** A group whose text is kept. */
export interface Capture {
  /** From 1; groups of PCRE's branch reset share one. */
  readonly number: number
  readonly name: string | null
}

export type LookAround = '(?=' | '(?!' | '(?<=' | '(?<!'

export type RegexNode =
  /** One character; `fold` when its case does not count. */
  | { readonly kind: 'literal'; readonly char: string; readonly fold: boolean }
  /** A class or an assertion such as `^`, in JavaScript's syntax. */
  | { readonly kind: 'class' | 'assertion'; readonly source: string }
  | { readonly kind: 'group'; readonly capture: Capture | null; readonly body: RegexNode }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly RegexNode[] }
  /** @property mark `*`, `+?`, `{2,3}` ... */
  | {
      readonly kind: 'repeat'
      readonly item: RegexNode
      readonly min: number
      readonly mark: string
    }
  /** From here on what only PCRE has. */
  | { readonly kind: 'look'; readonly open: LookAround; readonly body: RegexNode }
  /** Once it has matched, no other way through it is tried. */
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  /** The text of a group that has taken part for certain. */
  | { readonly kind: 'reference'; readonly number: number }

/** The nodes right below. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'literal':
    case 'class':
    case 'assertion':
    case 'reference':
      return []
    case 'group':
    case 'look':
    case 'atomic':
      return [node.body]
    case 'sequence':
    case 'choice':
      return node.items
    case 'repeat':
      return [node.item]
  }
}

/** Whether it is regular in the strict sense, and so can be matched in linear time. */
export function isRegular(node: RegexNode): boolean {
  const { kind } = node
  if (kind === 'look' || kind === 'atomic' || kind === 'reference') return false
  return childrenOf(node).every(isRegular)
}

/** @param mark as `*`, `+?` or `{2,3}` */
export function maxOf(mark: string): number {
  if (mark.startsWith('?')) return 1
  const [, from = '', comma = '', to = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(mark) ?? []
  if (from === '' || (comma !== '' && to === '')) return Infinity
  return Number(comma === '' ? from : to)
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
    case 'reference':
      return UNKNOWN
    case 'assertion':
    case 'look':
      return { text: '', whole: true }
    case 'group':
    case 'atomic':
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

/**
 * Whether it can match without taking a character.
 * @param everywhere at every place, so without an assertion
 */
export function isNullable(node: RegexNode, everywhere = false): boolean {
  const isNullableToo = (child: RegexNode): boolean => isNullable(child, everywhere)
  switch (node.kind) {
    case 'literal':
    case 'class':
      return false
    case 'assertion':
    case 'look':
    case 'reference':
      return !everywhere
    case 'group':
    case 'atomic':
      return isNullableToo(node.body)
    case 'sequence':
      return node.items.every(isNullableToo)
    case 'choice':
      return node.items.some(isNullableToo)
    case 'repeat':
      return node.min === 0 || isNullableToo(node.item)
  }
}
