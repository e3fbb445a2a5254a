// A rule for the records of a list.
import { ConfigFault } from '../config-fault.js'
import { fieldOf, type RawConfig, type Rule } from './rules.js'

/**
 * Holds each record of the list against the rule, whose fields are those of a record. A record at fault does not excuse
 * the others, so the rule is asked of it too and has to bear values of any type, as `conditional` without `fault` does.
 */
export function inEach(list: string, rule: Rule): Rule {
  return {
    fields: [],
    check: (config) => {
      const records = fieldOf(config, list)
      if (!Array.isArray(records)) return []
      return records.flatMap((record: unknown, index) =>
        isRecord(record) ? faultsIn(`${list}[${index}]`, rule.check(record)) : [],
      )
    },
  }
}

function faultsIn(place: string, faults: readonly ConfigFault[]): ConfigFault[] {
  return faults.map(
    ({ field, message, hint }) =>
      new ConfigFault(field === '' ? place : `${place}.${field}`, message, hint),
  )
}

function isRecord(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
