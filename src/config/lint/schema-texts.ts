// The texts of a value that a rule asks for, each with what its schema says of it.
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

type Around = Pick<SchemaText, 'path' | 'field' | 'isReferenceable'>

/** Looks only where a schema has something that is asked for: most uses of plugins have nothing. */
export class SchemaTexts {
  readonly #isAskedFor: (schema: JSONSchema, field: string) => boolean
  /** By schema and field: one constant may stand under several names. */
  readonly #known = new WeakMap<JSONSchema, Map<string, boolean>>()

  /** @param isAskedFor of a schema and the name of its field: whether it, or what stands in it, may be asked for */
  constructor(isAskedFor: (schema: JSONSchema, field: string) => boolean) {
    this.#isAskedFor = isAskedFor
  }

  in(schema: JSONSchema, value: unknown): readonly SchemaText[] {
    const found: SchemaText[] = []
    this.#collect(schema, value, { path: [], field: '', isReferenceable: false }, found)
    return found
  }

  #collect(schema: JSONSchema, value: unknown, around: Around, found: SchemaText[]): void {
    const { path, field } = around
    // Below a map that is asked for, names and schemas say nothing more.
    if (!around.isReferenceable && !this.#holdsAny(schema, field)) return
    const isReferenceable = around.isReferenceable || schema.referenceable === true
    if (typeof value === 'string') {
      found.push({ text: value, path, field, format: schema.format, isReferenceable })
    } else if (Array.isArray(value)) {
      const { items } = schema
      if (!isSchema(items)) return
      for (const [index, item] of value.entries()) {
        this.#collect(items, item, { path: [...path, index], field, isReferenceable }, found)
      }
    } else if (isRecord(value)) {
      const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
      for (const [name, item] of Object.entries(value)) {
        const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties
        if (!isSchema(own)) continue
        this.#collect(own, item, { path: [...path, name], field: name, isReferenceable }, found)
      }
    }
  }

  #holdsAny(schema: JSONSchema, field: string): boolean {
    let byField = this.#known.get(schema)
    if (byField === undefined) this.#known.set(schema, (byField = new Map<string, boolean>()))
    const known = byField.get(field)
    if (known !== undefined) return known
    const holds =
      this.#isAskedFor(schema, field) ||
      childrenOf(schema).some(([name, child]) => this.#holdsAny(child, name ?? field))
    byField.set(field, holds)
    return holds
  }
}

/** With their names; null for what stands in a list, or in a map under any name. */
function childrenOf({
  properties,
  items,
  additionalProperties,
}: JSONSchema): readonly (readonly [string | null, JSONSchema])[] {
  const named = Object.entries(properties ?? {}) as [string, unknown][]
  return [...named, [null, items] as const, [null, additionalProperties] as const].flatMap(
    ([name, child]) => (isSchema(child) ? [[name, child] as const] : []),
  )
}

function isSchema(value: unknown): value is JSONSchema {
  return isRecord(value)
}
