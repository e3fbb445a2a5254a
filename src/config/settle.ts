// A walk through a value along its schema, before ajv sees it. It does what Kong does first (null means "not set", old
// names become new ones), and checks formats, whose faults have words of their own.
import type { JSONSchema } from '../../schemas/types.js'
import { isVaultReference } from '../util/vault-reference.js'
import { inMap, isSecret, shown, type Fault } from './faults.js'
import { NUMBER_FORMATS, TEXT_FORMATS } from './formats/formats.js'
import type { DocumentPath } from './places.js'

export interface Settled {
  /** Required fields that were null; a default has no say there. */
  readonly nulls: Fault[]
  readonly formats: Fault[]
  /** Where values stand that a vault holds: what they will be is not known yet. */
  readonly references: DocumentPath[]
  readonly deprecated: Deprecated[]
  /** Sets that hold an element more than once: it goes once its place has been checked. */
  readonly repeating: unknown[][]
}

/** A field with an old name that the value uses. */
export interface Deprecated {
  readonly path: DocumentPath
  /** Where its value has been put as well; null when nothing takes its place. */
  readonly newPath: DocumentPath | null
  /** The new field was there already and says something else: Kong's words for it. */
  readonly mismatch: string | null
}

const MISSING = 'required field missing'

/** What `settle` returns when there is nothing to say, as of nearly every entity. */
export const NOTHING: Settled = {
  nulls: [],
  formats: [],
  references: [],
  deprecated: [],
  repeating: [],
}

/** One that has found nothing, and can walk again: a file may have a million entities. */
let idle: Walk | null = null

/** Changes the value in place. */
export function settle(schema: JSONSchema, value: unknown): Settled {
  const walk = idle ?? new Walk()
  idle = null
  walk.visit(schema, value)
  if (!walk.isEmpty) return walk
  idle = walk
  return NOTHING
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

class Walk implements Settled {
  readonly nulls: Fault[] = []
  readonly formats: Fault[] = []
  readonly references: DocumentPath[] = []
  readonly deprecated: Deprecated[] = []
  readonly repeating: unknown[][] = []
  /** Where the walk stands: one list for all steps, since most places are never spoken of. */
  readonly #path: (string | number)[] = []

  get isEmpty(): boolean {
    const { nulls, formats, references, deprecated, repeating } = this
    const count = nulls.length + formats.length + references.length + deprecated.length
    return count + repeating.length === 0
  }

  visit(schema: JSONSchema, value: unknown): void {
    if (schema.referenceable === true && typeof value === 'string' && isVaultReference(value)) {
      this.references.push([...this.#path])
      return
    }
    if (schema.format !== undefined) this.#checkFormat(schema.format, value)
    if (Array.isArray(value)) this.#visitList(schema, value)
    else if (isRecord(value)) this.#visitRecord(schema, value)
  }

  #step(key: string | number, schema: JSONSchema, value: unknown): void {
    this.#path.push(key)
    this.visit(schema, value)
    this.#path.pop()
  }

  #visitList(schema: JSONSchema, list: unknown[]): void {
    // `uniqueItems` marks what Kong calls a set; elements of a set are plain values.
    if (schema.uniqueItems === true && list.length > 1 && new Set(list).size < list.length) {
      this.repeating.push(list)
    }
    const { items } = schema
    if (!isSchema(items)) return
    for (let index = 0; index < list.length; index++) this.#step(index, items, list[index])
  }

  #visitRecord(schema: JSONSchema, record: Record<string, unknown>): void {
    const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
    const required: readonly string[] = schema.required ?? []
    this.#renameOld(properties, record)
    for (const key of Object.keys(record)) {
      const value = record[key]
      if (isSchema(schema.propertyNames)) this.#checkName(schema.propertyNames, key)
      const isField = Object.hasOwn(properties, key)
      const own = isField ? properties[key] : schema.additionalProperties
      if (!isSchema(own)) continue
      if (value !== null) {
        this.#step(key, own, value)
      } else if (!allowsNull(own)) {
        Reflect.deleteProperty(record, key)
        const at = [...this.#path, key]
        // An entry of a map cannot be left empty, and no default stands in for a required field that is null.
        if (!isField) this.nulls.push(inMap(at, MISSING))
        else if (required.includes(key) && own.default !== undefined) {
          this.nulls.push({ path: at, message: MISSING })
        }
      }
    }
  }

  /** First of all, so that what moves is checked at its new place. The old field stays for ajv to see its type. */
  #renameOld(properties: Readonly<Record<string, unknown>>, record: Record<string, unknown>): void {
    for (const key of Object.keys(record)) {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined
      if (isSchema(own) && own.deprecated === true) this.#renameOne(key, own, record)
    }
  }

  #renameOne(key: string, own: JSONSchema, record: Record<string, unknown>): void {
    const value = newValue(own, record[key])
    if (value === null) return
    const path = [...this.#path, key]
    const steps = own.replacedBy?.split('.')
    if (steps === undefined) {
      if (value !== own.default) this.deprecated.push({ path, newPath: null, mismatch: null })
      return
    }
    // With a value of the wrong type the old field alone is at fault.
    if (!hasTypeOf(own, value)) return
    const newPath = [...this.#path, ...steps]
    const move = { steps, value, newPath, oldName: key }
    const mismatch = putAt(record, move, own.overrules === true)
    this.deprecated.push({ path, newPath, mismatch })
  }

  /** Kong files a bad key under the map; the key itself is the better place to point at. */
  #checkName({ format }: JSONSchema, key: string): void {
    const message = format === undefined ? undefined : formatFault(format, key)
    if (message === undefined) return
    const path = [...this.#path]
    this.formats.push({ path, message, part: 'key', place: [...path, key] })
  }

  #checkFormat(format: string, value: unknown): void {
    const message = formatFault(format, value)
    if (message === undefined) return
    const path = [...this.#path]
    const leaks = isSecret(path) && message.includes(String(value))
    this.formats.push({ path, message: leaks ? `invalid value: ${shown(value, path)}` : message })
  }
}

/** What an old field says in the words of the new one. */
function newValue({ replacedValues = [] }: JSONSchema, value: unknown): unknown {
  const replaced = replacedValues.find(([old]) => old === value)
  return replaced === undefined ? value : replaced[1]
}

interface Move {
  readonly oldName: string
  /** From the record to the new field. */
  readonly steps: readonly string[]
  readonly newPath: DocumentPath
  readonly value: unknown
}

/** Puts the value of an old field where it belongs now. If the new field says something else, says so. */
function putAt(record: Record<string, unknown>, move: Move, overrules: boolean): string | null {
  const { steps, value, oldName, newPath } = move
  let around = record
  for (const step of steps.slice(0, -1)) {
    around[step] ??= {}
    const next = around[step]
    // Not a record: its own fault says so.
    if (!isRecord(next)) return null
    around = next
  }
  const last = steps.at(-1) ?? ''
  const current = around[last] ?? null
  if (current === null || overrules) around[last] = value
  if (current === null || current === value || overrules) return null
  const newName = steps.join('.')
  const [old, now] = [shown(value, newPath), shown(current, newPath)]
  return `both deprecated and new field are used but their values mismatch: ${oldName} = ${old} vs ${newName} = ${now}`
}

function hasTypeOf({ type }: JSONSchema, value: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isRecord(value)
    default:
      return typeof value === type
  }
}

function formatFault(format: string, value: unknown): string | undefined {
  const ofText = TEXT_FORMATS.get(format)
  const ofNumber = NUMBER_FORMATS.get(format)
  if (ofText === undefined && ofNumber === undefined) {
    throw new TypeError(`a schema names the unknown format '${format}'`)
  }
  // A value of another type is a fault of its type.
  if (typeof value === 'string') return ofText?.(value)
  return typeof value === 'number' ? ofNumber?.(value) : undefined
}

function allowsNull({ type }: JSONSchema): boolean {
  if (type === undefined) return true
  return type === 'null' || (Array.isArray(type) && type.includes('null'))
}

function isSchema(value: unknown): value is JSONSchema {
  return isRecord(value)
}
