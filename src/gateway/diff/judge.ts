// What it means that one use of a plugin takes the place of another, or of none.
import type { Draft } from '../../config/draft.js'
import type { Level } from './difference.js'
import type { Sides } from './entity-changes.js'
import type { Consequence } from './findings.js'
import { shownChange } from './masking.js'
import { configOf } from './meaning.js'
import { answersAll } from './protection.js'
import type { Shift } from './shift.js'
import { PLUGIN_RULES, purposeOf, type Purpose } from './shift-rules.js'
import { changeText, inWords } from './shown.js'
import { changesBetween, type Fields } from './values.js'

interface Words {
  readonly level: Level
  readonly rule: string
  readonly text: string
}

/** Authentication is judged as a whole: see `authenticationChange`. */
type Judged = Exclude<Purpose, 'authentication' | 'termination'>

const WITHOUT: Readonly<Record<Judged, Words>> = {
  guard: { level: 'loosened', rule: 'guard-removed', text: 'no longer refuses requests' },
  limit: { level: 'loosened', rule: 'limit-removed', text: 'no longer limits requests' },
  sharing: {
    level: 'breaking',
    rule: 'cors-removed',
    text: 'no longer lets pages of other sites read answers',
  },
  other: { level: 'changed', rule: 'plugin-removed', text: 'no longer runs' },
}

const WITH: Readonly<Record<Judged, Words>> = {
  guard: { level: 'tightened', rule: 'guard-added', text: 'now refuses requests' },
  limit: { level: 'tightened', rule: 'limit-added', text: 'now limits requests' },
  sharing: {
    level: 'loosened',
    rule: 'cors-added',
    text: 'now lets pages of other sites read answers',
  },
  other: { level: 'changed', rule: 'plugin-added', text: 'now runs' },
}

/** @param name of the plugin */
export function judgeUses(
  name: string,
  old: Draft | null,
  now: Draft | null,
  sides: Sides,
): readonly Consequence[] {
  const purpose = purposeOf(name)
  const end = terminationChange(old, now, sides)
  if (end !== null) return [end]
  if (old !== null && now !== null) return compareConfigs(name, old, now, sides)
  // With a trigger it is like any other plugin.
  const judged = purpose === 'termination' ? 'other' : purpose
  if (judged === 'authentication' || old === now) return []
  const { level, rule, text } = (now === null ? WITHOUT : WITH)[judged]
  return [{ level, rule, say: (where) => `${name} ${text}${where}`, old, new: now }]
}

function terminationChange(old: Draft | null, now: Draft | null, sides: Sides): Consequence | null {
  const before = old !== null && answersAll(old, sides.old)
  const after = now !== null && answersAll(now, sides.new)
  if (before === after) return null
  const say = (where: string) =>
    before
      ? `requests${where} reach the target, which request-termination kept from it`
      : `request-termination answers requests${where}, which reached the target`
  const level = before ? 'loosened' : 'breaking'
  return { level, rule: before ? 'block-removed' : 'block-added', say, old, new: now }
}

function compareConfigs(name: string, old: Draft, now: Draft, sides: Sides): Consequence[] {
  const [before, after] = [configOf(old, sides.old), configOf(now, sides.new)]
  const shifts = (PLUGIN_RULES[name] ?? []).flatMap((rule) => rule(before, after))
  const found = (['loosened', 'tightened'] as const).flatMap((direction): Consequence[] => {
    const own = shifts.filter((shift) => shift.direction === direction)
    if (own.length === 0) return []
    const text = own.map((shift) => shiftText(shift, now, sides)).join('; ')
    const say = (where: string) => `${name}${where} is ${direction}: ${text}`
    return [{ level: direction, rule: `plugin-${direction}`, say, old, new: now }]
  })
  return found.length > 0 ? found : otherUse(name, old, now, sides, before, after)
}

/** A use that stands in for another one: no entity has changed, but what applies has. */
function otherUse(
  name: string,
  old: Draft,
  now: Draft,
  sides: Sides,
  before: Fields,
  after: Fields,
): Consequence[] {
  if (sides.matching.partnerOf(old) === now) return []
  const changed = changesBetween(before, after).map(({ path }) => path.join('.'))
  // Whether it lets the anonymous pass is judged with the rest of authentication.
  const fields = inWords(changed.filter((field) => field !== 'anonymous'))
  if (fields === '') return []
  const say = (where: string) => `${name}${where} has another configuration: ${fields}`
  return [{ level: 'changed', rule: 'plugin-replaced', say, old, new: now }]
}

/** `hide_credentials true -> false` */
export function shiftText(
  { field, old, new: now }: Shift,
  draft: Draft,
  { new: side }: Sides,
): string {
  const inConfig = draft.collection.name === 'plugins' ? ['config'] : []
  const path = [...inConfig, ...field.split('.')]
  const shown = shownChange({ path, old, new: now }, draft, side)
  return shown.isSecret ? field : `${field} ${changeText(shown)}`
}

export interface AuthenticationChange {
  /** No longer required; one of the two has an entry. */
  readonly lost: readonly string[]
  readonly gained: readonly string[]
  /** All that is required now. */
  readonly required: readonly string[]
  /** What is there and lets the anonymous pass. */
  readonly optional: readonly string[]
}

type Meaning = Pick<Consequence, 'level' | 'rule' | 'say'>

export function authenticationChange(change: AuthenticationChange): Meaning {
  const { lost, gained, required, optional } = change
  const [names, others] = [inWords(lost), inWords(gained)]
  if (lost.length === 0) {
    const say = (where: string) => `requests${where} now have to pass ${others}`
    return { level: 'tightened', rule: 'auth-added', say }
  }
  if (gained.length > 0) {
    const say = (where: string) => `requests${where} have to pass ${others} instead of ${names}`
    return { level: 'breaking', rule: 'auth-replaced', say }
  }
  const left = required.length === 0 ? '' : `; ${inWords(required)} is still asked for`
  if (lost.every((name) => optional.includes(name))) {
    const say = (where: string) =>
      `requests${where} pass ${names} without a credential, as its anonymous consumer${left}`
    return { level: 'loosened', rule: 'auth-optional', say }
  }
  const anyone = required.length === 0 ? ': anyone may call' : left
  const say = (where: string) => `requests${where} no longer have to pass ${names}${anyone}`
  return { level: 'loosened', rule: 'auth-removed', say }
}
