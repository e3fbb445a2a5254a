// Which way a field has moved: towards letting more through, or less. A rule looks at one field of two complete records.
import { isIP, BlockList } from 'node:net'
import { valueAt, type Fields } from './values.js'

export type Direction = 'loosened' | 'tightened'

export interface Shift {
  readonly direction: Direction
  /** Path of the field, joined by dots. */
  readonly field: string
  readonly old: unknown
  readonly new: unknown
}

export type ShiftRule = (old: Fields, now: Fields) => readonly Shift[]

/** A switch; `strict` is the position that guards. Not set counts as off. */
export function flag(field: string, strict: boolean): ShiftRule {
  return rule(field, (value) => ((value === true) === strict ? 0 : 1))
}

/** A number that lets more through the greater it is; not set, or `unlimited`, is no limit at all. */
export function ceiling(field: string, unlimited?: number): ShiftRule {
  return rule(field, (value) =>
    typeof value === 'number' && value !== unlimited ? value : Infinity,
  )
}

/** Words from the strictest to the loosest. */
export function choice(field: string, words: readonly string[]): ShiftRule {
  return rule(field, (value) => words.indexOf(String(value)))
}

/** Whether one entry of a list takes in all that another one does. */
export type Covers = (wide: string, narrow: string) => boolean

const equal: Covers = (wide, narrow) => wide === narrow

export interface ListOptions {
  readonly covers?: Covers
  /** Whether a list that is not set, or empty, lets everything through; otherwise nothing. */
  readonly isOpenWithout: boolean
}

/** A list of what may pass: more entries let more through. */
export function allowed(field: string, { covers = equal, isOpenWithout }: ListOptions): ShiftRule {
  return (old, now) => {
    const listIn = (record: Fields): readonly string[] | null => {
      const list = textsAt(record, field)
      return list.length === 0 && isOpenWithout ? null : list
    }
    const [a, b] = [listIn(old), listIn(now)]
    const shift = { field, old: valueAt(old, field), new: valueAt(now, field) }
    return [
      ...(reaches(b, a, covers) ? [{ ...shift, direction: 'loosened' } as const] : []),
      ...(reaches(a, b, covers) ? [{ ...shift, direction: 'tightened' } as const] : []),
    ]
  }
}

/** A list of what is refused or asked for: fewer entries let more through. */
export function refused(field: string, covers: Covers = equal): ShiftRule {
  const mirrored = allowed(field, { covers, isOpenWithout: false })
  return (old, now) =>
    mirrored(old, now).map((shift) => ({
      ...shift,
      direction: shift.direction === 'loosened' ? 'tightened' : 'loosened',
    }))
}

/**
 * Any measure of a record, the greater the looser.
 * @param show what stands for the value in messages
 */
export function measured(
  field: string,
  measure: (record: Fields) => number,
  show = (record: Fields): unknown => valueAt(record, field),
): ShiftRule {
  return (old, now) => {
    const [before, after] = [measure(old), measure(now)]
    if (before === after) return []
    const direction = after > before ? 'loosened' : 'tightened'
    return [{ direction, field, old: show(old), new: show(now) }]
  }
}

function rule(field: string, looseness: (value: unknown) => number): ShiftRule {
  return measured(field, (record) => looseness(valueAt(record, field)))
}

/** Whether the first has something that the second does not cover; null is everything. */
function reaches(
  list: readonly string[] | null,
  other: readonly string[] | null,
  covers: Covers,
): boolean {
  if (other === null) return false
  if (list === null) return true
  const plain = new Set(other)
  return list.some((item) => !plain.has(item) && !other.some((wide) => covers(wide, item)))
}

function textsAt(record: Fields, field: string): readonly string[] {
  const value = valueAt(record, field)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** For addresses and CIDR blocks. */
export const coversAddresses: Covers = (wide, narrow) => {
  const [a, b] = [parseBlock(wide), parseBlock(narrow)]
  if (a === null || b?.family !== a.family || a.prefix > b.prefix) return false
  const list = new BlockList()
  list.addSubnet(a.address, a.prefix, a.family)
  return list.check(b.address, b.family)
}

function parseBlock(text: string) {
  const [address = '', prefix] = text.split('/')
  const version = isIP(address)
  if (version === 0) return null
  const family = version === 6 ? 'ipv6' : 'ipv4'
  return { address, family, prefix: Number(prefix ?? (version === 6 ? 128 : 32)) } as const
}
