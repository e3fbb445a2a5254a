// The types of a parameter's parts, as its schema has them. In a request everything is text: `5` is a number where the
// schema asks for one, and a text elsewhere.
import { isFields } from './subschemas.js'
import type { Shape } from './styles.js'

type Fields = Record<string, unknown>

/** A chain of references that is longer leads nowhere. */
const MAX_REFERENCES = 20
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/
const NONE: readonly string[] = []

export class ValueTypes {
  /** Null for a schema that does not say. */
  readonly shape: Shape | null
  readonly #root: unknown
  readonly #own: readonly string[]
  readonly #items: readonly string[]
  /** Of the first items, where each has a schema of its own. */
  readonly #places: readonly (readonly string[])[]
  readonly #members: ReadonlyMap<string, readonly string[]>
  readonly #otherMembers: readonly string[]

  constructor(schema: unknown) {
    this.#root = schema
    const own = this.#resolve(schema)
    this.#own = typesOf(own)
    this.shape = shapeOf(this.#own)
    const places = own?.prefixItems ?? own?.items
    const isTuple = Array.isArray(places)
    this.#places = isTuple ? places.map((place) => this.#typesAt(place)) : []
    const afterTuple = own?.prefixItems === undefined ? own?.additionalItems : own.items
    this.#items = this.#typesAt(isTuple ? afterTuple : own?.items)
    const members = isFields(own?.properties) ? Object.entries(own.properties) : []
    this.#members = new Map(members.map(([name, member]) => [name, this.#typesAt(member)]))
    this.#otherMembers = this.#typesAt(own?.additionalProperties)
  }

  scalar(text: string): unknown {
    return typed(text, this.#own)
  }

  item(text: string, index: number): unknown {
    return typed(text, this.#places[index] ?? this.#items)
  }

  member(name: string, text: string): unknown {
    return typed(text, this.#members.get(name) ?? this.#otherMembers)
  }

  #typesAt(schema: unknown): readonly string[] {
    return typesOf(this.#resolve(schema))
  }

  /** Where references within the schema lead. */
  #resolve(schema: unknown): Fields | null {
    let found = schema
    for (let i = 0; i < MAX_REFERENCES; i++) {
      if (!isFields(found)) return null
      const { $ref: reference } = found
      if (found.type !== undefined || typeof reference !== 'string') return found
      if (!reference.startsWith('#')) return null
      found = this.#at(reference.slice(1))
    }
    return null
  }

  #at(pointer: string): unknown {
    let found = this.#root
    for (const step of pointer.split('/').slice(1)) {
      const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
      found = isFields(found) && Object.hasOwn(found, name) ? found[name] : undefined
    }
    return found
  }
}

function typesOf(schema: Fields | null): readonly string[] {
  const type = schema?.type
  if (typeof type === 'string') return [type]
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string') : NONE
}

function shapeOf(types: readonly string[]): Shape | null {
  const shapes = new Set(types.filter((type) => type !== 'null').map(shapeOfOne))
  const [only] = shapes
  return shapes.size === 1 && only !== undefined ? only : null
}

function shapeOfOne(type: string): Shape {
  return type === 'array' || type === 'object' ? type : 'scalar'
}

/** A text that is none of the types stays one, and the schema refuses it. */
function typed(text: string, types: readonly string[]): unknown {
  if ((types.includes('number') || types.includes('integer')) && NUMBER.test(text)) {
    const number = Number(text)
    // Where it is too large for a number it is none.
    if (Number.isFinite(number)) return number
  }
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return types.includes('null') && !types.includes('string') && text === '' ? null : text
}
