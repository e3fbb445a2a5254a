// ajv's errors -> Kong's messages. Kong names one fault a field, the first in its own order of checks.
import type { ErrorObject } from 'ajv'
import type { JSONSchema } from '../../schemas/types.js'
import { closest } from '../util/closest.js'
import { inMap, placeOf, shown, type Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import { isRecord } from './settle.js'

/** Kong's order inside a field (kong/db/schema/init.lua, validate_field); what is not listed comes last. */
const ORDER = [
  'additionalProperties',
  'required',
  'type',
  'const',
  'enum',
  'exclusiveMinimum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
]

/** One error with what ajv only points at. */
interface Finding {
  readonly keyword: string
  /** What the keyword says, and the schema that it stands in. */
  readonly demand: unknown
  readonly schema: Record<string, unknown>
  readonly path: DocumentPath
  readonly data: unknown
}

export function translate(
  errors: readonly ErrorObject[],
  schema: JSONSchema,
  value: unknown,
): Fault[] {
  const byField = new Map<string, { rank: number; fault: Fault }>()
  for (const error of errors) {
    // The first two only repeat that something inside them failed; a set may be written with repetitions.
    if (['propertyNames', 'if', 'uniqueItems'].includes(error.keyword)) continue
    const fault = translateOne(error, schema, value)
    const rank = ORDER.includes(error.keyword) ? ORDER.indexOf(error.keyword) : ORDER.length
    const field = JSON.stringify([placeOf(fault), fault.part])
    const known = byField.get(field)
    if (known === undefined || rank < known.rank) byField.set(field, { rank, fault })
  }
  return [...byField.values()].map(({ fault }) => fault)
}

function translateOne(error: ErrorObject, schema: JSONSchema, value: unknown): Fault {
  const { path, found: data } = follow(error.instancePath, value)
  const params: Record<string, unknown> = error.params
  if (error.keyword === 'required') {
    return { path: [...path, String(params.missingProperty)], message: 'required field missing' }
  }
  // `#/properties/port/maximum`: the schema around the keyword, then the keyword.
  const at = decodeURIComponent(error.schemaPath.slice(1))
  const around = follow(at.slice(0, at.lastIndexOf('/')), schema).found
  const parent = isRecord(around) ? around : {}
  if (error.keyword === 'additionalProperties') {
    const known = isRecord(parent.properties) ? Object.keys(parent.properties) : []
    return unknownField(path, String(params.additionalProperty), known)
  }
  const demand = parent[error.keyword]
  const finding: Finding = { keyword: error.keyword, demand, schema: parent, path, data }
  if (error.propertyName === undefined) {
    const message = messageOf(finding)
    return isOfMapValue(at) ? inMap(path, message) : { path, message }
  }
  // Kong files a bad key under the map; the key itself is the better place to point at.
  return {
    path,
    message: messageOf({ ...finding, data: error.propertyName }),
    part: 'key',
    place: [...path, error.propertyName],
  }
}

/** Whether the keyword that a pointer into a schema names stands in the schema of a map's values. */
function isOfMapValue(pointer: string): boolean {
  return pointer.split('/').at(-2) === 'additionalProperties'
}

export function unknownField(path: DocumentPath, name: string, known: Iterable<string>): Fault {
  const fault: Fault = { path: [...path, name], message: 'unknown field', part: 'key' }
  const meant = closest(name, known)
  return meant === undefined ? fault : { ...fault, hint: `did you mean ${meant}?` }
}

function messageOf({ keyword, demand, schema, path, data }: Finding): string {
  switch (keyword) {
    case 'type':
      return `expected ${typeName(schema)}`
    case 'enum':
      return `expected one of: ${textsOf(demand).join(', ')}`
    case 'const':
      return `value must be ${String(demand)}`
    case 'minimum':
    case 'maximum':
      return rangeMessage(schema)
    case 'exclusiveMinimum':
      return `value must be greater than ${String(demand)}`
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return `length must be at least ${String(demand)}`
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return `length must be at most ${String(demand)}`
    case 'pattern':
      return `invalid value: ${shown(data, path)}`
    case 'anyOf':
    case 'oneOf':
      return `expected ${listOf(demand).map(typeName).join(' or ')}`
    default:
      return `fails the rule '${keyword}'`
  }
}

function rangeMessage({ minimum, maximum }: JSONSchema): string {
  if (minimum !== undefined && maximum !== undefined) {
    return `value should be between ${minimum} and ${maximum}`
  }
  return minimum === undefined
    ? `value should be at most ${maximum ?? 'the limit'}`
    : `value should be at least ${minimum}`
}

/** `a string`, `an array`: what Kong calls the type of a field. */
function typeName(schema: unknown): string {
  if (!isRecord(schema)) return 'another type'
  const types = textsOf(schema.type)
  return types.map((type) => oneTypeName(type, schema)).join(' or ')
}

function oneTypeName(type: string, schema: Record<string, unknown>): string {
  if (type === 'object') return schema.properties === undefined ? 'a map' : 'a record'
  if (type === 'array') return schema.uniqueItems === true ? 'a set' : 'an array'
  return type === 'integer' ? 'an integer' : `a ${type}`
}

/** Of a list of types or values those that a user may write; null only says that a field may be empty. */
function textsOf(value: unknown): string[] {
  return listOf(value)
    .map(String)
    .filter((text) => text !== 'null')
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]
}

/** Follows a JSON pointer; what is an index and what a key is up to the value. */
function follow(pointer: string, root: unknown): { path: (string | number)[]; found: unknown } {
  const path: (string | number)[] = []
  let found = root
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(found)) {
      path.push(Number(key))
      found = (found as unknown[])[Number(key)]
    } else {
      path.push(key)
      found = isRecord(found) ? found[key] : undefined
    }
  }
  return { path, found }
}
