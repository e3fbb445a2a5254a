// Parameters of a request against their schemas: found, taken apart by style, given types, checked.
import type { ClientRequest, ConfigOf } from 'gw/plugin'
import { compileJsonSchema, type Check, type Draft } from './json-schema.js'
import { SchemaText } from './place.js'
import type { schema } from './schema.js'
import { formMembers, partsOf, type Parts, type Shape, type Style } from './styles.js'
import { ValueTypes } from './value-types.js'

type Configured = NonNullable<ConfigOf<typeof schema>['parameter_schema']>[number]

/** What tells its value apart. */
interface Form {
  readonly style: Style
  readonly explode: boolean
  readonly shape: Shape
  /** As in a path; those of a query come decoded. */
  readonly isEscaped: boolean
  readonly types: ValueTypes
  readonly check: Check
}

interface Parameter {
  readonly name: string
  readonly place: Configured['in']
  readonly isRequired: boolean
  /** Null where any value will do. */
  readonly form: Form | null
}

/** Fits no schema of a parameter. */
const MALFORMED = Symbol('malformed')

export class Parameters {
  readonly #parameters: readonly Parameter[]
  /** In the query; their values are not members of an object whose members stand for themselves. */
  readonly #queryNames: ReadonlySet<string>

  /** @throws ConfigFault for a schema that does not compile */
  constructor(configured: readonly Configured[], draft: Draft) {
    this.#parameters = configured.map((one, i) => parameterOf(one, i, draft))
    this.#queryNames = new Set(
      configured.filter((one) => one.in === 'query').map(({ name }) => name),
    )
  }

  /** What is wrong with the first that is wrong; null when nothing is. */
  check(request: ClientRequest): string | null {
    for (const parameter of this.#parameters) {
      const fault = this.#checkOne(request, parameter)
      if (fault !== null) {
        const { place, name } = parameter
        return `${place} '${name}' validation failed with error: '${fault}'`
      }
    }
    return null
  }

  #checkOne(request: ClientRequest, parameter: Parameter): string | null {
    const { form, isRequired } = parameter
    const parts = this.#find(request, parameter)
    if (parts === null) return isRequired ? 'required parameter value not found in request' : null
    if (form === null) return null
    const value = parts === 'malformed' ? MALFORMED : valueOf(parts, form)
    return value === MALFORMED ? 'cannot be taken apart as its style says' : form.check(value)
  }

  /** Null when it is not there. */
  #find(request: ClientRequest, { name, place, form }: Parameter): Parts | 'malformed' | null {
    if (place === 'query') {
      if (form?.shape === 'object') {
        if (form.style === 'deepObject') return formMembers(request.query, deepName(name))
        if (form.explode) {
          return formMembers(request.query, (arg) => (this.#isOther(arg, name) ? null : arg))
        }
      }
      const values = request.query.getAll(name).map((value) => (value === true ? '' : value))
      return values.length === 0 ? null : ((form && partsOf(values, name, form)) ?? [])
    }
    if (place === 'header') {
      const values = request.headers.getAll(name)
      return values.length === 0 ? null : ((form && partsOf([values.join()], name, form)) ?? [])
    }
    const { named } = request.uriCaptures
    const value = Object.hasOwn(named, name) ? named[name] : undefined
    return value === undefined ? null : ((form && partsOf([value], name, form)) ?? [])
  }

  #isOther(arg: string, name: string): boolean {
    return arg !== name && this.#queryNames.has(arg)
  }
}

function parameterOf(one: Configured, index: number, draft: Draft): Parameter {
  const { name, in: place, required: isRequired, style, explode, schema: text } = one
  const parameter = { name, place, isRequired }
  if (style === undefined || explode === undefined || text === undefined) {
    return { ...parameter, form: null }
  }
  const source = new SchemaText(`parameter_schema[${index}].schema`, text)
  const check = compileJsonSchema(source, draft)
  const types = new ValueTypes(source.value)
  const { shape } = types
  if (shape === null) {
    const hint = 'add "type", so that it is known how to take the value apart'
    throw source.fault('', 'has no type of one kind', hint)
  }
  return {
    ...parameter,
    form: { style, explode, shape, isEscaped: place === 'path', types, check },
  }
}

/** `name[member]`. */
function deepName(name: string): (arg: string) => string | null {
  return (arg) =>
    arg.startsWith(`${name}[`) && arg.endsWith(']') ? arg.slice(name.length + 1, -1) : null
}

function valueOf(parts: Parts, { shape, types }: Form): unknown {
  if (shape === 'array') return parts.map(([, text], i) => types.item(text, i))
  if (shape === 'object') return objectOf(parts, types)
  const [only, ...more] = parts
  // Which of several counts is the target's to say: none may pass that another one hides.
  return only === undefined || more.length > 0 ? MALFORMED : types.scalar(only[1])
}

function objectOf(parts: Parts, types: ValueTypes): unknown {
  const members = new Map<string, unknown>()
  for (const [name, text] of parts) {
    if (members.has(name)) return MALFORMED
    members.set(name, types.member(name, text))
  }
  // Not by assignment, as `__proto__` is a name like any other.
  return Object.fromEntries(members)
}
