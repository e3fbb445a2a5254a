// Lua source, token by token, as LuaJIT 2.1 reads it (lj_lex.c); faults carry LuaJIT's words.

/** What is wrong with a chunk, and in which line. */
export class LuaFault extends Error {
  override readonly name = 'LuaFault'
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** Tokens that stand for many texts; all others, keywords and operators, are what is written. */
export const NAME = '<name>'
export const NUMBER = '<number>'
export const STRING = '<string>'
export const EOF = '<eof>'

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'goto', 'if'],
  ...['in', 'local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while'],
])

// LuaJIT counts every byte above ASCII among the letters.
const WORD = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y
const SPACE = /[ \t\v\f]+/y
const NEWLINE = /\r\n|\n\r|\n|\r/y
const REST_OF_LINE = /[^\n\r]*/y
const LONG_BRACKET = /\[(=*)(\[)?/y
const OPERATOR = /\.\.\.|\.\.|==|~=|<=|>=|::/y
const PLAIN_TEXT = /[^"'\\\n\r]+/y
const ESCAPE = new RegExp(
  [
    String.raw`\\(?:([abfnrtv\\"'])`,
    String.raw`(\r\n|\n\r|\n|\r)`,
    String.raw`z([ \t\v\f\n\r]*)`,
    String.raw`x([\da-fA-F]{2})`,
    String.raw`u\{([\da-fA-F]+)\}`,
    String.raw`(\d{1,3}))`,
  ].join('|'),
  'y',
)
const CONTROL = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' } as const

const NUMERAL = new RegExp(
  [
    // An integer may say that it is a 64-bit one; any number, that it is imaginary.
    '^(?:(?:0x[0-9a-f]+|0b[01]+|[0-9]+)(?:u?ll|llu|i)?',
    String.raw`0x(?:[0-9a-f]+(?:\.[0-9a-f]*)?|\.[0-9a-f]+)(?:p[+-]?[0-9]+)?i?`,
    String.raw`(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?i?)$`,
  ].join('|'),
  'i',
)

export class Lexer {
  /** The current token. */
  token = EOF
  /** What the last token read is made of, escapes resolved; for names, numbers and texts alone. */
  text = ''
  /** The line that reading has come to. */
  line = 1
  /** The line in which the token before the current one ends. */
  lastLine = 1
  readonly #code: string
  #at = 0
  #ahead: string | null = null

  constructor(code: string) {
    this.#code = code.startsWith('\ufeff') ? code.slice(1) : code
    // A `#!` line, as in scripts.
    if (this.#code.startsWith('#')) this.#match(REST_OF_LINE)
    this.next()
  }

  next(): void {
    this.lastLine = this.line
    this.token = this.#ahead ?? this.#scan()
    this.#ahead = null
  }

  /** The token after the current one. */
  peek(): string {
    return (this.#ahead ??= this.#scan())
  }

  /** Ends the reading with a fault at the current token. */
  failNear(message: string): never {
    return this.#fail(message, this.#isText(this.token) ? this.text : this.token)
  }

  #isText(token: string): boolean {
    return token === NAME || token === NUMBER || token === STRING
  }

  #fail(message: string, near: string): never {
    throw new LuaFault(this.line, `${message} near '${inOneLine(near)}'`)
  }

  #scan(): string {
    for (;;) {
      this.#match(SPACE)
      const char = this.#code[this.#at]
      if (char === undefined) return EOF
      if (this.#match(NEWLINE) !== null) this.line++
      else if (this.#code.startsWith('--', this.#at)) this.#skipComment()
      else return this.#scanToken(char)
    }
  }

  #scanToken(char: string): string {
    const word = this.#match(WORD)?.[0]
    if (word !== undefined) {
      if (KEYWORDS.has(word)) return word
      this.text = word
      return NAME
    }
    if (/^\.?[0-9]/.test(this.#code.slice(this.#at, this.#at + 2))) return this.#scanNumber()
    if (char === '"' || char === "'") return this.#scanString(char)
    if (char === '[') return this.#scanBracket()
    const operator = this.#match(OPERATOR)?.[0]
    if (operator !== undefined) return operator
    this.#at++
    return char
  }

  /** Takes all that looks like a part of the number, then asks whether it is one. */
  #scanNumber(): string {
    const start = this.#at
    const exponent = /^0x/i.test(this.#code.slice(start, start + 2)) ? 'p' : 'e'
    let before = ''
    for (;;) {
      const char = this.#code[this.#at] ?? ''
      const isPart = /^[\w.\u0080-\uffff]/.test(char)
      const isSign = (char === '+' || char === '-') && before.toLowerCase() === exponent
      if (!isPart && !isSign) break
      before = char
      this.#at++
    }
    this.text = this.#code.slice(start, this.#at)
    if (!NUMERAL.test(this.text)) this.#fail('malformed number', this.text)
    return NUMBER
  }

  #scanString(quote: string): string {
    this.#at++
    let text = quote
    for (;;) {
      text += this.#match(PLAIN_TEXT)?.[0] ?? ''
      const char = this.#code[this.#at]
      if (char === undefined) this.#fail('unfinished string', EOF)
      if (char === '\n' || char === '\r') this.#fail('unfinished string', text)
      if (char === '\\') {
        text += this.#scanEscape(text)
        continue
      }
      text += char
      this.#at++
      if (char === quote) break
    }
    this.text = text
    return STRING
  }

  /** @param before the text so far, for a fault */
  #scanEscape(before: string): string {
    const [escape, simple, newline, blank, hex, unicode, decimal] = this.#match(ESCAPE) ?? []
    if (simple !== undefined) {
      return Object.hasOwn(CONTROL, simple) ? CONTROL[simple as keyof typeof CONTROL] : simple
    }
    if (newline !== undefined) {
      this.line++
      return '\n'
    }
    if (blank !== undefined) {
      this.line += newlinesIn(blank)
      return ''
    }
    const isAtEnd = escape === undefined && this.#at + 1 === this.#code.length
    if (isAtEnd) this.#fail('unfinished string', EOF)
    const digits = hex ?? unicode
    const code = digits === undefined ? Number(decimal) : Number.parseInt(digits, 16)
    const isSurrogate = code >= 0xd800 && code < 0xe000
    const isGood = unicode === undefined ? code <= 255 : code < 0x110000 && !isSurrogate
    if (!isGood) this.#fail('invalid escape sequence', before)
    return String.fromCodePoint(code)
  }

  #scanBracket(): string {
    const [open = '', level = '', isLong] = this.#match(LONG_BRACKET) ?? []
    if (isLong !== undefined) {
      this.text = `${open}${this.#scanLong(level, 'string')}]${level}]`
      return STRING
    }
    if (level !== '') this.#fail('invalid long string delimiter', open)
    return '['
  }

  #skipComment(): void {
    this.#at += '--'.length
    const [, level = '', isLong] = this.#match(LONG_BRACKET) ?? []
    if (isLong === undefined) this.#match(REST_OF_LINE)
    else this.#scanLong(level, 'comment')
  }

  /** From behind the opening bracket to behind the closing one. */
  #scanLong(level: string, what: 'string' | 'comment'): string {
    const close = `]${level}]`
    const end = this.#code.indexOf(close, this.#at)
    const content = this.#code.slice(this.#at, end === -1 ? undefined : end)
    this.line += newlinesIn(content)
    if (end === -1) this.#fail(`unfinished long ${what}`, EOF)
    this.#at = end + close.length
    return content.replace(/^(?:\r\n|\n\r|\n|\r)/, '')
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#code)
    if (match !== null) this.#at = pattern.lastIndex
    return match
  }
}

function newlinesIn(text: string): number {
  return text.match(/\r\n|\n\r|\n|\r/g)?.length ?? 0
}

/** A text may be long and run over many lines; a message may not. */
function inOneLine(text: string): string {
  if (/^\p{Cc}$/u.test(text)) return `char(${String(text.charCodeAt(0))})`
  const start = text.slice(0, 80).split(/\p{Cc}/u, 1)[0] ?? ''
  return start === text ? text : `${start}...`
}
