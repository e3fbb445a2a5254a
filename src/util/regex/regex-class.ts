// Character classes: their names in Rust's dialect and PCRE's, written as the inside of a class in `v` mode.

// Rust's \w, \d and \s are Unicode's (UTS #18, annex C); (?-u) takes them back to ASCII.
const UNICODE_WORD = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}'
const ASCII_WORD = '0-9A-Za-z_'
const HORIZONTAL_SPACE = '\\t \\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'
const VERTICAL_SPACE = '\\n\\v\\f\\r\\x85\\u2028\\u2029'

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: ASCII_WORD,
  xdigit: '0-9A-Fa-f',
}

/** Any character. `[^]` is not the same: V8 takes it for a character that may be missing, under flag `v`. */
export const ANY = '\\p{Any}'

/** What `^` and `$` are at line breaks, and what `$` is in PCRE without those: the end may be one line feed away. */
export const LINE_START = `(?:^|(?<=\\n)(?=${ANY}))`
export const LINE_END = '(?![^\\n])'
export const LAST_LINE_END = '(?=\\n?$)'

/** Names that tell upper from lower case, as opposed to those that hold for all forms of a letter. */
const OF_ONE_CASE = /^(?:L[ult]|(?:upper|lower|title)(?:case)?(?:_?letter)?)$/i

const CLASS_PUNCTUATION = /[\^$\\.*+?()[\]{}|/&\-!#%,:;<=>@`~]/

/** The highest code point that has another case (ADLAM SMALL LETTER SHA). */
const LAST_CASED = 0x1e943

/** `[...]` for `\d`, `\W` and the like; undefined for a letter that names no class. */
export function perlClass(letter: string, unicode: boolean): string | undefined {
  const inside = insideOfPerlClass(letter.toLowerCase(), unicode)
  if (inside === undefined) return undefined
  return letter === letter.toLowerCase() ? `[${inside}]` : `[^${inside}]`
}

function insideOfPerlClass(letter: string, unicode: boolean): string | undefined {
  switch (letter) {
    case 'd':
      return unicode ? '\\p{Nd}' : '0-9'
    case 'w':
      return unicode ? UNICODE_WORD : ASCII_WORD
    case 's':
      return unicode ? '\\p{White_Space}' : '\\t\\n\\v\\f\\r '
    case 'h':
      return HORIZONTAL_SPACE
    case 'v':
      return VERTICAL_SPACE
    default:
      return undefined
  }
}

/** `[...]` for `[:alpha:]`; undefined for a name that there is none of. */
export function posixClass(name: string, negated: boolean, fold: boolean): string | undefined {
  const inside = POSIX[fold && (name === 'upper' || name === 'lower') ? 'alpha' : name]
  return inside === undefined ? undefined : `[${negated ? '^' : ''}${inside}]`
}

/**
 * `[...]` for `\p{name}`; undefined for a name that there is none of.
 * @param name a general category, a script, a property, or `property=value`
 */
export function propertyClass(name: string, negated: boolean, fold: boolean): string | undefined {
  const sign = negated ? '^' : ''
  if (fold && OF_ONE_CASE.test(name)) return `[${sign}\\p{LC}]`
  // Rust takes a script by its bare name, and Any and ASCII as JavaScript does.
  const spellings = [name, `Script=${name}`, name.replace(/^(?:gc|sc|scx)[=:]/i, '')]
  const known = spellings.find(isKnownProperty)
  return known === undefined ? undefined : `[${sign}\\p{${known}}]`
}

function isKnownProperty(name: string): boolean {
  try {
    new RegExp(`\\p{${name}}`, 'v')
    return true
  } catch {
    return false // a SyntaxError: there is no such property
  }
}

/** `\b`: JavaScript's own knows ASCII letters alone. */
export function wordBoundary(negated: boolean, unicode: boolean): string {
  if (!unicode) return negated ? '\\B' : '\\b'
  const word = `[${UNICODE_WORD}]`
  return negated
    ? `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`
    : `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
}

/** One character as it may stand in a class. */
export function classCharacter(char: string): string {
  return CLASS_PUNCTUATION.test(char) ? `\\${char}` : char
}

/**
 * A range as it may stand in a class, with the other cases of its characters when `fold`.
 * @param lastCased no character above this code point has another case
 */
export function classRange(
  from: string,
  to: string,
  fold: boolean,
  lastCased = LAST_CASED,
): string {
  const first = from.codePointAt(0) ?? 0
  const last = to.codePointAt(0) ?? 0
  const range =
    first === last ? classCharacter(from) : `${classCharacter(from)}-${classCharacter(to)}`
  return fold ? range + foldsOfRange(first, last, Math.min(last, lastCased)) : range
}

function foldsOfRange(first: number, last: number, lastCased: number): string {
  const others = new Set<string>()
  for (let code = first; code <= lastCased; code++) {
    for (const other of foldsOf(String.fromCodePoint(code))) {
      const otherCode = other.codePointAt(0) ?? 0
      if (otherCode < first || otherCode > last) others.add(other)
    }
  }
  return [...others].join('')
}

/** The same letter in its other cases; none for a character that has no case. */
export function foldsOf(char: string): string[] {
  const forms = new Set([char.toLowerCase(), char.toUpperCase()])
  // `ß`.toUpperCase() is two characters, and no other case of the one.
  return [...forms].filter((form) => form !== char && isOneCharacter(form))
}

function isOneCharacter(text: string): boolean {
  return text.length === String.fromCodePoint(text.codePointAt(0) ?? 0).length
}
