// A configuration in canonical form, as `kong config db_export` writes it: every entity at the top level, with its id,
// all fields and references by id. Read again, it gives the same entities.
import type { JSONSchema } from '../../schemas/types.js'
import { transform } from './build.js'
import type { CollectionName, Fields } from './entities/collection.js'
import { COLLECTIONS } from './entities/collections.js'
import type { Draft } from './draft.js'
import { checkSource, type ConfigText, type LoadContext } from './load.js'
import { maskSecrets } from './masks.js'
import type { PluginLookup } from './plugin-lookup.js'
import { isRecord } from './settle.js'
import { printYaml } from './yaml/print.js'

export type PrintFormat = 'yaml' | 'json'

export interface PrintOptions {
  readonly plugins: PluginLookup
  /** The time of loading, Unix seconds. */
  readonly seconds: number
  /** Whether values are as a user writes them; what is printed is as it is kept. */
  readonly transforms: boolean
  /** Masks in place of secrets: to look at, and not to be read again. */
  readonly hidesSecrets?: boolean
}

/** @throws ConfigError with every fault of the file, in file order */
export function printConfig(source: ConfigText, context: LoadContext, format: PrintFormat): string {
  const { drafts, seconds, transforms } = checkSource(source, context)
  return printDrafts(drafts, { plugins: context.plugins, seconds, transforms }, format)
}

/** @param drafts checked and resolved */
export function printDrafts(
  drafts: readonly Draft[],
  options: PrintOptions,
  format: PrintFormat,
): string {
  const content = { _format_version: '3.0', _transform: false, ...collect(drafts, options) }
  return format === 'json' ? `${JSON.stringify(content, null, 2)}\n` : printYaml(content)
}

/** By collection, in the order of the file; collections without an entity are left out. */
function collect(
  drafts: readonly Draft[],
  options: PrintOptions,
): Partial<Record<CollectionName, Fields[]>> {
  const found: Partial<Record<CollectionName, Fields[]>> = {}
  const printed = new Map<Draft, Fields>()
  const names = namesOf(drafts)
  for (const { name } of COLLECTIONS) {
    for (const draft of drafts) {
      if (draft.collection.name !== name) continue
      const entity = fieldsOf(draft, names, options)
      printed.set(draft, entity)
      const parent = mustStayIn(draft, options.plugins)
      const list = parent === null ? (found[name] ??= []) : nestedIn(printed.get(parent), name)
      list.push(entity)
    }
  }
  return found
}

function nestedIn(parent: Fields | undefined, name: CollectionName): Fields[] {
  if (parent === undefined) throw new TypeError('a parent is printed before what is nested in it')
  return (parent[name] ??= []) as Fields[]
}

/** A plugin that has no effect where it is nested: Kong takes it there, but refuses the same as a reference. */
function mustStayIn({ collection, fields, parentField, references }: Draft, plugins: PluginLookup) {
  if (collection.name !== 'plugins' || parentField === null) return null
  const { scopes } = plugins.spec(String(fields.name)) ?? {}
  if (scopes === undefined || scopes.some((scope) => scope === parentField)) return null
  const reference = references.get(parentField)
  return reference?.kind === 'resolved' ? reference.draft : null
}

function fieldsOf(
  draft: Draft,
  names: ReadonlyMap<CollectionName, ReadonlySet<unknown>>,
  options: PrintOptions,
): Fields {
  const { collection, references } = draft
  const entity = ownFields(draft, options)
  // Read again, it would set the algorithm too.
  if (collection.name === 'upstreams' && entity.hash_on === 'none') delete entity.hash_on
  if (mustStayIn(draft, options.plugins) !== null) return entity
  for (const [field, reference] of references) {
    if (reference?.kind !== 'resolved') continue
    const { id, collection: target } = reference.draft
    // References are looked up by name first: an id that is also somebody's name needs the longer form.
    entity[field] = names.get(target.name)?.has(id) === true ? { id } : id
  }
  return entity
}

/** An entity as it is kept, in the order of its schema; without its references. */
export function ownFields(draft: Draft, options: PrintOptions): Fields {
  const { plugins, seconds, transforms, hidesSecrets = false } = options
  const { collection, fields } = draft
  const entity = inSchemaOrder(collection.schema, {
    ...fields,
    id: draft.id,
    created_at: fields.created_at ?? seconds,
    updated_at: seconds,
  })
  if (transforms) transform(draft, entity)
  if (isRecord(entity.config)) {
    const schema = plugins.spec(String(fields.name))?.schema
    if (schema !== undefined) entity.config = inSchemaOrder(schema, entity.config)
  }
  if (hidesSecrets) maskSecrets(draft, entity, plugins)
  return entity
}

function namesOf(drafts: readonly Draft[]): ReadonlyMap<CollectionName, ReadonlySet<unknown>> {
  const names = new Map<CollectionName, Set<unknown>>()
  for (const { collection, fields } of drafts) {
    const { name, endpointKey } = collection
    if (endpointKey === null) continue
    const known = names.get(name)
    if (known === undefined) names.set(name, new Set([fields[endpointKey]]))
    else known.add(fields[endpointKey])
  }
  return names
}

/** Records in the order of their schema, however the file was written; maps with keys of their own stay as they are. */
function inSchemaOrder(schema: JSONSchema, value: Fields): Fields {
  const { properties } = schema
  if (properties === undefined) return value
  const ordered: Fields = {}
  for (const [key, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, key)) continue
    const item = value[key]
    ordered[key] =
      isRecord(item) && typeof property === 'object' ? inSchemaOrder(property, item) : item
  }
  for (const [key, item] of Object.entries(value)) {
    if (!Object.hasOwn(ordered, key)) Object.defineProperty(ordered, key, ownProperty(item))
  }
  return ordered
}

/** For a key of any name; plain assignment of `__proto__` would do something else. */
function ownProperty(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true }
}
