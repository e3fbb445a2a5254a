// Reads a regular expression in the dialect of Rust's regex crate, with the parts of PCRE that mean the same.
import {
  ANY,
  classCharacter,
  classRange,
  perlClass,
  posixClass,
  propertyClass,
  wordBoundary,
} from './regex-class.js'
import type { Capture, RegexNode } from './regex-tree.js'
import { TextReader } from './text-reader.js'

/** Rust's own limit (regex-syntax, nest_limit). */
const MAX_DEPTH = 250
/** Far below what V8 refuses only when a regex first runs. */
const MAX_LENGTH = 10_000

interface Flags {
  /** Case does not count. */
  readonly i: boolean
  /** `^` and `$` match at line breaks too. */
  readonly m: boolean
  /** A dot matches a line feed too. */
  readonly s: boolean
  /** Greedy and lazy change places. */
  readonly U: boolean
  /** Classes such as \w are Unicode's. */
  readonly u: boolean
  /** Blanks and comments do not count. */
  readonly x: boolean
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, U: false, u: true, x: false }

const ESCAPED_CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const COUNTED = /\{\s*(\d+)\s*(?:(,)\s*(\d*)\s*)?\}/y
const GROUP_NAME = /\?P?<([A-Za-z_]\w*)>/y
const GROUP_FLAGS = /\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y
const POSIX_NAME = /\[:(\^?)([a-z]+):\]/y
const PROPERTY = /\{(\^?)([\w=:!]+)\}|([A-Za-z])/y
const HEX_IN_BRACES = /\{([0-9A-Fa-f]+)\}/y
const BLANK_OR_COMMENT = /(?:\s|#[^\n]*)+/y
const EXTRA_REPETITION = /[+]/y

type Escape =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'class'; readonly source: string }

/** @throws Error that says what is wrong and where */
export function parseRegex(source: string): RegexNode {
  return new RegexParser(source).parse()
}

class RegexParser {
  readonly #text: TextReader
  #depth = 0
  #flags = NO_FLAGS
  #groups = 0
  readonly #groupNames = new Set<string>()

  constructor(source: string) {
    this.#text = new TextReader(source)
  }

  parse(): RegexNode {
    if (this.#text.text.length > MAX_LENGTH) this.#text.fail(`longer than ${MAX_LENGTH} characters`)
    const tree = this.#choice()
    if (!this.#text.isAtEnd) this.#text.fail('unopened group')
    return tree
  }

  #choice(): RegexNode {
    const options = [this.#sequence()]
    while (this.#text.eat('|')) options.push(this.#sequence())
    const [only] = options
    return only !== undefined && options.length === 1 ? only : { kind: 'choice', items: options }
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      this.#skipBlanks()
      const next = this.#text.peek()
      if (next === '' || next === '|' || next === ')') return { kind: 'sequence', items }
      const atom = this.#atom()
      if (atom !== null) items.push(this.#repetitions(atom))
    }
  }

  /** Null for what only sets flags. */
  #atom(): RegexNode | null {
    const char = this.#text.take()
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return { kind: 'class', source: this.#class() }
      case '.':
        return { kind: 'class', source: this.#flags.s ? ANY : '[^\\n]' }
      case '^':
        return { kind: 'assertion', source: this.#flags.m ? '(?<![^\\n])' : '^' }
      case '$':
        return { kind: 'assertion', source: this.#flags.m ? '(?![^\\n])' : '$' }
      case '\\':
        return this.#escapedAtom()
      case '*':
      case '+':
      case '?':
        return this.#text.fail('nothing to repeat before', char)
      case '{':
        return this.#text.fail('a literal { must be escaped')
      default:
        return { kind: 'literal', char, fold: this.#flags.i }
    }
  }

  #escapedAtom(): RegexNode {
    const next = this.#text.peek()
    const assertion = this.#escapedAssertion(next)
    if (assertion !== undefined) {
      this.#text.skip(1)
      if (next.toLowerCase() === 'b' && this.#text.peek() === '{')
        this.#text.fail('\\b{...} is not supported')
      return { kind: 'assertion', source: assertion }
    }
    const escape = this.#escape()
    return escape.kind === 'class'
      ? escape
      : { kind: 'literal', char: escape.char, fold: this.#flags.i }
  }

  #escapedAssertion(letter: string): string | undefined {
    switch (letter) {
      case 'A':
        return '^'
      case 'z':
        return '$'
      case 'b':
      case 'B':
        return wordBoundary(letter === 'B', this.#flags.u)
      default:
        return undefined
    }
  }

  // --- groups

  #group(): RegexNode | null {
    if (++this.#depth > MAX_DEPTH) this.#text.fail('groups are nested too deeply')
    const outer = this.#flags
    let capture: Capture | null = null
    if (this.#text.peek() === '?') {
      const name = this.#text.match(GROUP_NAME)?.[1]
      if (name !== undefined) capture = this.#namedGroup(name)
      else if (this.#groupFlags() === ')') {
        this.#depth--
        return null // they hold until the enclosing group ends
      }
    } else capture = { number: ++this.#groups, name: null }
    const body = this.#choice()
    if (!this.#text.eat(')')) this.#text.fail('unclosed group')
    this.#flags = outer
    this.#depth--
    return { kind: 'group', capture, body }
  }

  #namedGroup(name: string): Capture {
    if (this.#groupNames.has(name)) this.#text.fail('duplicate group name', name)
    this.#groupNames.add(name)
    return { number: ++this.#groups, name }
  }

  /** Sets what `(?i-s` says; returns what ends it, `:` or `)`. */
  #groupFlags(): string {
    const kind = this.#text.ahead(3)
    const found = this.#text.match(GROUP_FLAGS)
    if (found === null) {
      if (/^\?(?:[=!]|<[=!])/.test(kind)) this.#text.fail('look-around is not supported')
      return this.#text.fail('unknown kind of group')
    }
    const [, on = '', off = '', end = ''] = found
    const flags = { ...this.#flags }
    for (const flag of on + off) {
      if (!isFlag(flag)) return this.#text.fail('unknown flag', flag)
      flags[flag] = on.includes(flag)
    }
    this.#flags = flags
    return end
  }

  // --- repetition

  #repetitions(atom: RegexNode): RegexNode {
    let item = atom
    for (;;) {
      this.#skipBlanks()
      const repeated = this.#repetition(item)
      if (repeated === null) return item
      item = repeated
    }
  }

  #repetition(item: RegexNode): RegexNode | null {
    const simple = this.#text.peek()
    let min = simple === '+' ? 1 : 0
    let mark = simple
    if (simple === '*' || simple === '+' || simple === '?') this.#text.skip(1)
    else if (simple !== '{') return null
    else {
      const counted = this.#text.match(COUNTED)
      if (counted === null) return this.#text.fail('expected {n}, {n,} or {n,m}')
      const [, from = '', comma = '', to = ''] = counted
      min = Number(from)
      if (to !== '' && Number(to) < min) this.#text.fail('the repetition counts are out of order')
      mark = `{${from}${comma}${to}}`
    }
    const isLazy = this.#text.eat('?') !== this.#flags.U
    // In Rust `a*+` repeats a repetition, which for these two means no more than the repetition itself; written out
    // it would take exponential time here.
    if (simple === '*' || simple === '+') while (this.#text.match(EXTRA_REPETITION) !== null);
    return { kind: 'repeat', item, min, mark: isLazy ? `${mark}?` : mark }
  }

  // --- classes

  /** What follows `[`, as a class in JavaScript's syntax. */
  #class(): string {
    if (++this.#depth > MAX_DEPTH) this.#text.fail('classes are nested too deeply')
    const sign = this.#text.eat('^') ? '^' : ''
    let left = ''
    let operator = ''
    let items = this.#text.peek() === ']' ? classCharacter(this.#text.take()) : ''
    for (;;) {
      if (this.#flags.x) this.#text.match(BLANK_OR_COMMENT)
      const next = this.#text.peek()
      if (next === '') this.#text.fail('unclosed class')
      const two = this.#text.ahead(2)
      const isOperator = two === '&&' || two === '--' || two === '~~'
      if (next !== ']' && !isOperator) {
        items += this.#classItem()
        continue
      }
      if (two === '~~' && isOperator) this.#text.fail('~~ in a class is not supported')
      left = operator === '' ? `[${items}]` : `[${left}${operator}[${items}]]`
      this.#text.skip(isOperator ? 2 : 1)
      if (!isOperator) break
      operator = two
      items = ''
    }
    this.#depth--
    return sign === '' ? left : `[^${left}]`
  }

  #classItem(): string {
    const posix = this.#text.match(POSIX_NAME)
    if (posix !== null) {
      const [, sign = '', name = ''] = posix
      const found = posixClass(name, sign === '^', this.#flags.i)
      return found ?? this.#text.fail('unknown class', `[:${name}:]`)
    }
    if (this.#text.eat('[')) return this.#class()
    const from = this.#classCharacter()
    if (from.kind === 'class') return from.source
    const isRange = /^-[^-\]]/.test(this.#text.ahead(2))
    if (!isRange) return classRange(from.char, from.char, this.#flags.i)
    this.#text.skip(1)
    const to = this.#classCharacter()
    if (to.kind === 'class' || from.char > to.char)
      return this.#text.fail('invalid range in a class')
    return classRange(from.char, to.char, this.#flags.i)
  }

  #classCharacter(): Escape {
    const char = this.#text.take()
    if (char !== '\\') return { kind: 'char', char }
    return this.#escape()
  }

  // --- escapes

  /** What follows a backslash, in and outside of classes alike. */
  #escape(): Escape {
    const letter = this.#text.take()
    if (letter === '') return this.#text.fail('nothing after the last backslash')
    if (letter === 'p' || letter === 'P') return { kind: 'class', source: this.#property(letter) }
    if (letter === 'v') return { kind: 'char', char: '\v' } // Rust's; a class in PCRE
    const named = perlClass(letter, this.#flags.u)
    if (named !== undefined) return { kind: 'class', source: named }
    const digits = HEX_DIGITS[letter]
    if (digits !== undefined) return { kind: 'char', char: this.#codePoint(digits) }
    const control = ESCAPED_CONTROL[letter]
    if (control !== undefined) return { kind: 'char', char: control }
    if (/[0-9]/.test(letter)) return this.#text.fail('back-references are not supported')
    if (/[A-Za-z<>]/.test(letter)) return this.#text.fail('unknown escape', `\\${letter}`)
    return { kind: 'char', char: letter }
  }

  #property(letter: string): string {
    const found = this.#text.match(PROPERTY)
    if (found === null) return this.#text.fail('expected a property after', `\\${letter}`)
    const name = found[2] ?? found[3] ?? ''
    const negated = (letter === 'P') !== (found[1] === '^')
    return propertyClass(name, negated, this.#flags.i) ?? this.#text.fail('unknown property', name)
  }

  #codePoint(digits: number): string {
    const braced = this.#text.match(HEX_IN_BRACES)?.[1]
    const hex = braced ?? this.#text.ahead(digits)
    if (braced === undefined) this.#text.skip(digits)
    const code =
      /^[0-9A-Fa-f]+$/.test(hex) && (braced !== undefined || hex.length === digits)
        ? parseInt(hex, 16)
        : -1
    const isScalar = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    return isScalar ? String.fromCodePoint(code) : this.#text.fail('not a code point', hex)
  }

  #skipBlanks(): void {
    if (this.#flags.x) this.#text.match(BLANK_OR_COMMENT)
  }
}

function isFlag(letter: string): letter is keyof Flags {
  return Object.hasOwn(NO_FLAGS, letter)
}
