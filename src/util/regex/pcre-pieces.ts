// Small pieces of PCRE's syntax: flags, quantifiers, and how long a match can be.
import { LAST_LINE_END } from './regex-class.js'
import { childrenOf, maxOf, type RegexNode } from './regex-tree.js'
import type { TextReader } from './text-reader.js'

export interface Flags {
  /** Case does not count. */
  readonly i: boolean
  /** `^` and `$` match at line breaks too. */
  readonly m: boolean
  /** Parentheses without a name keep nothing. */
  readonly n: boolean
  /** A dot matches a line feed too. */
  readonly s: boolean
  /** Blanks and comments do not count. */
  readonly x: boolean
  /** Nor do blanks in classes. */
  readonly xx: boolean
  /** Several groups may have one name. */
  readonly J: boolean
  /** Greedy and lazy change places. */
  readonly U: boolean
}

export const NO_FLAGS: Flags = {
  i: false,
  m: false,
  n: false,
  s: false,
  x: false,
  xx: false,
  J: false,
  U: false,
}

const FLAGS = /\?(?:(\^)([imnsxJU]*)|([imnsxJU]*)(?:-([imnsxJU]*))?)([:)])/y
const SIMPLE = /[*+?]/y
const COUNTED = /\{[ \t]*(?:(\d+)[ \t]*(?:(,)[ \t]*(\d*)[ \t]*)?|(,)[ \t]*(\d+)[ \t]*)\}/y
const MAX_COUNT = 65_535

/** Reads `?i-s:` or `?i-s)`. */
export function readFlags(
  text: TextReader,
  before: Flags,
): { readonly flags: Flags; readonly end: string } {
  const found = text.match(FLAGS)
  if (found === null) {
    return /^\?[\^\w-]*$/.test(text.text.slice(text.offset))
      ? text.fail('missing closing parenthesis')
      : text.fail('unrecognized character after (? or (?-')
  }
  const [, reset, afterReset = '', on = afterReset, off = '', end = ''] = found
  const { J, U } = before
  const flags = reset === undefined ? { ...before } : { ...NO_FLAGS, J, U }
  for (const flag of on) if (isFlag(flag)) flags[flag] = true
  for (const flag of off) if (isFlag(flag)) flags[flag] = false
  if (on.includes('x')) flags.xx = on.includes('xx')
  if (off.includes('x')) flags.xx = false
  return { flags, end }
}

function isFlag(letter: string): letter is Exclude<keyof Flags, 'xx'> {
  return Object.hasOwn(NO_FLAGS, letter)
}

/** @param moves whether to go past it; null where none stands */
export function readRepetition(
  text: TextReader,
  moves: boolean,
): { readonly min: number; readonly mark: string } | null {
  const found = text.match(SIMPLE) ?? text.match(COUNTED)
  if (found === null) return null
  const [mark, from = '0', comma = '', to = '', leading = '', atMost = ''] = found
  if (!moves) text.skip(-mark.length)
  if (mark.length === 1) return { min: mark === '+' ? 1 : 0, mark }
  const min = Number(from)
  const last = to + atMost
  if (Math.max(min, Number(last)) > MAX_COUNT) text.fail('number too big in {} quantifier')
  if (last !== '' && Number(last) < min) text.fail('numbers out of order in {} quantifier')
  return { min, mark: `{${min}${comma + leading}${last}}` }
}

/** Escapes that stand for a place, in JavaScript's syntax. */
export const EDGES: Readonly<Record<string, string>> = {
  A: '^',
  B: '\\B',
  Z: LAST_LINE_END,
  b: '\\b',
  z: '$',
}

/** The most characters that it can match. */
export function lengthOf(node: RegexNode): number {
  switch (node.kind) {
    case 'literal':
    case 'class':
      return 1
    case 'assertion':
    case 'look':
      return 0
    case 'reference':
      return Infinity
    case 'repeat': {
      const length = lengthOf(node.item)
      return length === 0 ? 0 : length * maxOf(node.mark)
    }
    case 'choice':
      return Math.max(...node.items.map(lengthOf))
    case 'group':
    case 'atomic':
    case 'sequence':
      return childrenOf(node).reduce((sum, child) => sum + lengthOf(child), 0)
  }
}

/** `\R`: a carriage return gives its line feed never back. */
export const LINE_BREAK: RegexNode = {
  kind: 'atomic',
  body: {
    kind: 'choice',
    items: [
      {
        kind: 'sequence',
        items: ['\r', '\n'].map((char) => ({ kind: 'literal', char, fold: false })),
      },
      { kind: 'class', source: '[\\n\\v\\f\\r\\x85\\u2028\\u2029]' },
    ],
  },
}
