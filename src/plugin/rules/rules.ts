// Rules across the fields of a configuration, in Kong's words (kong/db/schema/init.lua, entity_checkers). Field names
// are paths below `config`, steps joined by dots.
import { ConfigFault } from '../config-fault.js'

/** A configuration with its defaults filled in, each field of the right type. */
export type RawConfig = Readonly<Record<string, unknown>>

export interface Rule {
  /** The fields it speaks of. It is not asked while one of them is at fault or held by a vault. */
  readonly fields: readonly string[]
  /**
   * What is wrong; nothing when the rule holds.
   * @param prefix what messages put before the names of fields; left out: `config.`
   */
  check(config: RawConfig, prefix?: string): readonly ConfigFault[]
}

const HOLDS: readonly ConfigFault[] = []

/** What stands at a path; undefined for what is left out. */
export function fieldOf(config: RawConfig, field: string): unknown {
  let found: unknown = config
  for (const step of field.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined
    found = (found as RawConfig)[step]
  }
  return found ?? undefined
}

/** Kong: an empty list, map or text counts as missing here. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function listed(fields: readonly string[], prefix = 'config.'): string {
  return fields.map((field) => `'${prefix}${field}'`).join(', ')
}

export function atLeastOneOf(...fields: readonly string[]): Rule {
  return {
    fields,
    check: (config, prefix) =>
      fields.every((field) => isEmpty(fieldOf(config, field)))
        ? [
            new ConfigFault(
              '',
              `at least one of these fields must be non-empty: ${listed(fields, prefix)}`,
            ),
          ]
        : HOLDS,
  }
}

/** Kong's `only_one_of`. */
export function exactlyOneOf(...fields: readonly string[]): Rule {
  return {
    fields,
    check: (config) =>
      fields.filter((field) => !isEmpty(fieldOf(config, field))).length === 1
        ? HOLDS
        : [new ConfigFault('', `exactly one of these fields must be non-empty: ${listed(fields)}`)],
  }
}

/** Kong's `mutually_exclusive`. */
export function onlyOneOf(...fields: readonly string[]): Rule {
  return {
    fields,
    check: (config, prefix) =>
      fields.filter((field) => !isEmpty(fieldOf(config, field))).length > 1
        ? [
            new ConfigFault(
              '',
              `only one or none of these fields must be set: ${listed(fields, prefix)}`,
              'keep one of them',
            ),
          ]
        : HOLDS,
  }
}

export function allOrNoneOf(...fields: readonly string[]): Rule {
  return {
    fields,
    check: (config, prefix) => {
      const given = fields.filter((field) => !isEmpty(fieldOf(config, field))).length
      if (given === 0 || given === fields.length) return HOLDS
      return [
        new ConfigFault('', `all or none of these fields must be set: ${listed(fields, prefix)}`),
      ]
    },
  }
}

export interface Condition {
  /** The field that decides, and the values with which the rule applies. */
  readonly when: string
  readonly is: readonly unknown[] | ((value: unknown) => boolean)
  readonly field: string
  /** What is wrong with the value of `field`; left out: that it is missing. */
  readonly fault?: (value: unknown) => string | undefined
  /** Left out: which value the rule follows from. */
  readonly hint?: string
}

/** Kong's conditional check: the value of one field makes demands on another. */
export function conditional({ when, is, field, fault = missing, hint }: Condition): Rule {
  const applies = typeof is === 'function' ? is : (value: unknown) => is.includes(value)
  return {
    fields: [when, field],
    check: (config) => {
      const given = fieldOf(config, when)
      if (!applies(given)) return HOLDS
      const message = fault(fieldOf(config, field))
      if (message === undefined) return HOLDS
      return [new ConfigFault(field, message, hint ?? `because ${when} is ${String(given)}`)]
    },
  }
}

/** For `conditional`: the field may have this value alone. */
export function mustBe(wanted: boolean | number | string): (value: unknown) => string | undefined {
  return (value) => (value === wanted ? undefined : `value must be ${String(wanted)}`)
}

function missing(value: unknown): string | undefined {
  return value === undefined ? 'required field missing' : undefined
}
