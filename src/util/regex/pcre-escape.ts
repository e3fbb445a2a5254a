// What a backslash and a bracket begin in PCRE (pcre2pattern, 10.44), as JavaScript's classes and characters.
import { ANY, classRange, perlClass, posixClass, propertyClass } from './regex-class.js'
import type { TextReader } from './text-reader.js'

/** PCRE takes the pattern, and JavaScript cannot carry it. */
export class UnsupportedRegex extends Error {
  override readonly name = 'UnsupportedRegex'
}

/** @param wayOut what to do instead */
export function unsupported(what: string, wayOut = 'leave it out'): UnsupportedRegex {
  return new UnsupportedRegex(`${what} is not supported: ${wayOut}`)
}

export type Escape =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'class'; readonly source: string }

/** How characters are understood at a place in the pattern. */
export interface CharacterRules {
  /** Case does not count. */
  readonly fold: boolean
  /** Each character of pattern and text stands for a byte; else for a code point. */
  readonly bytes: boolean
  /** Blanks in classes do not count. */
  readonly skipsBlanks: boolean
}

const LAST_ASCII = 0x7f
const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const PROPERTY = /\{[ _-]*(\^?)([\w&=: -]+)\}|([A-Za-z])/y
const OCTAL = /[0-7]{1,3}/y
const OCTAL_BRACES = /\{[ \t]*([0-7]+)[ \t]*\}/y
const HEX_BRACES = /\{[ \t]*([0-9A-Fa-f]+)[ \t]*\}/y
const HEX = /[0-9A-Fa-f]{0,2}/y
const POSIX_NAME = /\[:(\^?)([A-Za-z]*):\]/y
const COLLATING = /\[([.=])[^\]]*\1\]/y
const WORD_EDGE = /\[\[:[<>]:\]\]/y

/**
 * Literal stretches, `\Q...\E`, written out with a backslash before each character that means something; an `\E` alone
 * means nothing.
 */
export function withoutQuotes(source: string): string {
  return source.replace(/\\Q([^]*?)(?:\\E|$)|\\E|\\[^]/g, (found, quoted?: string) => {
    if (quoted !== undefined) return quoted.replace(/[^0-9A-Za-z_\u0080-\u{10ffff}]/gu, '\\$&')
    return found === '\\E' ? '' : found
  })
}

/** What follows a backslash, but for assertions and references, which belong to the parser. */
export function readEscape(text: TextReader, rules: CharacterRules): Escape {
  const letter = text.take()
  if (letter === '') return text.fail('\\ at end of pattern')
  const control = CONTROL[letter]
  if (control !== undefined) return { kind: 'char', char: control }
  switch (letter) {
    case 'p':
    case 'P':
      return { kind: 'class', source: readProperty(text, letter) }
    case 'N':
      return text.ahead(2) === '{U'
        ? text.fail('\\N{U+dddd} is supported only in Unicode (UTF) mode')
        : { kind: 'class', source: '[^\\n]' }
    case 'C':
      return { kind: 'class', source: ANY }
    case 'x':
    case 'o':
      return { kind: 'char', char: readCode(text, letter, rules) }
    case 'c':
      return { kind: 'char', char: readControl(text) }
    case 'X':
      throw unsupported('\\X', 'use . or a class')
    default:
      return readOther(text, letter, rules)
  }
}

function readOther(text: TextReader, letter: string, rules: CharacterRules): Escape {
  const named = perlClass(letter, false)
  if (named !== undefined) return { kind: 'class', source: named }
  if (/[0-7]/.test(letter)) {
    text.skip(-1)
    const code = parseInt(text.match(OCTAL)?.[0] ?? '0', 8)
    return { kind: 'char', char: characterOf(text, code, rules) }
  }
  if (/[FlLuU]/.test(letter)) {
    return text.fail('PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u')
  }
  if (/[A-Za-z]/.test(letter)) return text.fail('unrecognized character follows \\')
  return { kind: 'char', char: letter }
}

function readCode(text: TextReader, letter: 'x' | 'o', rules: CharacterRules): string {
  const isHex = letter === 'x'
  const braced = text.match(isHex ? HEX_BRACES : OCTAL_BRACES)?.[1]
  if (braced !== undefined) return characterOf(text, parseInt(braced, isHex ? 16 : 8), rules)
  if (!isHex) return text.fail('missing opening brace after \\o')
  if (text.peek() === '{') return text.fail('non-hex character in \\x{}')
  // None at all make a NUL.
  return characterOf(text, parseInt(`0${text.match(HEX)?.[0] ?? ''}`, 16), rules)
}

function characterOf(text: TextReader, code: number, { bytes }: CharacterRules): string {
  if (code > (bytes ? 0xff : 0x10ffff)) {
    return text.fail('character code point value in \\x{} or \\o{} is too large')
  }
  return String.fromCodePoint(code)
}

function readControl(text: TextReader): string {
  const char = text.take()
  if (char === '') return text.fail('\\c at end of pattern')
  if (!/[ -~]/.test(char)) return text.fail('\\c must be followed by a printable ASCII character')
  return String.fromCharCode(char.toUpperCase().charCodeAt(0) ^ 0x40)
}

/** Names that only PCRE has. */
const OWN_PROPERTIES: Readonly<Record<string, string>> = {
  any: ANY,
  'l&': '[\\p{LC}]',
  xan: '[\\p{L}\\p{N}]',
  xps: '[\\p{Z}\\t\\n\\v\\f\\r]',
  xsp: '[\\p{Z}\\t\\n\\v\\f\\r]',
  xuc: '[$@`\\xa0-\\ud7ff\\ue000-\\u{10ffff}]',
  xwd: '[\\p{L}\\p{N}_]',
}

function readProperty(text: TextReader, letter: 'p' | 'P'): string {
  const found = text.match(PROPERTY)
  if (found === null) return text.fail('malformed \\P or \\p sequence')
  const name = found[2] ?? found[3] ?? ''
  const negated = (letter === 'P') !== (found[1] === '^')
  const own = OWN_PROPERTIES[name.replace(/[ _-]/g, '').toLowerCase()]
  if (own !== undefined) return negated ? `[^${own}]` : own
  for (const spelling of spellingsOf(name)) {
    const source = propertyClass(spelling, negated, false)
    if (source !== undefined) return source
  }
  return text.fail('unknown property after \\P or \\p')
}

/** PCRE does not look at case, blanks, hyphens and underscores in names; JavaScript takes one spelling. */
function spellingsOf(name: string): readonly string[] {
  const value = name.trim().replace(/^[ _-]*(?:sc|script|scx|script[ _-]?extensions)[=:]/i, '')
  const words = value.toLowerCase().split(/[ _-]+/)
  return [value, words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('_')]
}

/** What follows `[`, as a class in JavaScript's syntax. */
export function readClass(text: TextReader, rules: CharacterRules): string {
  text.skip(-1)
  if (text.match(WORD_EDGE) !== null) {
    throw unsupported('[[:<:]] or [[:>:]]', 'use \\b')
  }
  text.skip(1)
  const sign = text.eat('^') ? '^' : ''
  let items = ''
  for (let isFirst = true; ; isFirst = false) {
    if (rules.skipsBlanks) while (text.eat(' ') || text.eat('\t'));
    if (text.isAtEnd) text.fail('missing terminating ] for character class')
    if (!isFirst && text.eat(']')) return `[${sign}${items}]`
    items += readMember(text, rules)
  }
}

/** A character, a range or a class inside of a class. */
function readMember(text: TextReader, rules: CharacterRules): string {
  const from = readOneOf(text, rules)
  if (!/^-[^\]]/.test(text.ahead(2))) return from.kind === 'class' ? from.source : range(from.char)
  if (from.kind === 'class') return text.fail('invalid range in character class')
  text.skip(1)
  const to = readOneOf(text, rules)
  if (to.kind === 'class') return text.fail('invalid range in character class')
  if ((from.char.codePointAt(0) ?? 0) > (to.char.codePointAt(0) ?? 0)) {
    return text.fail('range out of order in character class')
  }
  return range(from.char, to.char)

  function range(first: string, last = first): string {
    return classRange(first, last, rules.fold, rules.bytes ? LAST_ASCII : undefined)
  }
}

function readOneOf(text: TextReader, rules: CharacterRules): Escape {
  const posix = text.match(POSIX_NAME)
  if (posix !== null) {
    const [, sign = '', name = ''] = posix
    const source = posixClass(name, sign === '^', rules.fold)
    return source === undefined ? text.fail('unknown POSIX class name') : { kind: 'class', source }
  }
  if (text.match(COLLATING) !== null) return text.fail('POSIX collating elements are not supported')
  const char = text.take()
  if (char !== '\\') return { kind: 'char', char }
  const letter = text.peek()
  if (letter === 'b') {
    text.skip(1)
    return { kind: 'char', char: '\b' }
  }
  if (/^[g89]/.test(letter)) return { kind: 'char', char: text.take() }
  if (letter === 'N') return text.fail('\\N is not supported in a class')
  if (/^[ABCGKRXZkz]/.test(letter))
    return text.fail('escape sequence is invalid in character class')
  return readEscape(text, rules)
}
