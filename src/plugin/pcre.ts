// Regular expressions of a kong.yml are written for PCRE. Here they become JavaScript's, or are refused: a pattern
// that would quietly mean something else never gets through.

interface Options {
  /** The pattern has to match the whole text, not just a part of it. */
  readonly whole?: boolean
}

/** Throws SyntaxError for a pattern that is wrong, or that uses what JavaScript does not have. Called at load. */
export function compilePattern(pattern: string, { whole = false }: Options = {}): RegExp {
  // Options for the whole pattern can stand only in front, where they are a flag: (?i)abc
  const options = /^\(\?([ims]+)\)/.exec(pattern)
  const flags = options?.[1] ?? ''
  const source = translate(pattern.slice(options === null ? 0 : options[0].length))
  // The flag u makes JavaScript strict: without it \A means "A" and \x{41} means 41 times "x".
  return new RegExp(whole ? `^(?:${source})$` : source, `${flags}u`)
}

const QUANTIFIER = /\{\d+(?:,\d*)?\}/y
const HEX_BRACES = /\{([0-9A-Fa-f]+)\}/y
const SAME_ESCAPE = /[dDwWsSbBnrtfpPk1-9^$\\.*+?()[\]{}|/]/
const ANCHORS: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$' }
const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: 'A-Fa-f0-9',
}

function translate(pattern: string): string {
  let out = ''
  let i = 0
  while (i < pattern.length) {
    const [text, end] = translateAt(pattern, i)
    out += text
    i = end
  }
  return out
}

/** The JavaScript for what stands at `at`, and where the next piece begins. */
function translateAt(pattern: string, at: number): readonly [text: string, end: number] {
  const char = pattern.charAt(at)
  switch (char) {
    case '\\':
      return translateEscape(pattern, at, false)
    case '[':
      return translateClass(pattern, at)
    case '{': {
      QUANTIFIER.lastIndex = at
      const quantifier = QUANTIFIER.exec(pattern)
      // PCRE: a brace that begins no quantifier is a brace.
      return quantifier === null ? ['\\{', at + 1] : [quantifier[0], at + quantifier[0].length]
    }
    case '}':
    case ']':
      return [`\\${char}`, at + 1]
    case '(':
      if (pattern.startsWith('(?P<', at)) return ['(?<', at + 4]
      return ['(', at + 1]
    default:
      return [char, at + 1]
  }
}

function translateEscape(
  pattern: string,
  at: number,
  inClass: boolean,
): readonly [text: string, end: number] {
  const char = pattern.charAt(at + 1)
  const end = at + 2
  if (char === '') throw new SyntaxError('\\ at the end of the pattern')
  if (char === 'Q') {
    const close = pattern.indexOf('\\E', end)
    const literal = close < 0 ? pattern.slice(end) : pattern.slice(end, close)
    return [
      literal.replace(/[\\^$.*+?()[\]{}|/-]/g, escapeLiteral),
      end + literal.length + (close < 0 ? 0 : 2),
    ]
  }
  if (char === 'x') {
    HEX_BRACES.lastIndex = end
    const braces = HEX_BRACES.exec(pattern)
    return braces === null ? ['\\x', end] : [`\\u${braces[0]}`, end + braces[0].length]
  }
  if (char === 'h') return [inClass ? ' \\t' : '[ \\t]', end]
  if (char === '-') return [inClass ? '\\-' : '-', end]
  const anchor = ANCHORS[char]
  if (anchor !== undefined && !inClass) return [anchor, end]
  if (SAME_ESCAPE.test(char)) return [`\\${char}`, end]
  // What is left of letters and digits has a meaning in PCRE that JavaScript cannot express.
  if (/[A-Za-z0-9]/.test(char)) throw new SyntaxError(`\\${char} is not supported`)
  return [char, end]
}

function escapeLiteral(char: string): string {
  return char === '-' ? '\\x2d' : `\\${char}`
}

function translateClass(pattern: string, at: number): readonly [text: string, end: number] {
  let i = at + 1
  let out = '['
  if (pattern.charAt(i) === '^') {
    out += '^'
    i++
  }
  // PCRE: a bracket that comes first does not close the class.
  if (pattern.charAt(i) === ']') {
    out += '\\]'
    i++
  }
  while (i < pattern.length) {
    const char = pattern.charAt(i)
    if (char === ']') return [`${out}]`, i + 1]
    if (char === '\\') {
      const [text, end] = translateEscape(pattern, i, true)
      out += text
      i = end
      continue
    }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(i, i + 12))
    if (named !== null) {
      const members = POSIX_CLASSES[named[1] ?? '']
      if (members === undefined) throw new SyntaxError(`${named[0]} is not supported`)
      out += members
      i += named[0].length
      continue
    }
    out += char === '[' ? '\\[' : char
    i++
  }
  throw new SyntaxError('a character class is not closed')
}
