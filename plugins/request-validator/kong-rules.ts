// What a field of Kong's form of a schema may say beside its type.
import { bytesOf, PatternMatcher } from 'gw/plugin'
import type { Check } from './json-schema.js'

/** From what stands in the schema to a check; a text says what is wrong with the schema. */
type MakeCheck = (argument: unknown) => Check | string
export type Rules = Readonly<Record<string, MakeCheck>>

function numberRule(holds: (value: unknown, bound: number) => boolean, fault: string): MakeCheck {
  return (bound) =>
    typeof bound === 'number'
      ? (value) => (holds(value, bound) ? null : `${fault} ${bound}`)
      : 'expected a number'
}

function listRule(wanted: boolean, fault: string): MakeCheck {
  return (list) => {
    if (!Array.isArray(list)) return 'expected an array'
    const values: ReadonlySet<unknown> = new Set<unknown>(list)
    return (value) => (values.has(value) === wanted ? null : `${fault}: ${list.join(', ')}`)
  }
}

function between(range: unknown): Check | string {
  const [least, most] = Array.isArray(range) ? (range as unknown[]) : []
  if (typeof least !== 'number' || typeof most !== 'number') return 'expected two numbers'
  return (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? null
      : `value should be between ${least} and ${most}`
}

function equality(wanted: boolean): MakeCheck {
  return (other) => (value) =>
    (value === other) === wanted ? null : `value must ${wanted ? '' : 'not '}be ${String(other)}`
}

/** A switch in the schema: only `true` asks for anything. */
function flag(holds: (value: unknown) => boolean, fault: string): MakeCheck {
  return (isOn) => {
    if (typeof isOn !== 'boolean') return 'expected a boolean'
    return (value) => (!isOn || holds(value) ? null : fault)
  }
}

/**
 * Lua's patterns, byte by byte, as in Kong. One that takes too many steps has no answer, so that neither `match` nor
 * `not_match` lets the value pass.
 */
function patternRule(
  holds: (found: (text: unknown) => boolean, value: unknown) => boolean,
): MakeCheck {
  return (pattern) => {
    if (typeof pattern !== 'string') return 'expected a string'
    const bytes = bytesOf(pattern)
    const found = (text: unknown): boolean =>
      typeof text === 'string' && new PatternMatcher(bytesOf(text), bytes).find(0) !== undefined
    try {
      found('')
      found('a')
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    return (value) => {
      try {
        return holds(found, value) ? null : 'invalid value'
      } catch {
        return 'value takes too long to match'
      }
    }
  }
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const valueRules: Rules = {
  one_of: listRule(true, 'expected one of'),
  not_one_of: listRule(false, 'must not be one of'),
  eq: equality(true),
  ne: equality(false),
  between,
  gt: numberRule(
    (value, bound) => typeof value === 'number' && value > bound,
    'must be greater than',
  ),
  timestamp: flag((value) => typeof value === 'number' && value > 0, 'expected a valid timestamp'),
  match_all: patternRule((found, value) => items(value).every(found)),
  match_none: patternRule((found, value) => !items(value).some(found)),
  match_any: patternRule((found, value) => items(value).some(found)),
}

export const textRules: Rules = {
  match: patternRule((found, value) => found(value)),
  not_match: patternRule((found, value) => !found(value)),
  starts_with: (start) =>
    typeof start === 'string'
      ? (value) =>
          typeof value === 'string' && value.startsWith(start)
            ? null
            : `should start with: ${start}`
      : 'expected a string',
  uuid: flag((value) => typeof value === 'string' && UUID.test(value), 'expected a valid UUID'),
}

export const lengthRules: Rules = {
  len_eq: numberRule((value, bound) => lengthOf(value) === bound, 'length must be'),
  len_min: numberRule((value, bound) => lengthOf(value) >= bound, 'length must be at least'),
  len_max: numberRule((value, bound) => lengthOf(value) <= bound, 'length must be at most'),
}

/** Of a text in bytes, as in Lua. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}
