// Lua's tokens for a parser: takes those that it asks for, and says what is missing in LuaJIT's words.
import { Lexer, NAME } from './lexer.js'

export class TokenReader extends Lexer {
  /** Steps over the token if it is the current one. */
  take(token: string): boolean {
    if (this.token !== token) return false
    this.next()
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) this.failExpecting(token)
  }

  /** @param line where `open` stands */
  expectClosing(token: string, open: string, line: number): void {
    if (this.take(token)) return
    if (line === this.line) this.failExpecting(token)
    this.failNear(`'${token}' expected (to close '${open}' at line ${String(line)})`)
  }

  takeName(): string {
    if (this.token !== NAME) this.failExpecting(NAME)
    const name = this.text
    this.next()
    return name
  }

  failExpecting(token: string): never {
    this.failNear(`'${token}' expected`)
  }
}
