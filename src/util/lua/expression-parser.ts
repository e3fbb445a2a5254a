// Lua's expressions; see parser.ts.
import { LuaFault, NAME, NUMBER, STRING } from './lexer.js'
import { FunctionScopes, LIMIT } from './scopes.js'
import type { TokenReader } from './token-reader.js'

type Binding = readonly [left: number, right: number]

/** How tightly an operator binds to its left and to its right; less on the right makes a chain group from there. */
export const BINDING: ReadonlyMap<string, Binding> = new Map<string, Binding>([
  ['or', [1, 1]],
  ['and', [2, 2]],
  ...['==', '~=', '<', '<=', '>', '>='].map((operator): [string, Binding] => [operator, [3, 3]]),
  ['..', [5, 4]],
  ...['+', '-'].map((operator): [string, Binding] => [operator, [6, 6]]),
  ...['*', '/', '%'].map((operator): [string, Binding] => [operator, [7, 7]]),
  ['^', [10, 9]],
])
export const UNARY: ReadonlySet<string> = new Set(['not', '-', '#'])
export const UNARY_BINDING = 8
const CONSTANTS: ReadonlySet<string> = new Set([NUMBER, STRING, 'nil', 'true', 'false'])

/** What a statement may begin with: something to assign to, a call, or neither. */
export type Prefix = 'variable' | 'call' | 'value'

export abstract class ExpressionParser {
  protected readonly tokens: TokenReader
  protected scopes = new FunctionScopes(0, true)
  protected level = 0

  constructor(tokens: TokenReader) {
    this.tokens = tokens
  }

  /**
   * From the parameters to `end`.
   * @param line where the function begins
   * @param implied parameters that are not written
   */
  protected abstract functionBody(line: number, implied: readonly string[]): void

  /** LuaJIT goes 200 levels deep, which bounds our stack too. */
  protected enter(): void {
    if (++this.level < LIMIT) return
    throw new LuaFault(this.tokens.line, 'chunk has too many syntax levels')
  }

  protected leave(): void {
    this.level--
  }

  protected expressions(): void {
    do this.expression()
    while (this.tokens.take(','))
  }

  /** @param limit operators that do not bind tighter to their left are left to the caller */
  protected expression(limit = 0): void {
    this.enter()
    if (UNARY.has(this.tokens.token)) {
      this.tokens.next()
      this.expression(UNARY_BINDING)
    } else this.#operand()
    for (;;) {
      const binding = BINDING.get(this.tokens.token)
      if (binding === undefined || binding[0] <= limit) break
      this.tokens.next()
      this.expression(binding[1])
    }
    this.leave()
  }

  #operand(): void {
    const { token } = this.tokens
    if (CONSTANTS.has(token)) this.tokens.next()
    else if (token === '...') {
      if (!this.scopes.isVararg) {
        this.tokens.failNear("cannot use '...' outside a vararg function")
      }
      this.tokens.next()
    } else if (token === '{') this.#table()
    else if (this.tokens.take('function')) this.functionBody(this.tokens.line, [])
    else this.prefixed()
  }

  /** A name or a parenthesis, and what hangs on it. */
  protected prefixed(): Prefix {
    let prefix: Prefix = 'variable'
    const { line } = this.tokens
    if (this.tokens.take('(')) {
      this.expression()
      this.tokens.expectClosing(')', '(', line)
      prefix = 'value'
    } else if (!this.tokens.take(NAME)) this.tokens.failNear('unexpected symbol')
    for (;;) {
      switch (this.tokens.token) {
        case '.':
          this.tokens.next()
          this.tokens.takeName()
          prefix = 'variable'
          break
        case '[':
          this.#index()
          prefix = 'variable'
          break
        case ':':
          this.tokens.next()
          this.tokens.takeName()
          this.#arguments()
          prefix = 'call'
          break
        case '(':
        case '{':
        case STRING:
          this.#arguments()
          prefix = 'call'
          break
        default:
          return prefix
      }
    }
  }

  #index(): void {
    this.tokens.next()
    this.expression()
    this.tokens.expect(']')
  }

  #arguments(): void {
    const { token, line } = this.tokens
    if (token === '{') this.#table()
    else if (token === STRING) this.tokens.next()
    else if (this.tokens.take('(')) {
      if (this.tokens.token !== ')') this.expressions()
      this.tokens.expectClosing(')', '(', line)
    } else this.tokens.failNear('function arguments expected')
  }

  #table(): void {
    const { line } = this.tokens
    this.tokens.next()
    while (this.tokens.token !== '}') {
      if (this.tokens.token === '[') {
        this.#index()
        this.tokens.expect('=')
      } else if (this.tokens.token === NAME && this.tokens.peek() === '=') {
        this.tokens.next()
        this.tokens.next()
      }
      this.expression()
      if (!this.tokens.take(',') && !this.tokens.take(';')) break
    }
    this.tokens.expectClosing('}', '{', line)
  }
}
