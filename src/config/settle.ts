// A walk through a value along its schema, before ajv sees it. It does what Kong does first (null means "not set", a
// set holds each element once), and checks formats, whose faults have words of their own.
import type { JSONSchema } from '../../schemas/types.js'
import { isSecret, shown, type Fault } from './faults.js'
import { NUMBER_FORMATS, TEXT_FORMATS } from './formats.js'
import type { DocumentPath } from './places.js'

export interface Settled {
  /** Required fields that were null; a default has no say there. */
  readonly nulls: Fault[]
  readonly formats: Fault[]
}

/** Changes the value in place. */
export function settle(schema: JSONSchema, value: unknown): Settled {
  const walk = new Walk()
  walk.visit(schema, value, [])
  return walk
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

class Walk implements Settled {
  readonly nulls: Fault[] = []
  readonly formats: Fault[] = []

  visit(schema: JSONSchema, value: unknown, path: DocumentPath): void {
    if (schema.format !== undefined) this.#checkFormat(schema.format, value, path)
    if (Array.isArray(value)) this.#visitList(schema, value, path)
    else if (isRecord(value)) this.#visitRecord(schema, value, path)
  }

  #visitList(schema: JSONSchema, list: unknown[], path: DocumentPath): void {
    // `uniqueItems` marks what Kong calls a set; elements of a set are plain values.
    if (schema.uniqueItems === true && new Set(list).size < list.length) {
      list.splice(0, list.length, ...new Set(list))
    }
    const { items } = schema
    if (!isSchema(items)) return
    for (const [index, item] of list.entries()) this.visit(items, item, [...path, index])
  }

  #visitRecord(schema: JSONSchema, record: Record<string, unknown>, path: DocumentPath): void {
    const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
    const required: readonly string[] = schema.required ?? []
    for (const [key, value] of Object.entries(record)) {
      if (isSchema(schema.propertyNames)) this.#checkName(schema.propertyNames, key, path)
      const own = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
      if (!isSchema(own)) continue
      if (value !== null) {
        this.visit(own, value, [...path, key])
      } else if (!allowsNull(own)) {
        Reflect.deleteProperty(record, key)
        if (required.includes(key) && own.default !== undefined) {
          this.nulls.push({ path: [...path, key], message: 'required field missing' })
        }
      }
    }
  }

  /** Kong files a bad key under the map; the key itself is the better place to point at. */
  #checkName({ format }: JSONSchema, key: string, path: DocumentPath): void {
    const message = format === undefined ? undefined : formatFault(format, key)
    if (message === undefined) return
    this.formats.push({ path, message, part: 'key', place: [...path, key] })
  }

  #checkFormat(format: string, value: unknown, path: DocumentPath): void {
    const message = formatFault(format, value)
    if (message === undefined) return
    const leaks = isSecret(path) && message.includes(String(value))
    this.formats.push({ path, message: leaks ? `invalid value: ${shown(value, path)}` : message })
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
