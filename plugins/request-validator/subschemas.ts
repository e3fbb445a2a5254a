// A JSON Schema made ready for ajv: what no request may meet is refused here, with its place, and draft 4 is written as
// draft 7.
import { compileLinearPattern } from 'gw/plugin'
import { escaped } from './json-text.js'
import type { SchemaText } from './place.js'
import type { Draft } from './json-schema.js'

type Fields = Record<string, unknown>

/** Their members are schemas by name. */
const BY_NAME: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'definitions',
  '$defs',
  'dependencies',
  'dependentSchemas',
])
/** They hold values, whatever these look like. */
const VALUES: ReadonlySet<string> = new Set([
  'enum',
  'const',
  'default',
  'example',
  'examples',
  'required',
  'dependentRequired',
])
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef']

/** Of ajv's own, in the place of every reference: it counts how often references are followed. */
export const STEP = 'gw:step'

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * @returns a copy for ajv
 * @throws ConfigFault
 */
export function readySchema(text: SchemaText, draft: Draft): boolean | Fields {
  const { value } = text
  if (typeof value === 'boolean' && draft !== 'draft4') return value
  if (!isFields(value)) throw text.fault('', 'is no schema: it has to be an object')
  return new Preparation(text, draft).schema(value, '')
}

class Preparation {
  readonly #text: SchemaText
  readonly #draft: Draft

  constructor(text: SchemaText, draft: Draft) {
    this.#text = text
    this.#draft = draft
  }

  schema(from: Fields, pointer: string): Fields {
    this.#check(from, pointer)
    const to: Fields = {}
    for (const [name, value] of Object.entries(from)) {
      const at = `${pointer}/${escaped(name)}`
      if (name === '__proto__') throw this.#text.fault(at, "a field '__proto__' cannot be checked")
      // The version says which draft it is.
      if (name === '$schema') continue
      if (VALUES.has(name)) to[name] = value
      else if (BY_NAME.has(name) && isFields(value)) to[name] = this.#byName(value, at)
      else to[name] = this.#any(value, at)
    }
    if (REFERENCES.some((name) => typeof from[name] === 'string')) to[STEP] = true
    return this.#draft === 'draft4' ? fromDraft4(to) : to
  }

  #any(value: unknown, pointer: string): unknown {
    if (Array.isArray(value)) return value.map((item, i) => this.#any(item, `${pointer}/${i}`))
    return isFields(value) ? this.schema(value, pointer) : value
  }

  #byName(from: Fields, pointer: string): Fields {
    const to: Fields = {}
    for (const [name, value] of Object.entries(from)) {
      const at = `${pointer}/${escaped(name)}`
      if (name === '__proto__') throw this.#text.fault(at, "a field '__proto__' cannot be checked")
      if (pointer.endsWith('/patternProperties')) this.#checkPattern(name, at)
      to[name] = this.#any(value, at)
    }
    return to
  }

  #check(schema: Fields, pointer: string): void {
    if ('$async' in schema) throw this.#text.fault(`${pointer}/$async`, '$async is not served')
    if (typeof schema.pattern === 'string') {
      this.#checkPattern(schema.pattern, `${pointer}/pattern`)
    }
    for (const name of REFERENCES) {
      const reference = schema[name]
      if (typeof reference !== 'string' || !/^[a-z][a-z0-9+.-]*:/i.test(reference)) continue
      if (isKnown(this.#text.value, reference)) continue
      const hint = 'put what it refers to below definitions, and write #/definitions/NAME'
      const message = `'${reference}' is not in this schema, and nothing is fetched`
      throw this.#text.fault(`${pointer}/${name}`, message, hint)
    }
  }

  #checkPattern(pattern: string, pointer: string): void {
    try {
      compileLinearPattern(pattern)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw this.#text.fault(pointer, `the pattern cannot be served: ${why}`)
    }
  }
}

/** Whether some part of the schema goes by that address. */
function isKnown(schema: unknown, reference: string): boolean {
  const [address = ''] = reference.split('#')
  if (Array.isArray(schema)) return schema.some((part) => isKnown(part, reference))
  if (!isFields(schema)) return false
  const id = schema.$id ?? schema.id
  if (typeof id === 'string' && id.split('#')[0] === address) return true
  return Object.values(schema).some((part) => isKnown(part, reference))
}

/** Keywords that draft 7 has otherwise, and those that draft 4 does not have and so ignores. */
function fromDraft4(schema: Fields): Fields {
  const { id, exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  for (const name of ['const', 'contains', 'propertyNames', 'if', 'then', 'else']) {
    Reflect.deleteProperty(rest, name)
  }
  if (typeof id === 'string') rest.$id = id
  exclude(rest, exclusiveMinimum, 'minimum', 'exclusiveMinimum')
  exclude(rest, exclusiveMaximum, 'maximum', 'exclusiveMaximum')
  return rest
}

function exclude(schema: Fields, isExclusive: unknown, bound: string, exclusive: string): void {
  if (isExclusive === undefined || isExclusive === false) return
  // Without a bound it says nothing; a number is no draft 4, and ajv's to judge.
  if (isExclusive !== true) schema[exclusive] = isExclusive
  else if (bound in schema) {
    schema[exclusive] = schema[bound]
    Reflect.deleteProperty(schema, bound)
  }
}
