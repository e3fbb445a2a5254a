// The functions that Lua's texts have as methods, as `('x'):upper()`; in Kong's sandbox they are not to be had otherwise.
import { PatternMatcher, type PatternMatch } from './pattern.js'
import {
  isTrue,
  LuaError,
  luaNumber,
  luaText,
  typeName,
  type LuaFunction,
  type LuaValue,
} from './values.js'

/** What a method may make: more has no place in a request's head, and a client may choose the count. */
const MAX_BYTES = 1024 * 1024

export function stringMethod(key: LuaValue): LuaFunction | undefined {
  return typeof key === 'string' ? METHODS.get(key) : undefined
}

const METHODS: ReadonlyMap<string, LuaFunction> = new Map<string, LuaFunction>([
  ['upper', (args) => text(args, 0).replace(/[a-z]+/g, (run) => run.toUpperCase())],
  ['lower', (args) => text(args, 0).replace(/[A-Z]+/g, (run) => run.toLowerCase())],
  ['len', (args) => text(args, 0).length],
  ['reverse', (args) => Array.from(text(args, 0)).reverse().join('')],
  ['sub', sub],
  ['byte', byte],
  ['rep', rep],
  ['find', find],
  ['match', match],
  ['gsub', gsub],
  ['format', format],
])

type Args = readonly LuaValue[]

function text(args: Args, at: number): string {
  const value = args[at]
  if (typeof value === 'string' || typeof value === 'number') return luaText(value)
  throw badArgument(at, 'string', value)
}

function number(args: Args, at: number, otherwise?: number): number {
  const value = args[at]
  if (value === undefined && otherwise !== undefined) return otherwise
  const found = luaNumber(value)
  if (found === undefined) throw badArgument(at, 'number', value)
  return Math.trunc(found)
}

function badArgument(at: number, expected: string, value: LuaValue): LuaError {
  return new LuaError(`bad argument #${String(at)} (${expected} expected, got ${typeName(value)})`)
}

/** From 1 on; counted from the end below 0. */
function placeIn(subject: string, place: number): number {
  return place < 0 ? Math.max(subject.length + place + 1, 0) : place
}

function sub(args: Args): string {
  const subject = text(args, 0)
  const from = Math.max(placeIn(subject, number(args, 1)), 1)
  const to = placeIn(subject, number(args, 2, -1))
  return from > to ? '' : subject.slice(from - 1, to)
}

function byte(args: Args): LuaValue {
  const subject = text(args, 0)
  const code = subject.charCodeAt(placeIn(subject, number(args, 1, 1)) - 1)
  return Number.isNaN(code) ? undefined : code
}

function rep(args: Args): string {
  const subject = text(args, 0)
  const count = Math.max(number(args, 1), 0)
  const between = args[2] === undefined ? '' : text(args, 2)
  checkSize((subject.length + between.length) * count)
  return count === 0 ? '' : (subject + between).repeat(count - 1) + subject
}

function checkSize(bytes: number): void {
  // NaN does not compare.
  if (!(bytes <= MAX_BYTES)) throw new LuaError('resulting string too large')
}

function find(args: Args): LuaValue {
  const subject = text(args, 0)
  const pattern = text(args, 1)
  const from = Math.max(placeIn(subject, number(args, 2, 1)) - 1, 0)
  if (from > subject.length) return undefined
  if (isTrue(args[3])) {
    const at = subject.indexOf(pattern, from)
    return at < 0 ? undefined : at + 1
  }
  const found = new PatternMatcher(subject, pattern).find(from)
  return found === undefined ? undefined : found.start + 1
}

function match(args: Args): LuaValue {
  const subject = text(args, 0)
  const from = Math.max(placeIn(subject, number(args, 2, 1)) - 1, 0)
  if (from > subject.length) return undefined
  return new PatternMatcher(subject, text(args, 1)).find(from)?.captures[0]
}

function gsub(args: Args): string {
  const subject = text(args, 0)
  const matcher = new PatternMatcher(subject, text(args, 1))
  const most = number(args, 3, Number.MAX_SAFE_INTEGER)
  let out = ''
  let at = 0
  for (let count = 0; count < most && at <= subject.length; count++) {
    const found = matcher.find(at)
    if (found === undefined) break
    out += subject.slice(at, found.start) + replacement(args, subject, found)
    checkSize(out.length)
    at = found.end
    if (found.end === found.start) out += subject.slice(at, ++at)
    if (matcher.isAnchored) break
  }
  return out + subject.slice(at)
}

function replacement(args: Args, subject: string, found: PatternMatch): string {
  const whole = subject.slice(found.start, found.end)
  const by = args[2]
  if (typeof by === 'string' || typeof by === 'number') {
    return luaText(by).replace(/%([\s\S]?)/g, (_, what: string) => {
      if (!/^[0-9]$/.test(what)) return what
      if (what === '0') return whole
      const capture = found.captures[Number(what) - 1]
      if (capture === undefined) throw new LuaError('invalid capture index')
      return luaText(capture)
    })
  }
  const first = found.captures[0]
  const value =
    typeof by === 'object' ? by.get(first) : typeof by === 'function' ? by([first]) : undefined
  if (value === undefined || value === false) {
    if (by === undefined || typeof by === 'boolean') {
      throw badArgument(2, 'string/function/table', by)
    }
    return whole
  }
  if (typeof value === 'string' || typeof value === 'number') return luaText(value)
  throw new LuaError(`invalid replacement value (a ${typeName(value)})`)
}

const DIRECTIVE = /%(?:%|([-+ #0]*)([0-9]{0,2})(?:\.([0-9]{0,2}))?([\s\S]?))/g

function format(args: Args): string {
  let next = 1
  const out = text(args, 0).replace(
    DIRECTIVE,
    (whole, flags?: string, width?: string, precision?: string, letter?: string) => {
      if (whole === '%%') return '%'
      const at = next++
      return padded(converted(args, at, letter ?? '', precision), flags ?? '', Number(width))
    },
  )
  checkSize(out.length)
  return out
}

function converted(args: Args, at: number, letter: string, precision?: string): string {
  switch (letter) {
    case 's': {
      if (at >= args.length) throw badArgument(at, 'string', undefined)
      const whole = luaText(args[at])
      return precision === undefined ? whole : whole.slice(0, Number(precision))
    }
    case 'd':
    case 'i':
      return String(number(args, at))
    case 'x':
      return number(args, at).toString(16)
    case 'X':
      return number(args, at).toString(16).toUpperCase()
    case 'f': {
      const value = luaNumber(args[at])
      if (value === undefined) throw badArgument(at, 'number', args[at])
      return value.toFixed(precision === undefined ? 6 : Number(precision))
    }
    default:
      throw new LuaError(`invalid option '%${letter}' to 'format'`)
  }
}

function padded(value: string, flags: string, width: number): string {
  if (flags.includes('-')) return value.padEnd(width)
  if (!flags.includes('0')) return value.padStart(width)
  const sign = value.startsWith('-') ? '-' : ''
  return sign + value.slice(sign.length).padStart(width - sign.length, '0')
}
