// What the fields of an entity say, whatever way they are written: times and ids left out, lists that are sets in one
// order, what is empty as if it were not there.
import type { JSONSchema } from '../../../schemas/types.js'
import type { Draft } from '../../config/draft.js'
import { isRecord } from '../../config/settle.js'
import type { Side } from './side.js'
import { mapValues, put, sorted, type Fields } from './values.js'

const NO_MEANING: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at'])

/** Lists of entities that are sets though no schema says so; of `headers`, each value. */
const SETS: ReadonlySet<string> = new Set(['ca_certificates', 'headers', 'hosts', 'paths'])

/** The same in configurations of plugins. */
const PLUGIN_SETS: Readonly<Record<string, readonly string[]>> = {
  acl: ['allow', 'deny'],
  'bot-detection': ['allow', 'deny'],
  cors: ['origins', 'methods', 'headers', 'exposed_headers'],
  'hmac-auth': ['algorithms', 'enforce_headers'],
  'ip-restriction': ['allow', 'deny'],
  oauth2: ['scopes'],
}

const known = new WeakMap<Draft, Fields>()

/** @param side the file that the draft is from */
export function meaningOf(draft: Draft, side: Side): Fields {
  let meaning = known.get(draft)
  if (meaning === undefined) known.set(draft, (meaning = read(draft, side)))
  return meaning
}

/** The configuration of a use of a plugin. */
export function configOf(draft: Draft, side: Side): Fields {
  const { config } = meaningOf(draft, side)
  return isRecord(config) ? config : {}
}

function read(draft: Draft, side: Side): Fields {
  const { collection, fields } = draft
  const meaning: Fields = {}
  for (const [field, value] of Object.entries(settled(collection.schema, fields))) {
    if (NO_MEANING.has(field) || isEmpty(value) || isUnused(field, draft)) continue
    if (field === 'config' && isRecord(value)) meaning.config = configIn(draft, value, side)
    else put(meaning, field, SETS.has(field) ? asSet(value) : value)
  }
  return meaning
}

/** A jwt credential has a secret even where its algorithm goes by the public key, and the other way round. */
function isUnused(field: string, { collection, fields }: Draft): boolean {
  if (collection.name !== 'jwt_secrets') return false
  const isSymmetric = String(fields.algorithm).startsWith('HS')
  return field === (isSymmetric ? 'rsa_public_key' : 'secret')
}

function configIn(draft: Draft, config: Fields, side: Side): Fields {
  const sets = PLUGIN_SETS[String(draft.fields.name)] ?? []
  return mapValues(settled(side.specOf(draft)?.schema ?? {}, config), (value, field) =>
    sets.includes(field) ? asSet(value) : value,
  )
}

/** Without what is null, and with those lists in one order that the schema calls sets. */
function settled(schema: JSONSchema, record: Readonly<Fields>): Fields {
  const out: Fields = {}
  const properties: Readonly<Record<string, unknown>> = schema.properties ?? {}
  for (const [key, value] of Object.entries(record)) {
    if (value === null || value === undefined) continue
    const property = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    const own: JSONSchema = isRecord(property) ? property : {}
    if (isRecord(value)) put(out, key, settled(own, value))
    else put(out, key, Array.isArray(value) && own.uniqueItems === true ? sorted(value) : value)
  }
  return out
}

function asSet(value: unknown): unknown {
  if (Array.isArray(value)) return sorted(value)
  return isRecord(value) ? mapValues(value, asSet) : value
}

/** A set or a map without an entry asks for nothing, as null does. */
function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && noKeys(value)
}

function noKeys(record: Readonly<Fields>): boolean {
  return Object.keys(record).length === 0
}
