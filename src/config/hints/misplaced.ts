// A field that is right, but elsewhere. What belongs where comes from the schemas and the table of collections.
import type { JSONSchema } from '../../../schemas/types.js'
import type { Collection, CollectionName } from '../entities/collection.js'
import { childrenOf, collectionOf, COLLECTIONS } from '../entities/collections.js'
import type { Clue } from './clue.js'

/** In these, a name that several entities have is most often meant. */
const COMMON: readonly CollectionName[] = [
  'services',
  'routes',
  'plugins',
  'consumers',
  'upstreams',
]
// What nearly every entity has says nothing about where it belongs.
const EVERYWHERE = new Set(['id', 'name', 'tags', 'created_at', 'updated_at', 'enabled', 'config'])

export function hintOnMisplacedField(clue: Clue): string | undefined {
  if (clue.message !== 'unknown field') return undefined
  const { entity, within, plugin, plugins } = clue
  const name = String(clue.path.at(-1))
  const needed = collectionOf(name)?.plugin ?? null
  if (needed !== null && plugins.spec(needed) === undefined) {
    return `it comes with the plugin ${needed}, which is not enabled`
  }
  if (entity === null) return clue.path.length === 1 ? hintAtTopLevel(name) : undefined
  const { collection, parents } = entity
  const inConfig = collection.name === 'plugins' && within[0] === 'config' && within.length > 1
  if (inConfig) return hintInConfig(name, clue, parents)
  if (within.length > 1) return hintInRecord(name, collection, within)
  if (plugin !== undefined && hasField(plugin.schema, name)) {
    return 'it belongs under config'
  }
  const nested = inRecordOf(collection.schema, name)
  if (nested !== undefined) return `it belongs under ${nested}`
  return hintOnList(name, parents) ?? hintOnOwner(name, ownersOf(name, collection, parents))
}

function hintAtTopLevel(name: string): string | undefined {
  if (EVERYWHERE.has(name)) return 'it belongs to an entity: check the indentation'
  const [owner] = ownersOf(name, null, [])
  return owner === undefined ? undefined : `it belongs to ${oneOf(owner)}: check the indentation`
}

function hintInConfig(
  name: string,
  { plugin, within }: Clue,
  parents: readonly Collection[],
): string | undefined {
  const pluginCollection = collectionOf('plugins')
  if (plugin !== undefined) {
    const at = placeIn(plugin.schema, name)
    const here = within.slice(0, -1).join('.')
    if (at !== undefined && at !== here) return `it belongs under ${at}`
  }
  if (pluginCollection !== undefined && isOwnField(pluginCollection, name)) {
    return 'it belongs beside config, not in it'
  }
  if (EVERYWHERE.has(name)) return undefined
  // Keys and passwords are what people write into the plugin that asks for them.
  const credentials = COLLECTIONS.filter(({ isCredential }) => isCredential)
  return hintOnOwner(name, ownersOf(name, pluginCollection ?? null, [...parents, ...credentials]))
}

/** Inside a record of the entity, such as `healthchecks`. */
function hintInRecord(
  name: string,
  { schema, ...collection }: Collection,
  within: Clue['within'],
): string | undefined {
  if (within.some((step) => typeof step === 'number')) return undefined
  if (isOwnField({ schema, ...collection }, name)) {
    return `it belongs beside ${String(within[0])}, not in it`
  }
  const at = placeIn(schema, name, '')
  return at === undefined ? undefined : `it belongs under ${at}`
}

/** A list of entities at a level that cannot have it. */
function hintOnList(name: string, parents: readonly Collection[]): string | undefined {
  const list = collectionOf(name)
  if (list === undefined) return undefined
  const homes = [...new Set(Object.values(list.references))]
  const near = homes.filter((home) => parents.some((parent) => parent.name === home))
  const inside = (near.length > 0 ? near : homes).map((home) => oneOf(home))
  return inside.length === 0
    ? 'it belongs at the top level'
    : `it belongs at the top level or in ${inside.join(' or ')}`
}

function hintOnOwner(name: string, owners: readonly CollectionName[]): string | undefined {
  const [owner] = owners
  if (owner === undefined || EVERYWHERE.has(name)) return undefined
  const isCredential = collectionOf(owner)?.isCredential === true
  return isCredential ? `it belongs to the ${owner} of a consumer` : `it belongs to ${oneOf(owner)}`
}

/** Those that have the field: what is nested here, then what this is nested in, then the common ones. */
function ownersOf(
  name: string,
  here: Collection | null,
  parents: readonly Collection[],
): CollectionName[] {
  const children = here === null ? [] : ([...childrenOf(here.name).keys()] as CollectionName[])
  const order = [...children, ...parents.map((parent) => parent.name), ...COMMON]
  const candidates = [...order, ...COLLECTIONS.map((collection) => collection.name)]
  return [...new Set(candidates)].filter((candidate) => {
    const collection = collectionOf(candidate)
    return collection !== undefined && candidate !== here?.name && isOwnField(collection, name)
  })
}

function isOwnField({ schema, references, shorthands }: Collection, name: string): boolean {
  return (
    hasField(schema, name) || Object.hasOwn(references, name) || Object.hasOwn(shorthands, name)
  )
}

function hasField({ properties }: JSONSchema, name: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, name)
}

/** The record that has the field, as a path; undefined for none. */
function placeIn(schema: JSONSchema, name: string, at = 'config'): string | undefined {
  if (at !== '' && hasField(schema, name)) return at
  return inRecordOf(schema, name, at)
}

function inRecordOf(schema: JSONSchema, name: string, at = ''): string | undefined {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property === 'boolean' || property.properties === undefined) continue
    const found = placeIn(property, name, at === '' ? key : `${at}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** `services` -> `a service`; names of collections are regular plurals. */
function oneOf(name: string): string {
  const singular = name.replace(/s$/, '').replaceAll('_', ' ')
  return /^[aeiou]/.test(singular) ? `an ${singular}` : `a ${singular}`
}
