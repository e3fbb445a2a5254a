// What Kong does to a value before it looks at it: null means "not set", and a set holds each element once.
import type { JSONSchema } from '../../schemas/types.js'
import type { Fault } from './faults.js'
import type { DocumentPath } from './places.js'

/** Changes the value in place. A required field that is null is a fault, even where a default stands by. */
export function settle(
  schema: JSONSchema,
  value: unknown,
  path: DocumentPath,
  faults: Fault[],
): void {
  if (Array.isArray(value)) settleList(schema, value, path, faults)
  else if (isRecord(value)) settleRecord(schema, value, path, faults)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function settleList(
  schema: JSONSchema,
  list: unknown[],
  path: DocumentPath,
  faults: Fault[],
): void {
  // `uniqueItems` marks what Kong calls a set; elements of a set are plain values.
  if (schema.uniqueItems === true && new Set(list).size < list.length) {
    list.splice(0, list.length, ...new Set(list))
  }
  const { items } = schema
  if (!isSchema(items)) return
  for (const [index, item] of list.entries()) settle(items, item, [...path, index], faults)
}

function settleRecord(
  schema: JSONSchema,
  record: Record<string, unknown>,
  path: DocumentPath,
  faults: Fault[],
): void {
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
  const required: readonly string[] = schema.required ?? []
  for (const [key, value] of Object.entries(record)) {
    const own = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    if (!isSchema(own)) continue
    if (value !== null) {
      settle(own, value, [...path, key], faults)
    } else if (!allowsNull(own)) {
      Reflect.deleteProperty(record, key)
      if (required.includes(key) && own.default !== undefined) {
        faults.push({ path: [...path, key], message: 'required field missing' })
      }
    }
  }
}

function allowsNull(schema: JSONSchema): boolean {
  const { type } = schema
  if (type === undefined) return true
  return type === 'null' || (Array.isArray(type) && type.includes('null'))
}

function isSchema(value: unknown): value is JSONSchema {
  return isRecord(value)
}
