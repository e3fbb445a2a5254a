// Reads a regular expression in the dialect of Rust's regex crate, with the parts of PCRE that mean the same.
import {
  classCharacter,
  classRange,
  perlClass,
  posixClass,
  propertyClass,
  wordBoundary,
} from './regex-class.js'
import type { RegexNode } from './regex-tree.js'

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
  readonly #source: string
  #at = 0
  #depth = 0
  #flags = NO_FLAGS
  readonly #groupNames = new Set<string>()

  constructor(source: string) {
    this.#source = source
  }

  parse(): RegexNode {
    if (this.#source.length > MAX_LENGTH) this.#fail(`longer than ${MAX_LENGTH} characters`)
    const tree = this.#choice()
    if (this.#at < this.#source.length) this.#fail('unopened group')
    return tree
  }

  #choice(): RegexNode {
    const options = [this.#sequence()]
    while (this.#eat('|')) options.push(this.#sequence())
    const [only] = options
    return only !== undefined && options.length === 1 ? only : { kind: 'choice', items: options }
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      this.#skipBlanks()
      const next = this.#peek()
      if (next === '' || next === '|' || next === ')') return { kind: 'sequence', items }
      const atom = this.#atom()
      if (atom !== null) items.push(this.#repetitions(atom))
    }
  }

  /** Null for what only sets flags. */
  #atom(): RegexNode | null {
    const char = this.#take()
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return { kind: 'class', source: this.#class() }
      case '.':
        return { kind: 'class', source: this.#flags.s ? '[^]' : '[^\\n]' }
      case '^':
        return { kind: 'assertion', source: this.#flags.m ? '(?<![^\\n])' : '^' }
      case '$':
        return { kind: 'assertion', source: this.#flags.m ? '(?![^\\n])' : '$' }
      case '\\':
        return this.#escapedAtom()
      case '*':
      case '+':
      case '?':
        return this.#fail('nothing to repeat before', char)
      case '{':
        return this.#fail('a literal { must be escaped')
      default:
        return { kind: 'literal', char, fold: this.#flags.i }
    }
  }

  #escapedAtom(): RegexNode {
    const next = this.#peek()
    const assertion = this.#escapedAssertion(next)
    if (assertion !== undefined) {
      this.#at++
      if (next.toLowerCase() === 'b' && this.#peek() === '{')
        this.#fail('\\b{...} is not supported')
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
    if (++this.#depth > MAX_DEPTH) this.#fail('groups are nested too deeply')
    const outer = this.#flags
    let open = '('
    if (this.#peek() === '?') {
      const name = this.#match(GROUP_NAME)?.[1]
      if (name !== undefined) open = this.#namedGroup(name)
      else if (this.#groupFlags() === ')') {
        this.#depth--
        return null // they hold until the enclosing group ends
      } else open = '(?:'
    }
    const body = this.#choice()
    if (!this.#eat(')')) this.#fail('unclosed group')
    this.#flags = outer
    this.#depth--
    return { kind: 'group', open, body }
  }

  #namedGroup(name: string): string {
    if (this.#groupNames.has(name)) this.#fail('duplicate group name', name)
    this.#groupNames.add(name)
    return `(?<${name}>`
  }

  /** Sets what `(?i-s` says; returns what ends it, `:` or `)`. */
  #groupFlags(): string {
    const start = this.#at
    const found = this.#match(GROUP_FLAGS)
    if (found === null) {
      const next = this.#source.slice(start + 1, start + 3)
      if (/^(?:[=!]|<[=!])/.test(next)) this.#fail('look-around is not supported')
      return this.#fail('unknown kind of group')
    }
    const [, on = '', off = '', end = ''] = found
    const flags = { ...this.#flags }
    for (const flag of on + off) {
      if (!isFlag(flag)) return this.#fail('unknown flag', flag)
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
    const simple = this.#peek()
    let min = simple === '+' ? 1 : 0
    let mark = simple
    if (simple === '*' || simple === '+' || simple === '?') this.#at++
    else if (simple !== '{') return null
    else {
      const counted = this.#match(COUNTED)
      if (counted === null) return this.#fail('expected {n}, {n,} or {n,m}')
      const [, from = '', comma = '', to = ''] = counted
      min = Number(from)
      if (to !== '' && Number(to) < min) this.#fail('the repetition counts are out of order')
      mark = `{${from}${comma}${to}}`
    }
    const isLazy = this.#eat('?') !== this.#flags.U
    // In Rust `a*+` repeats a repetition, which for these two means no more than the repetition itself; written out
    // it would take exponential time here.
    if (simple === '*' || simple === '+') while (this.#match(EXTRA_REPETITION) !== null);
    return { kind: 'repeat', item, min, mark: isLazy ? `${mark}?` : mark }
  }

  // --- classes

  /** What follows `[`, as a class in JavaScript's syntax. */
  #class(): string {
    if (++this.#depth > MAX_DEPTH) this.#fail('classes are nested too deeply')
    const sign = this.#eat('^') ? '^' : ''
    let left = ''
    let operator = ''
    let items = this.#peek() === ']' ? classCharacter(this.#take()) : ''
    for (;;) {
      if (this.#flags.x) this.#match(BLANK_OR_COMMENT)
      const next = this.#peek()
      if (next === '') this.#fail('unclosed class')
      const two = this.#source.slice(this.#at, this.#at + 2)
      const isOperator = two === '&&' || two === '--' || two === '~~'
      if (next !== ']' && !isOperator) {
        items += this.#classItem()
        continue
      }
      if (two === '~~' && isOperator) this.#fail('~~ in a class is not supported')
      left = operator === '' ? `[${items}]` : `[${left}${operator}[${items}]]`
      this.#at += isOperator ? 2 : 1
      if (!isOperator) break
      operator = two
      items = ''
    }
    this.#depth--
    return sign === '' ? left : `[^${left}]`
  }

  #classItem(): string {
    const posix = this.#match(POSIX_NAME)
    if (posix !== null) {
      const [, sign = '', name = ''] = posix
      const found = posixClass(name, sign === '^', this.#flags.i)
      return found ?? this.#fail('unknown class', `[:${name}:]`)
    }
    if (this.#eat('[')) return this.#class()
    const from = this.#classCharacter()
    if (from.kind === 'class') return from.source
    const isRange = this.#peek() === '-' && !/^-[-\]]/.test(this.#source.slice(this.#at))
    if (!isRange) return classRange(from.char, from.char, this.#flags.i)
    this.#at++
    const to = this.#classCharacter()
    if (to.kind === 'class' || from.char > to.char) return this.#fail('invalid range in a class')
    return classRange(from.char, to.char, this.#flags.i)
  }

  #classCharacter(): Escape {
    const char = this.#take()
    if (char !== '\\') return { kind: 'char', char }
    return this.#escape()
  }

  // --- escapes

  /** What follows a backslash, in and outside of classes alike. */
  #escape(): Escape {
    const letter = this.#take()
    if (letter === '') return this.#fail('nothing after the last backslash')
    if (letter === 'p' || letter === 'P') return { kind: 'class', source: this.#property(letter) }
    if (letter === 'v') return { kind: 'char', char: '\v' } // Rust's; a class in PCRE
    const named = perlClass(letter, this.#flags.u)
    if (named !== undefined) return { kind: 'class', source: named }
    const digits = HEX_DIGITS[letter]
    if (digits !== undefined) return { kind: 'char', char: this.#codePoint(digits) }
    const control = ESCAPED_CONTROL[letter]
    if (control !== undefined) return { kind: 'char', char: control }
    if (/[0-9]/.test(letter)) return this.#fail('back-references are not supported')
    if (/[A-Za-z<>]/.test(letter)) return this.#fail('unknown escape', `\\${letter}`)
    return { kind: 'char', char: letter }
  }

  #property(letter: string): string {
    const found = this.#match(PROPERTY)
    if (found === null) return this.#fail('expected a property after', `\\${letter}`)
    const name = found[2] ?? found[3] ?? ''
    const negated = (letter === 'P') !== (found[1] === '^')
    return propertyClass(name, negated, this.#flags.i) ?? this.#fail('unknown property', name)
  }

  #codePoint(digits: number): string {
    const braced = this.#match(HEX_IN_BRACES)?.[1]
    const hex = braced ?? this.#source.slice(this.#at, this.#at + digits)
    if (braced === undefined) this.#at += digits
    const code =
      /^[0-9A-Fa-f]+$/.test(hex) && (braced !== undefined || hex.length === digits)
        ? parseInt(hex, 16)
        : -1
    const isScalar = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    return isScalar ? String.fromCodePoint(code) : this.#fail('not a code point', hex)
  }

  // --- the text

  #skipBlanks(): void {
    if (this.#flags.x) this.#match(BLANK_OR_COMMENT)
  }

  /** The character here, or '' at the end. */
  #peek(): string {
    const code = this.#source.codePointAt(this.#at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  #take(): string {
    const char = this.#peek()
    this.#at += char.length
    return char
  }

  #eat(char: string): boolean {
    if (this.#peek() !== char) return false
    this.#at += char.length
    return true
  }

  /** @param pattern a sticky one */
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)
    if (found !== null) this.#at += found[0].length
    return found
  }

  #fail(message: string, what = ''): never {
    throw new Error(`${message}${what === '' ? '' : ` ${what}`} at offset ${this.#at}`)
  }
}

function isFlag(letter: string): letter is keyof Flags {
  return Object.hasOwn(NO_FLAGS, letter)
}
