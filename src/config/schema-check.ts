// Holds a value against a JSON Schema: fills defaults in and says in Kong's words what is wrong.
import type { JSONSchema } from '../../schemas/types.js'
import { formatPath, placeOf, type Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import { NOTHING, settle, isRecord, type Deprecated, type Settled } from './settle.js'
import { translate } from './translate.js'
import { validatorOf } from './validators.js'

export interface Checked {
  /** With paths below the value; at most one for each field. */
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** Where values stand that a vault holds. */
  readonly references: readonly DocumentPath[]
  /** What the file has under an old name. */
  readonly moved: readonly Moved[]
}

export interface Moved {
  /** Where the file has it. */
  readonly from: DocumentPath
  /** Where the checked value has it. */
  readonly to: DocumentPath
}

const CLEAN: Checked = { faults: [], warnings: [], references: [], moved: [] }

/** Checks a value and completes it in place. */
export function checkSchema(schema: JSONSchema, value: unknown): Checked {
  const settled = settle(schema, value)
  const validate = validatorOf(schema)
  const isValid = validate(value)
  // Nearly every entity of a large file.
  if (isValid && settled === NOTHING) return CLEAN
  const invalid = isValid ? [] : translate(validate.errors ?? [], schema, value)
  // Afterwards, as places in the file are counted with all that it holds.
  for (const list of settled.repeating) list.splice(0, list.length, ...new Set(list))
  for (const { path, newPath } of settled.deprecated) if (newPath !== null) drop(value, path)
  return {
    faults: collect(settled, invalid),
    warnings: settled.deprecated.map(warningOf),
    references: settled.references,
    moved: settled.deprecated.flatMap(({ path, newPath, mismatch }) =>
      newPath === null || mismatch !== null ? [] : [{ from: path, to: newPath }],
    ),
  }
}

function collect(settled: Settled, invalid: readonly Fault[]): Fault[] {
  const { nulls, formats, references, deprecated } = settled
  // Of what comes from a vault only its type is known.
  const found = [...nulls, ...invalid].filter(
    (fault) => !references.some((reference) => isSame(placeOf(fault), reference)),
  )
  // Kong looks at formats last, and names one fault a field.
  found.push(
    ...formats.filter((format) => !found.some((fault) => isSame(placeOf(fault), placeOf(format)))),
  )
  for (const { path, mismatch } of deprecated) {
    if (mismatch !== null) {
      found.push({ path, message: mismatch, hint: `remove ${String(path.at(-1))}` })
    }
  }
  return found.map((fault) => placeInOldName(fault, deprecated))
}

/** What was written under an old name is not to be found under the new one. */
function placeInOldName(fault: Fault, deprecated: readonly Deprecated[]): Fault {
  if (fault.place !== undefined) return fault
  const source = deprecated.find(
    ({ newPath, mismatch }) => newPath !== null && mismatch === null && isSame(newPath, fault.path),
  )
  return source === undefined ? fault : { ...fault, place: source.path }
}

function warningOf({ path, newPath }: Deprecated): Fault {
  const message = `${String(path.at(-1))} is deprecated`
  const warning = { path, part: 'key', message, rule: 'deprecated' } as const
  if (newPath === null) return warning
  return { ...warning, hint: `write ${formatPath(newPath)} instead` }
}

/** Takes away an old name whose value has found its new place: nobody past this reads it. */
function drop(value: unknown, path: DocumentPath): void {
  const around = path
    .slice(0, -1)
    .reduce((found, step) => (isRecord(found) ? found[step] : undefined), value)
  if (isRecord(around)) Reflect.deleteProperty(around, String(path.at(-1)))
}

function isSame(a: DocumentPath, b: DocumentPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index])
}
