// What the templates of one request can look at. As in Kong each is read when it is first asked for, and then stays.
import type { ReadonlyHeaders } from '../../util/header-list.js'
import type { LuaNames } from '../../util/lua/run/expression.js'
import { bytesOf, LuaList, type LuaTable, type LuaValue } from '../../util/lua/run/values.js'
import { sharedValues, type AccessContext, type UriCaptures } from '../contract.js'
import { FormArguments } from '../form-arguments.js'
import { headerSpellings, valuesOf } from '../header-lookup.js'

export class TemplateNames implements LuaNames {
  readonly #ctx: AccessContext
  #headers: HeaderTable | null = null
  #query: QueryTable | null = null

  constructor(ctx: AccessContext) {
    this.#ctx = ctx
  }

  /** In Kong's sandbox there is nothing else: neither `string` nor `tostring`. */
  lookUp(name: string): LuaValue {
    switch (name) {
      case 'headers':
        return this.#headerTable
      case 'query_params':
        return (this.#query ??= new QueryTable(this.#ctx.request.query.text))
      case 'uri_captures':
        return new CaptureTable(this.#ctx.request.uriCaptures)
      case 'shared':
        return new ObjectTable(this.#ctx.get(sharedValues) ?? {})
      case 'type':
        return typeOf
      default:
        return undefined
    }
  }

  get #headerTable(): HeaderTable {
    return (this.#headers ??= new HeaderTable(this.#ctx.request.headers))
  }

  /** Templates see the headers as they are now, whatever becomes of them. */
  keepHeaders(): void {
    this.#headerTable.keep()
  }
}

function typeOf([value]: readonly LuaValue[]): string {
  if (value === undefined) return 'nil'
  return typeof value === 'object' ? 'table' : typeof value
}

/** One value as it is, several as a list. */
function oneOrList(values: readonly LuaValue[]): LuaValue {
  return values.length > 1 ? new LuaList(values) : values[0]
}

class HeaderTable implements LuaTable {
  readonly kind = 'table'
  readonly length = 0
  readonly #headers: ReadonlyHeaders
  #kept: ReadonlyMap<string, readonly string[]> | null = null

  constructor(headers: ReadonlyHeaders) {
    this.#headers = headers
  }

  get(key: LuaValue): LuaValue {
    if (typeof key !== 'string') return undefined
    const spellings = headerSpellings(key)
    const found = this.#kept === null ? valuesOf(this.#headers, spellings) : this.#keptOf(spellings)
    if (found === undefined) return undefined
    return typeof found === 'string' ? bytesOf(found) : oneOrList(found.map(bytesOf))
  }

  #keptOf(spellings: readonly string[]): readonly string[] | undefined {
    for (const spelling of spellings) {
      const values = this.#kept?.get(spelling)
      if (values !== undefined) return values
    }
    return undefined
  }

  keep(): void {
    const kept = new Map<string, string[]>()
    for (const [name, value] of this.#headers.entries()) {
      const key = name.toLowerCase()
      const values = kept.get(key)
      if (values === undefined) kept.set(key, [value])
      else values.push(value)
    }
    this.#kept = kept
  }
}

class QueryTable implements LuaTable {
  readonly kind = 'table'
  readonly length = 0
  readonly #args: FormArguments

  constructor(text: string) {
    this.#args = new FormArguments(bytesOf(text))
  }

  get(key: LuaValue): LuaValue {
    return typeof key === 'string' ? oneOrList(this.#args.getAll(key)) : undefined
  }
}

class CaptureTable implements LuaTable {
  readonly kind = 'table'
  readonly #captures: UriCaptures

  constructor(captures: UriCaptures) {
    this.#captures = captures
  }

  get length(): number {
    return Math.max(this.#captures.unnamed.length - 1, 0)
  }

  get(key: LuaValue): LuaValue {
    const { named, unnamed } = this.#captures
    if (typeof key === 'number') return textual(unnamed[key])
    if (typeof key !== 'string' || !Object.hasOwn(named, key)) return undefined
    return textual(named[key])
  }
}

function textual(text: string | undefined): LuaValue {
  return text === undefined ? undefined : bytesOf(text)
}

/** What plugins have left in `sharedValues`. */
class ObjectTable implements LuaTable {
  readonly kind = 'table'
  readonly length = 0
  readonly #object: Readonly<Record<string, unknown>>

  constructor(object: Readonly<Record<string, unknown>>) {
    this.#object = object
  }

  get(key: LuaValue): LuaValue {
    if (typeof key !== 'string' && typeof key !== 'number') return undefined
    return Object.hasOwn(this.#object, key) ? valueOf(this.#object[key]) : undefined
  }
}

function valueOf(value: unknown): LuaValue {
  if (typeof value === 'string') return bytesOf(value)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return new LuaList(value.map(valueOf))
  if (typeof value !== 'object' || value === null) return undefined
  return new ObjectTable(value as Readonly<Record<string, unknown>>)
}
