// The fields of an entity that was sent to be checked. A form has texts alone: what they stand for follows from the
// schema, as in Kong.
import type { JSONSchema } from '../../../schemas/types.js'
import type { Fields } from '../../config/entities/collection.js'
import { isRecord } from '../../config/settle.js'
import { message, PageRefusal } from '../pages/page.js'
import type { SentBody } from './sent-body.js'

const STEP = /[^.[\]]+/g

/** No entity is as deep, and what checks it goes down step by step. */
const MAX_DEPTH = 100

/**
 * @param schemaOf of a field at the top of the entity
 * @throws PageRefusal for what is nested too deeply
 */
export function writtenFields(
  { kind, fields }: SentBody,
  schemaOf: (field: string) => JSONSchema | undefined,
): Fields {
  if (kind === 'json') {
    if (isDeeper(fields, MAX_DEPTH)) throw new PageRefusal(TOO_DEEP)
    return { ...fields }
  }
  const entity: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    const steps = name.match(STEP) ?? []
    if (steps.length > MAX_DEPTH) throw new PageRefusal(TOO_DEEP)
    const [first = ''] = steps
    const schema = steps.slice(1).reduce(schemaBelow, schemaOf(first))
    put(entity, steps, typed(value, schema))
  }
  return entity
}

const TOO_DEEP = message(400, 'the entity is nested too deeply')

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((below) => isDeeper(below, depth - 1))
}

function schemaBelow(schema: JSONSchema | undefined, step: string): JSONSchema | undefined {
  const properties: Readonly<Record<string, unknown>> = schema?.properties ?? {}
  const found = Object.hasOwn(properties, step) ? properties[step] : undefined
  return isRecord(found) ? found : undefined
}

/** Steps with no name of their own, such as the index in `paths[1]`, add to a list. */
function put(around: Fields, steps: readonly string[], value: unknown): void {
  const [step = '', ...further] = steps
  if (step === '__proto__') return
  const next = further[0]
  if (next === undefined) around[step] = value
  else if (/^\d+$/.test(next)) {
    const known = around[step]
    if (Array.isArray(known)) known.push(value)
    else around[step] = [value]
  } else {
    const inner = isRecord(around[step]) ? around[step] : {}
    around[step] = inner
    put(inner, further, value)
  }
}

function typed(value: unknown, schema: JSONSchema | undefined): unknown {
  const types = [schema?.type ?? []].flat()
  if (types.includes('array')) {
    const { items } = schema ?? {}
    const inner = isRecord(items) ? items : undefined
    return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => typed(item, inner))
  }
  if (value === '' && types.includes('null')) return null
  if (types.includes('boolean') && (value === 'true' || value === 'false')) return value === 'true'
  const isNumber = types.includes('integer') || types.includes('number')
  if (isNumber && typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) return Number(value)
  return value
}
