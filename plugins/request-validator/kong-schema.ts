// Kong's own form of a schema: a list of fields with their types, as in the schemas of its plugins. The whole of it is
// settled at load.
import { lengthRules, textRules, valueRules, type Rules } from './kong-rules.js'
import type { Check } from './json-schema.js'
import { escaped } from './json-text.js'
import type { SchemaText } from './place.js'
import { isFields } from './subschemas.js'

type Fields = Record<string, unknown>

/** What is wrong with a value, and at which member; null when nothing is. */
type FieldCheck = (value: unknown, path: string) => string | null

const TYPES = ['string', 'number', 'integer', 'boolean', 'map', 'array', 'set', 'record'] as const
type Type = (typeof TYPES)[number]

/** Of every type; `format` is a remark, as it is for Kong. */
const COMMON = ['type', 'required', 'format', 'description']
const OF_TYPE: Readonly<Record<Type, readonly string[]>> = {
  string: [
    'one_of',
    'not_one_of',
    'eq',
    'ne',
    ...Object.keys(textRules),
    ...Object.keys(lengthRules),
  ],
  number: ['one_of', 'not_one_of', 'eq', 'ne', 'between', 'gt', 'timestamp'],
  integer: ['one_of', 'not_one_of', 'eq', 'ne', 'between', 'gt', 'timestamp'],
  boolean: ['eq', 'ne'],
  map: ['keys', 'values', ...Object.keys(lengthRules)],
  array: ['elements', 'match_all', 'match_none', 'match_any', ...Object.keys(lengthRules)],
  set: ['elements', 'match_all', 'match_none', 'match_any', ...Object.keys(lengthRules)],
  record: ['fields'],
}

/** @throws ConfigFault for a schema that is none */
export function compileKongSchema(text: SchemaText): Check {
  const hint = 'write [{"NAME": {"type": "string"}}], or name the draft of a JSON Schema in version'
  if (!Array.isArray(text.value)) throw text.fault('', 'has to be a list of fields', hint)
  const check = new Compiler(text).record(text.value, '')
  return (value) => check(value, '')
}

class Compiler {
  readonly #text: SchemaText

  constructor(text: SchemaText) {
    this.#text = text
  }

  record(fields: unknown, pointer: string): FieldCheck {
    const checks = this.#fieldsOf(fields, pointer)
    return (value, path) => {
      if (!isFields(value)) return at('expected a record', path)
      for (const name of Object.keys(value)) {
        if (!checks.has(name)) return at('unknown field', below(path, name))
      }
      for (const [name, { check, isRequired }] of checks) {
        const member = Object.hasOwn(value, name) ? value[name] : null
        const place = below(path, name)
        if (member !== null) {
          const fault = check(member, place)
          if (fault !== null) return fault
        } else if (isRequired) return at('required field missing', place)
      }
      return null
    }
  }

  #fieldsOf(fields: unknown, pointer: string): Map<string, Field> {
    if (!Array.isArray(fields)) throw this.#text.fault(pointer, 'has to be a list of fields')
    const checks = new Map<string, Field>()
    fields.forEach((entry: unknown, i) => {
      const place = `${pointer}/${i}`
      const [only, ...more] = isFields(entry) ? Object.entries(entry) : []
      if (only === undefined || more.length > 0) {
        throw this.#text.fault(place, 'has to be a record with the name of one field')
      }
      const [name, definition] = only
      const inner = `${place}/${escaped(name)}`
      if (checks.has(name)) throw this.#text.fault(inner, `field '${name}' is there twice`)
      checks.set(name, this.#field(definition, inner))
    })
    return checks
  }

  #field(definition: unknown, pointer: string): Field {
    const type = this.#typeOf(definition, pointer)
    const fields = definition as Fields
    const known = [...COMMON, ...OF_TYPE[type]]
    for (const name of Object.keys(fields)) {
      if (known.includes(name)) continue
      const place = `${pointer}/${escaped(name)}`
      throw this.#text.fault(place, `'${name}' is nothing that a ${type} has`, known.join(', '))
    }
    if (fields.required !== undefined && typeof fields.required !== 'boolean') {
      throw this.#text.fault(`${pointer}/required`, 'expected a boolean')
    }
    return { check: this.#check(type, fields, pointer), isRequired: fields.required === true }
  }

  #typeOf(definition: unknown, pointer: string): Type {
    const found = isFields(definition) ? TYPES.find((type) => type === definition.type) : undefined
    if (found !== undefined) return found
    throw this.#text.fault(`${pointer}/type`, `needs a type, one of ${TYPES.join(', ')}`)
  }

  #check(type: Type, fields: Fields, pointer: string): FieldCheck {
    switch (type) {
      case 'record':
        return this.record(fields.fields, `${pointer}/fields`)
      case 'map':
        return this.#map(fields, pointer)
      case 'array':
      case 'set':
        return this.#array(type, fields, pointer)
      case 'string': {
        const rules = this.#rules({ ...valueRules, ...textRules, ...lengthRules }, fields, pointer)
        // Kong: an empty text is refused unless len_min allows it.
        const mayBeEmpty = ['len_min', 'len_eq', 'len_max'].some((name) => fields[name] === 0)
        return (value, path) => {
          if (typeof value !== 'string') return at('expected a string', path)
          if (value === '' && !mayBeEmpty) return at('length must be at least 1', path)
          return rules(value, path)
        }
      }
      case 'number':
      case 'integer':
      case 'boolean': {
        const rules = this.#rules(valueRules, fields, pointer)
        return (value, path) => (isOfType(value, type) ? rules(value, path) : wrongType(type, path))
      }
    }
  }

  #map(fields: Fields, pointer: string): FieldCheck {
    const keys = this.#field(fields.keys, `${pointer}/keys`).check
    const values = this.#field(fields.values, `${pointer}/values`).check
    const rules = this.#rules(lengthRules, fields, pointer)
    return (value, path) => {
      if (!isFields(value)) return at('expected a map', path)
      for (const [name, member] of Object.entries(value)) {
        const fault = keys(name, path) ?? values(member, below(path, name))
        if (fault !== null) return fault
      }
      return rules(value, path)
    }
  }

  #array(type: 'array' | 'set', fields: Fields, pointer: string): FieldCheck {
    const elements = this.#field(fields.elements, `${pointer}/elements`).check
    const rules = this.#rules({ ...valueRules, ...lengthRules }, fields, pointer)
    return (value, path) => {
      if (!Array.isArray(value)) return wrongType(type, path)
      for (const [i, item] of value.entries()) {
        const fault = elements(item, `${path}[${i + 1}]`)
        if (fault !== null) return fault
      }
      return rules(value, path)
    }
  }

  #rules(rules: Rules, fields: Fields, pointer: string): FieldCheck {
    const checks: Check[] = []
    for (const [name, argument] of Object.entries(fields)) {
      const make = Object.hasOwn(rules, name) ? rules[name] : undefined
      if (make === undefined) continue
      const check = make(argument)
      if (typeof check === 'string') throw this.#text.fault(`${pointer}/${escaped(name)}`, check)
      checks.push(check)
    }
    return (value, path) => {
      for (const check of checks) {
        const fault = check(value)
        if (fault !== null) return at(fault, path)
      }
      return null
    }
  }
}

interface Field {
  readonly check: FieldCheck
  readonly isRequired: boolean
}

function isOfType(value: unknown, type: 'number' | 'integer' | 'boolean'): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function wrongType(type: Type, path: string): string {
  return at(`expected ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`, path)
}

/** Kong's verbose answers name the field behind the fault. */
function at(fault: string, path: string): string {
  return path === '' ? fault : `${fault}: ${path}`
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
