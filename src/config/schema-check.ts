// Holds a value against a JSON Schema: fills defaults in and says in Kong's words what is wrong.
import type { JSONSchema } from '../../schemas/types.js'
import type { Fault } from './faults.js'
import { settle } from './settle.js'
import { translate } from './translate.js'
import { validatorOf } from './validators.js'

/**
 * Checks a value and completes it in place.
 * @returns faults with paths below the value; at most one for each field
 */
export function checkSchema(schema: JSONSchema, value: unknown): Fault[] {
  const settled = settle(schema, value)
  const validate = validatorOf(schema)
  const invalid = validate(value) ? [] : translate(validate.errors ?? [], schema, value)
  const found = [...settled.nulls, ...invalid]
  // Kong looks at formats last, and names one fault a field.
  return found.concat(settled.formats.filter((fault) => !found.some((one) => isSame(one, fault))))
}

function isSame(a: Fault, b: Fault): boolean {
  return a.path.length === b.path.length && a.path.every((step, index) => step === b.path[index])
}
