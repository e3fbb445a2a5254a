// Goes through Lua code as LuaJIT 2.1 does with its Lua 5.2 extensions, which OpenResty, and so Kong, builds it with.
// The order of its parser (lj_parse.c) decides which fault is found first, and so the message. Nothing is kept of the
// code. Not judged is what only a compiler runs out of: registers, constants, upvalues.
import { ExpressionParser, type Prefix } from './expression-parser.js'
import { EOF, NAME } from './lexer.js'
import { FunctionScopes } from './scopes.js'

const BLOCK_ENDS: ReadonlySet<string> = new Set(['else', 'elseif', 'end', 'until', EOF])

export class Parser extends ExpressionParser {
  /** Throws a LuaFault for the first thing that is wrong. */
  parseMain(): void {
    this.#chunk()
    if (this.tokens.token !== EOF) this.tokens.failExpecting(EOF)
    this.scopes.close()
  }

  #chunk(): void {
    this.enter()
    let isLast = false
    while (!isLast && !BLOCK_ENDS.has(this.tokens.token)) {
      isLast = this.tokens.token === 'return'
      this.#statement()
      this.tokens.take(';')
    }
    this.leave()
  }

  #block(): void {
    this.scopes.openBlock()
    this.#chunk()
    this.scopes.closeBlock()
  }

  #statement(): void {
    const { token, line } = this.tokens
    if (token === 'if') this.#if(line)
    else if (token === 'while') this.#while(line)
    else if (token === 'do') this.#do(line)
    else if (token === 'for') this.#for(line)
    else if (token === 'repeat') this.#repeat(line)
    else if (token === 'function') this.#function(line)
    else if (token === 'local') this.#local()
    else if (token === 'return') this.#return()
    else if (token === 'goto') this.#goto()
    else if (token === '::') this.#label()
    else if (this.tokens.take('break')) this.scopes.addBreak(this.tokens.lastLine)
    else if (token !== ';') this.#callOrAssignment()
  }

  #if(line: number): void {
    do {
      this.tokens.next()
      this.expression()
      this.tokens.expect('then')
      this.#block()
    } while (this.tokens.token === 'elseif')
    if (this.tokens.take('else')) this.#block()
    this.tokens.expectClosing('end', 'if', line)
  }

  #do(line: number): void {
    this.tokens.next()
    this.#block()
    this.tokens.expectClosing('end', 'do', line)
  }

  #while(line: number): void {
    this.tokens.next()
    this.expression()
    this.scopes.openBlock('loop')
    this.tokens.expect('do')
    this.#block()
    this.tokens.expectClosing('end', 'while', line)
    this.scopes.closeBlock()
  }

  /** Its condition sees the locals of its block. */
  #repeat(line: number): void {
    this.scopes.openBlock('loop')
    this.scopes.openBlock()
    this.tokens.next()
    this.#chunk()
    this.tokens.expectClosing('until', 'repeat', line)
    this.expression()
    this.scopes.closeBlock()
    this.scopes.closeBlock()
  }

  #for(line: number): void {
    this.scopes.openBlock('loop')
    this.tokens.next()
    // LuaJIT keeps the state of a loop in three hidden locals.
    const hidden = ['(for)', '(for)', '(for)']
    const names = [...hidden, this.#newLocal(hidden.length)]
    if (this.tokens.take('=')) {
      this.expression()
      this.tokens.expect(',')
      this.expression()
      if (this.tokens.take(',')) this.expression()
    } else if (this.tokens.token === ',' || this.tokens.token === 'in') {
      while (this.tokens.take(',')) names.push(this.#newLocal(names.length))
      this.tokens.expect('in')
      this.expressions()
    } else this.tokens.failNear("'=' or 'in' expected")
    this.tokens.expect('do')
    this.scopes.addLocals(names)
    this.#block()
    this.tokens.expectClosing('end', 'for', line)
    this.scopes.closeBlock()
  }

  #function(line: number): void {
    this.tokens.next()
    this.tokens.takeName()
    while (this.tokens.take('.')) this.tokens.takeName()
    const isMethod = this.tokens.take(':')
    if (isMethod) this.tokens.takeName()
    this.functionBody(line, isMethod ? ['self'] : [])
  }

  #local(): void {
    this.tokens.next()
    if (this.tokens.take('function')) {
      this.scopes.addLocals([this.#newLocal(0)])
      this.functionBody(this.tokens.line, [])
      return
    }
    const names: string[] = []
    do names.push(this.#newLocal(names.length))
    while (this.tokens.take(','))
    if (this.tokens.take('=')) this.expressions()
    this.scopes.addLocals(names)
  }

  #newLocal(pending: number): string {
    const name = this.tokens.takeName()
    this.scopes.checkRoom(pending, this.tokens.line)
    return name
  }

  #return(): void {
    this.tokens.next()
    if (!BLOCK_ENDS.has(this.tokens.token) && this.tokens.token !== ';') this.expressions()
  }

  #goto(): void {
    this.tokens.next()
    const label = this.tokens.takeName()
    this.scopes.addGoto(label, this.tokens.lastLine)
  }

  #label(): void {
    this.enter()
    this.tokens.next()
    const label = this.tokens.takeName()
    this.scopes.addLabel(label, this.tokens.line)
    this.tokens.expect('::')
    while (this.tokens.take(';'));
    if (this.tokens.token === '::') this.#label()
    // After `until` stands a condition, which sees the locals of the block.
    const isLast = BLOCK_ENDS.has(this.tokens.token) && this.tokens.token !== 'until'
    this.scopes.resolveLabel(label, isLast)
    this.leave()
  }

  #callOrAssignment(): void {
    let prefix: Prefix = this.prefixed()
    if (prefix === 'call') return
    for (let count = 1; ; count++) {
      if (prefix !== 'variable') this.tokens.failNear('syntax error')
      if (!this.tokens.take(',')) break
      prefix = this.prefixed()
      this.scopes.checkLimit(this.level + count, 'variable names', this.tokens.line)
    }
    this.tokens.expect('=')
    this.expressions()
  }

  protected override functionBody(line: number, implied: readonly string[]): void {
    const around = this.scopes
    this.scopes = new FunctionScopes(line, false)
    this.#parameters(implied)
    this.#chunk()
    if (this.tokens.token !== 'end') this.tokens.expectClosing('end', 'function', line)
    this.scopes.close()
    this.scopes = around
    this.tokens.next()
  }

  #parameters(implied: readonly string[]): void {
    const names = [...implied]
    this.tokens.expect('(')
    if (this.tokens.token !== ')') {
      do {
        if (this.tokens.take('...')) {
          this.scopes.isVararg = true
          break
        }
        if (this.tokens.token !== NAME) this.tokens.failNear("<name> or '...' expected")
        names.push(this.#newLocal(names.length))
      } while (this.tokens.take(','))
    }
    this.scopes.addLocals(names)
    this.tokens.expect(')')
  }
}
