// Rules across the fields of a configuration, in Kong's words (kong/db/schema/init.lua, entity_checkers). Field names
// are paths below `config`, steps joined by dots.
import { ConfigFault } from './config-fault.js'

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
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function listed(fields: readonly string[], prefix = 'config.'): string {
  return fields.map((field) => `'${prefix}${field}'`).join(', ')
}

/**
 * Rules that Kong checks inside a record, where messages name fields from there and not from `config`.
 * @param record its path; '' for `config` itself. A record that is left out breaks no rule.
 * @param rules with paths below the record
 */
export function within(record: string, rules: readonly Rule[]): readonly Rule[] {
  const below = (field: string) => [record, field].filter((part) => part !== '').join('.')
  return rules.map((rule) => ({
    fields: rule.fields.map(below),
    check: (config) => {
      const inner = record === '' ? config : fieldOf(config, record)
      if (typeof inner !== 'object' || inner === null) return HOLDS
      const faults = rule.check(inner as RawConfig, '')
      return faults.map(({ field, message, hint }) => new ConfigFault(below(field), message, hint))
    },
  }))
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
  readonly is: readonly unknown[]
  readonly field: string
  /** What is wrong with the value of `field`; left out: that it is missing. */
  readonly fault?: (value: unknown) => string | undefined
  /** Kong's own words for the case, where it has some. */
  readonly reason?: string
}

/** Kong's conditional check: the value of one field makes demands on another. */
export function conditional({ when, is, field, fault = missing, reason }: Condition): Rule {
  return {
    fields: [when, field],
    check: (config) => {
      const given = fieldOf(config, when)
      if (!is.includes(given)) return HOLDS
      const message = fault(fieldOf(config, field))
      if (message === undefined) return HOLDS
      return [new ConfigFault(field, message, reason ?? `because ${when} is ${String(given)}`)]
    },
  }
}

/** For `fault`: the one value that the field may have. */
export function onlyValue(wanted: string | number | boolean) {
  return (value: unknown) => (value === wanted ? undefined : `value must be ${String(wanted)}`)
}

export interface ConditionalDemand {
  readonly when: string
  readonly is: readonly unknown[]
  /** One of them must be there and not empty. */
  readonly fields: readonly string[]
  /** Kong's own words. */
  readonly message: string
}

/** Kong's conditional_at_least_one_of: the value of one field asks for others. */
export function conditionalAtLeastOneOf(demand: ConditionalDemand): Rule {
  const { when, is, fields, message } = demand
  return {
    fields: [when, ...fields],
    check: (config) =>
      is.includes(fieldOf(config, when)) && fields.every((field) => isEmpty(fieldOf(config, field)))
        ? [new ConfigFault('', message)]
        : HOLDS,
  }
}

function missing(value: unknown): string | undefined {
  return value === undefined ? 'required field missing' : undefined
}
