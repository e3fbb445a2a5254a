// Lua expressions made ready to run: each becomes a function of the names that it sees. Nothing is ever handed to
// JavaScript's own compiler, and there is nothing that could run for long: no loop, no function of its own.
import { luaFault } from '../compile-fault.js'
import { BINDING, UNARY, UNARY_BINDING } from '../expression-parser.js'
import { EOF, NUMBER, STRING } from '../lexer.js'
import { TokenReader } from '../token-reader.js'
import { stringMethod } from './string-methods.js'
import {
  arithmetic,
  bytesOf,
  concatenated,
  isLess,
  isLessOrEqual,
  isTrue,
  lengthOf,
  LuaError,
  luaNumber,
  typeName,
  type LuaValue,
} from './values.js'

/** Looks up the names that stand for themselves in an expression. */
export interface LuaNames {
  lookUp(name: string): LuaValue
}

export type LuaExpression = (names: LuaNames) => LuaValue

/** Code that is right, but has what is not carried over from Lua. */
export class BeyondExpressions extends Error {
  override readonly name = 'BeyondExpressions'
}

interface Node {
  readonly run: LuaExpression
  /** How Lua calls it in errors: `field 'x'`; empty for what has no name. */
  readonly label: string
}

/**
 * Compiles one expression. Throws a SyntaxError with LuaJIT's words for what is none, and BeyondExpressions.
 * @param code as text
 */
export function compileExpression(code: string): LuaExpression {
  const source = `return (${bytesOf(code)})`
  const fault = luaFault(source)
  if (fault !== undefined) throw new SyntaxError(fault.replace(/^\[string ".*?"\]:(?=\d)/s, ''))
  const tokens = new TokenReader(source)
  tokens.expect('return')
  const { run } = new Builder(tokens).expression(0)
  // `a), (b` closes the parenthesis before its end.
  if (tokens.token !== EOF) throw new BeyondExpressions('more than one expression')
  return run
}

/** Goes through code that is known to be right. */
class Builder {
  readonly #tokens: TokenReader

  constructor(tokens: TokenReader) {
    this.#tokens = tokens
  }

  expression(limit: number): Node {
    let left = this.#unary()
    for (;;) {
      const operator = this.#tokens.token
      const binding = BINDING.get(operator)
      if (binding === undefined || binding[0] <= limit) return left
      this.#tokens.next()
      left = binary(operator, left, this.expression(binding[1]))
    }
  }

  #unary(): Node {
    const operator = this.#tokens.token
    if (!UNARY.has(operator)) return this.#operand()
    this.#tokens.next()
    const operand = this.expression(UNARY_BINDING)
    return unnamed(unary(operator, operand))
  }

  #operand(): Node {
    const { token, text } = this.#tokens
    switch (token) {
      case 'nil':
      case 'true':
      case 'false':
        this.#tokens.next()
        return constant(token === 'nil' ? undefined : token === 'true')
      case NUMBER:
        this.#tokens.next()
        return constant(numberIn(text))
      case STRING:
        this.#tokens.next()
        return constant(contentOf(text))
      case 'function':
        throw new BeyondExpressions('functions of its own')
      case '{':
        throw new BeyondExpressions('tables of its own')
      case '...':
        throw new BeyondExpressions("'...'")
      default:
        return this.#prefixed()
    }
  }

  /** A name or a parenthesis, and what hangs on it. */
  #prefixed(): Node {
    let node = this.#head()
    for (;;) {
      switch (this.#tokens.token) {
        case '.': {
          this.#tokens.next()
          node = index(node, constant(this.#tokens.takeName()))
          break
        }
        case '[': {
          this.#tokens.next()
          const key = this.expression(0)
          this.#tokens.expect(']')
          node = index(node, key)
          break
        }
        case ':': {
          this.#tokens.next()
          const name = this.#tokens.takeName()
          node = methodCall(node, name, this.#arguments())
          break
        }
        case '(':
        case '{':
        case STRING:
          node = call(node, this.#arguments())
          break
        default:
          return node
      }
    }
  }

  #head(): Node {
    if (!this.#tokens.take('(')) {
      const name = this.#tokens.takeName()
      return { run: (names) => names.lookUp(name), label: `global '${name}'` }
    }
    const inner = this.expression(0)
    this.#tokens.expect(')')
    return unnamed(inner.run)
  }

  #arguments(): readonly LuaExpression[] {
    const { token, text } = this.#tokens
    if (token === '{') throw new BeyondExpressions('tables of its own')
    if (token === STRING) {
      this.#tokens.next()
      return [constant(contentOf(text)).run]
    }
    this.#tokens.expect('(')
    const found: LuaExpression[] = []
    if (this.#tokens.take(')')) return found
    do found.push(this.expression(0).run)
    while (this.#tokens.take(','))
    this.#tokens.expect(')')
    return found
  }
}

function unnamed(run: LuaExpression): Node {
  return { run, label: '' }
}

function constant(value: LuaValue): Node {
  return { run: () => value, label: typeof value === 'string' ? `field '${value}'` : '' }
}

function numberIn(text: string): number {
  const value = luaNumber(text)
  if (value === undefined) throw new BeyondExpressions(`the number ${text}`)
  return value
}

/** A text without its quotes, or the long brackets around it. */
function contentOf(text: string): string {
  const width = text.startsWith('[') ? text.indexOf('[', 1) + 1 : 1
  // An escape such as \u{20AC} is its UTF-8.
  const content = text.slice(width, text.length - width)
  return content.replace(/[^\0-\xff]+/g, bytesOf)
}

function unary(operator: string, { run, label }: Node): LuaExpression {
  switch (operator) {
    case 'not':
      return (names) => !isTrue(run(names))
    case '#':
      return (names) => lengthOf(run(names))
    default:
      return (names) => {
        const value = run(names)
        return arithmetic('-', 0, value, () => called(label, value))
      }
  }
}

function binary(operator: string, left: Node, right: Node): Node {
  const [a, b] = [left.run, right.run]
  switch (operator) {
    case 'or':
      return unnamed((names) => {
        const value = a(names)
        return isTrue(value) ? value : b(names)
      })
    case 'and':
      return unnamed((names) => {
        const value = a(names)
        return isTrue(value) ? b(names) : value
      })
    case '==':
      return unnamed((names) => a(names) === b(names))
    case '~=':
      return unnamed((names) => a(names) !== b(names))
    case '<':
      return unnamed((names) => isLess(a(names), b(names)))
    case '<=':
      return unnamed((names) => isLessOrEqual(a(names), b(names)))
    case '>':
      return unnamed((names) => isLess(b(names), a(names)))
    case '>=':
      return unnamed((names) => isLessOrEqual(b(names), a(names)))
    case '..':
      return unnamed((names) => concatenated(a(names), b(names)))
    default:
      return unnamed((names) => {
        const [x, y] = [a(names), b(names)]
        return arithmetic(operator, x, y, (operand) =>
          operand === 'left' ? called(left.label, x) : called(right.label, y),
        )
      })
  }
}

function index(table: Node, key: Node): Node {
  return {
    run: (names) => valueAt(table.run(names), key.run(names), table.label),
    label: key.label,
  }
}

function valueAt(value: LuaValue, key: LuaValue, label: string): LuaValue {
  if (typeof value === 'object') return value.get(key)
  if (typeof value === 'string') return stringMethod(key)
  throw new LuaError(`attempt to index ${called(label, value)}`)
}

function call({ run, label }: Node, values: readonly LuaExpression[]): Node {
  return unnamed((names) => {
    const callee = run(names)
    if (typeof callee !== 'function') throw notCallable(label, callee)
    return callee(values.map((value) => value(names)))
  })
}

function methodCall({ run, label }: Node, name: string, values: readonly LuaExpression[]): Node {
  return unnamed((names) => {
    const self = run(names)
    const method = valueAt(self, name, label)
    if (typeof method !== 'function') throw notCallable(`method '${name}'`, method)
    return method([self, ...values.map((value) => value(names))])
  })
}

function notCallable(label: string, value: LuaValue): LuaError {
  return new LuaError(`attempt to call ${called(label, value)}`)
}

function called(label: string, value: LuaValue): string {
  const type = typeName(value)
  return label === '' ? `a ${type} value` : `${label} (a ${type} value)`
}
