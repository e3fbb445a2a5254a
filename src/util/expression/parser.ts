// Reads the expressions of routes, in the language of Kong's router (ATC), and checks their types.
import { compileRegex } from '../regex/regex.js'
import { TextReader } from '../regex/text-reader.js'
import { findField, type FieldType, type Subsystem } from './fields.js'
import { readLiteral, type Literal } from './literals.js'
import {
  ExpressionError,
  type AddressOperator,
  type Comparison,
  type Expression,
  type Field,
  type NumberOperator,
  type Predicate,
  type TextOperator,
} from './tree.js'

/** Far more than anybody writes; it keeps recursion within bounds. */
const MAX_DEPTH = 250

const BLANKS = /[ \t\r\n]*/y
const NAME = /[A-Za-z][A-Za-z0-9_.]*/y
const OPERATOR = /==|!=|~|\^=|=\^|>=|>|<=|<|contains(?![\w.])|in(?![\w.])|not[ \t\r\n]+in(?![\w.])/y
const AND = /&&/y
const OR = /\|\|/y

const TEXT_OPERATORS: readonly TextOperator[] = ['==', '!=', '~', '^=', '=^', 'contains']
const NUMBER_OPERATORS: readonly NumberOperator[] = ['==', '!=', '>', '>=', '<', '<=']
const MISMATCH = 'Type mismatch between the LHS and RHS values of predicate'

/** @throws ExpressionError that says what is wrong with it, and where */
export function parseExpression(text: string, subsystem: Subsystem = 'http'): Expression {
  return new ExpressionParser(text, subsystem).parse()
}

/** Every field that it asks for. */
export function fieldsOf(expression: Expression): readonly Field[] {
  switch (expression.kind) {
    case 'predicate':
      return [expression.field]
    case 'not':
      return fieldsOf(expression.item)
    default:
      return expression.items.flatMap(fieldsOf)
  }
}

interface LeftSide {
  readonly name: string
  readonly lower: boolean
  readonly any: boolean
}

class ExpressionParser {
  readonly #text: TextReader
  readonly #subsystem: Subsystem
  #depth = 0

  constructor(text: string, subsystem: Subsystem) {
    this.#text = new TextReader(text)
    this.#subsystem = subsystem
  }

  parse(): Expression {
    const whole = this.#conjunction()
    if (!this.#text.isAtEnd) this.#fail('expected && or || or the end')
    return whole
  }

  /** In Kong's grammar `||` binds tighter than `&&`. */
  #conjunction(): Expression {
    return this.#chain('all', AND, () => this.#chain('any', OR, () => this.#term()))
  }

  #chain(kind: 'all' | 'any', operator: RegExp, read: () => Expression): Expression {
    const first = read()
    const items = [first]
    this.#skipBlanks()
    while (this.#text.match(operator) !== null) {
      items.push(read())
      this.#skipBlanks()
    }
    return items.length === 1 ? first : { kind, items }
  }

  #term(): Expression {
    this.#skipBlanks()
    const isNegated = this.#text.eat('!')
    this.#skipBlanks()
    if (this.#text.eat('(')) {
      if (++this.#depth > MAX_DEPTH) this.#fail('parentheses are nested too deeply')
      const item = this.#conjunction()
      this.#close()
      this.#depth--
      return isNegated ? { kind: 'not', item } : item
    }
    if (isNegated) this.#fail('expected ( after !')
    return this.#predicate()
  }

  #close(): void {
    this.#skipBlanks()
    if (!this.#text.eat(')')) this.#fail('expected )')
  }

  #predicate(): Predicate {
    const start = this.#text.offset
    const { name, lower, any } = this.#leftSide(0)
    const known = findField(name, this.#subsystem)
    if (typeof known === 'string') return this.#fail(known, start)
    if (lower && known.type !== 'text') {
      this.#fail('lower-case transformation function only supported with String type fields', start)
    }
    this.#skipBlanks()
    const operatorAt = this.#text.offset
    const operator = this.#text.match(OPERATOR)?.[0].replace(/\s+/, ' ')
    if (operator === undefined) return this.#fail('expected an operator, such as == or ^=')
    this.#skipBlanks()
    const valueAt = this.#text.offset
    const literal = readLiteral(this.#text)
    if (literal === null) return this.#fail('expected a value: "text", a number or an address')
    if (typeof literal === 'string') return this.#fail(literal, valueAt)
    const comparison = compare(known.type, operator, literal)
    if (typeof comparison === 'string') return this.#fail(comparison, operatorAt)
    if (comparison.operator === '~') this.#checkRegex(comparison.value, valueAt)
    return { kind: 'predicate', field: known.field, lower, any, comparison }
  }

  /** `http.path`, or that inside of functions. */
  #leftSide(depth: number): LeftSide {
    this.#skipBlanks()
    const start = this.#text.offset
    const name = this.#text.match(NAME)?.[0]
    if (name === undefined) return this.#fail('expected a field or a parenthesis')
    this.#skipBlanks()
    if (!this.#text.eat('(')) return { name, lower: false, any: false }
    if (name !== 'lower' && name !== 'any') return this.#fail(`unknown function ${name}`, start)
    if (depth > MAX_DEPTH) this.#fail('functions are nested too deeply')
    const inner = this.#leftSide(depth + 1)
    this.#close()
    return { ...inner, [name]: true }
  }

  #checkRegex(source: unknown, at: number): void {
    try {
      compileRegex(String(source))
    } catch (error) {
      this.#fail(`invalid regex: ${error instanceof Error ? error.message : String(error)}`, at)
    }
  }

  #skipBlanks(): void {
    this.#text.match(BLANKS)
  }

  #fail(fault: string, offset = this.#text.offset): never {
    throw new ExpressionError(this.#text.text, offset, fault)
  }
}

/** @returns what is wrong, as text, where the types do not go together; Kong's words */
function compare(type: FieldType, operator: string, literal: Literal): Comparison | string {
  if (operator === 'in' || operator === 'not in') {
    if (type !== 'address' || literal.type !== 'block') {
      return 'In/NotIn operators only supports IP in CIDR'
    }
    return { type, operator, value: literal.value }
  }
  if (operator === '~' && (type !== 'text' || literal.type !== 'text')) {
    return 'Regex operators only supports string operands'
  }
  if (type !== literal.type) return MISMATCH
  switch (literal.type) {
    case 'text':
      return compareWith(TEXT_OPERATORS, operator, (known) => ({ ...literal, operator: known }))
    case 'number':
      return compareWith(NUMBER_OPERATORS, operator, (known) => ({ ...literal, operator: known }))
    case 'address':
      return compareWith(EQUALITY, operator, (known) => ({
        type: 'address',
        value: literal.value,
        operator: known,
      }))
  }
}

const EQUALITY: readonly AddressOperator[] = ['==', '!=']

function compareWith<O extends string>(
  operators: readonly O[],
  operator: string,
  make: (operator: O) => Comparison,
): Comparison | string {
  const known = operators.find((one) => one === operator)
  if (known !== undefined) return make(known)
  return TEXT_OPERATORS.some((one) => one === operator)
    ? `${operator} only supports string operands`
    : 'Greater/GreaterOrEqual/Less/LessOrEqual operators only supports integer operands'
}
