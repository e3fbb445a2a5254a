// The values that Lua expressions work with, and what Lua's operators make of them. Texts are bytes, as in Lua: one
// character for each.

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction

/** What an expression can index. There is nothing that it could change. */
export interface LuaTable {
  readonly kind: 'table'
  get(key: LuaValue): LuaValue
  /** Of the list that it is, or begins with. */
  readonly length: number
}

/** Takes the values as they stand in the call, and gives one. */
export type LuaFunction = (values: readonly LuaValue[]) => LuaValue

/** What Lua raises as an error while it runs. */
export class LuaError extends Error {
  override readonly name = 'LuaError'
}

const BEYOND_ASCII = /[^\0-\x7f]/

/** Text as the bytes of its UTF-8. */
export function bytesOf(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

/** The bytes as text; those that are no UTF-8 each as the character of that number. */
export function textOf(bytes: string): string {
  if (!BEYOND_ASCII.test(bytes)) return bytes
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? bytes : text
}

/** Texts in order, from 1 on. */
export class LuaList implements LuaTable {
  readonly kind = 'table'
  readonly #items: readonly LuaValue[]

  constructor(items: readonly LuaValue[]) {
    this.#items = items
  }

  get length(): number {
    return this.#items.length
  }

  get(key: LuaValue): LuaValue {
    return typeof key === 'number' ? this.#items[key - 1] : undefined
  }
}

export function typeName(value: LuaValue): string {
  if (value === undefined) return 'nil'
  return typeof value === 'object' ? value.kind : typeof value
}

export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false
}

/** Lua: tostring. */
export function luaText(value: LuaValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  // Lua gives the address in memory too, which tells nobody anything.
  return value === undefined ? 'nil' : `${typeName(value)}: 0x00000000`
}

/** As C prints it by `%.14g`. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0'
  const [digits = '', exponent = ''] = value.toExponential(13).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 14) return String(Number(value.toPrecision(14)))
  const sign = power < 0 ? '-' : '+'
  return `${String(Number(digits))}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}

const NUMBER =
  /^[ \t\v\f\r\n]*([+-]?)(0x[0-9a-f]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?)[ \t\v\f\r\n]*$/i

/** Lua: what arithmetic takes; undefined for what is no number and reads like none. */
export function luaNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  const [, sign, digits] = NUMBER.exec(value) ?? []
  if (digits === undefined) return undefined
  return sign === '-' ? -Number(digits) : Number(digits)
}

export function concatenated(left: LuaValue, right: LuaValue): string {
  const odd = isTextual(left) ? right : left
  if (!isTextual(odd)) throw new LuaError(`attempt to concatenate a ${typeName(odd)} value`)
  return luaText(left) + luaText(right)
}

function isTextual(value: LuaValue): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

export function isLess(left: LuaValue, right: LuaValue): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right
  if (typeof left === 'string' && typeof right === 'string') return left < right
  throw notComparable(left, right)
}

export function isLessOrEqual(left: LuaValue, right: LuaValue): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right
  if (typeof left === 'string' && typeof right === 'string') return left <= right
  throw notComparable(left, right)
}

function notComparable(left: LuaValue, right: LuaValue): LuaError {
  const [a, b] = [typeName(left), typeName(right)]
  return new LuaError(
    a === b ? `attempt to compare two ${a} values` : `attempt to compare ${a} with ${b}`,
  )
}

/** @param what how the code calls the operands, for an error */
export function arithmetic(
  operator: string,
  left: LuaValue,
  right: LuaValue,
  what: (operand: 'left' | 'right') => string,
): number {
  const a = luaNumber(left)
  if (a === undefined) throw new LuaError(`attempt to perform arithmetic on ${what('left')}`)
  const b = luaNumber(right)
  if (b === undefined) throw new LuaError(`attempt to perform arithmetic on ${what('right')}`)
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a - Math.floor(a / b) * b
    default:
      return a ** b
  }
}

export function lengthOf(value: LuaValue): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'object') return value.length
  throw new LuaError(`attempt to get length of a ${typeName(value)} value`)
}
