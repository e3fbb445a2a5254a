// JSON Schema as Kong's own way to describe fields, for the forms of tools that ask /schemas.
import type { JSONSchema } from '../../../schemas/types.js'
import { isRecord } from '../../config/settle.js'

type Described = Readonly<Record<string, unknown>>

/** `[{name: {...}}, ...]` */
export function kongFields({ properties = {}, required = [] }: JSONSchema): Described[] {
  return Object.entries(properties).flatMap(([name, property]) =>
    isSchema(property) && property.deprecated !== true
      ? [
          {
            [name]: {
              ...kongField(property),
              ...(required.includes(name) ? { required: true } : {}),
            },
          },
        ]
      : [],
  )
}

export function foreignField(target: string, isRequired: boolean): Described {
  return { type: 'foreign', reference: target, ...(isRequired ? { required: true } : {}) }
}

function kongField(schema: JSONSchema): Described {
  const { description, default: fallback, items, additionalProperties: values } = schema
  const { minLength, minItems, maxLength, maxItems } = schema
  const type = typeOf(schema)
  const choices = Array.isArray(schema.enum) ? (schema.enum as readonly unknown[]) : undefined
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined || fallback === null ? {} : { default: fallback }),
    ...(choices === undefined ? {} : { one_of: choices.filter((choice) => choice !== null) }),
    ...rangeOf(schema),
    ...given('len_min', minLength ?? minItems),
    ...given('len_max', maxLength ?? maxItems),
    ...(schema.referenceable === true ? { referenceable: true } : {}),
    ...(isSchema(items) ? { elements: kongField(items) } : {}),
    ...(type === 'record' ? { fields: kongFields(schema) } : {}),
    ...(type === 'map' && isSchema(values)
      ? { keys: { type: 'string' }, values: kongField(values) }
      : {}),
  }
}

function typeOf({ type, uniqueItems, properties }: JSONSchema): string {
  const name = [type ?? 'string'].flat().find((each) => each !== 'null')
  if (name === 'array') return uniqueItems === true ? 'set' : 'array'
  if (name === 'object') return properties === undefined ? 'map' : 'record'
  return name ?? 'string'
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JSONSchema): Described {
  if (minimum !== undefined && maximum !== undefined) return { between: [minimum, maximum] }
  if (minimum !== undefined) return { gt: minimum - 1 }
  return given('gt', exclusiveMinimum)
}

function given(name: string, value: number | undefined): Described {
  return value === undefined ? {} : { [name]: value }
}

function isSchema(value: unknown): value is JSONSchema {
  return isRecord(value)
}
