// The texts of a value, each with what its schema says of it.
import type { JSONSchema } from '../../../schemas/types.js'
import type { DocumentPath } from '../places.js'
import { isRecord } from '../settle.js'

export interface SchemaText {
  readonly text: string
  /** Below the value that the search began at. */
  readonly path: DocumentPath
  /** The name of the field that holds it, itself or in a list. */
  readonly field: string
  readonly format: string | undefined
  /** Whether it, or the list or map around it, may refer to a vault. */
  readonly isReferenceable: boolean
}

export function* schemaTexts(schema: JSONSchema, value: unknown): Generator<SchemaText> {
  yield* textsBelow(schema, value, { path: [], field: '', isReferenceable: false })
}

type Around = Pick<SchemaText, 'path' | 'field' | 'isReferenceable'>

function* textsBelow(schema: JSONSchema, value: unknown, around: Around): Generator<SchemaText> {
  const { path, field } = around
  const isReferenceable = around.isReferenceable || schema.referenceable === true
  if (typeof value === 'string') {
    yield { text: value, path, field, format: schema.format, isReferenceable }
  } else if (Array.isArray(value)) {
    const { items } = schema
    if (!isSchema(items)) return
    for (const [index, item] of value.entries()) {
      yield* textsBelow(items, item, { path: [...path, index], field, isReferenceable })
    }
  } else if (isRecord(value)) {
    const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
    for (const [name, item] of Object.entries(value)) {
      const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties
      if (!isSchema(own)) continue
      yield* textsBelow(own, item, { path: [...path, name], field: name, isReferenceable })
    }
  }
}

function isSchema(value: unknown): value is JSONSchema {
  return isRecord(value)
}
