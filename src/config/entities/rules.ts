// Rules across fields that several entities share.
import type { Report } from '../faults.js'

/** A field breaks a rule that another field brings in: Kong names the field, and then the entity as well. */
export function reportCondition(
  report: Report,
  givenField: string,
  field: string,
  message: string,
): void {
  report({ path: [field], message })
  report({
    path: [],
    message: `failed conditional validation given value of field '${givenField}'`,
    place: [givenField],
  })
}
