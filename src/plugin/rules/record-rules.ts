// Rules that Kong writes for records, and so for every plugin that has such a record.
import { ConfigFault } from '../config-fault.js'
import { fieldOf, isEmpty, type RawConfig, type Rule } from './rules.js'

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
      if (typeof inner !== 'object' || inner === null) return []
      const faults = rule.check(inner as RawConfig, '')
      return faults.map(({ field, message, hint }) => new ConfigFault(below(field), message, hint))
    },
  }))
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
        : [],
  }
}
