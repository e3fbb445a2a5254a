// `flattened_errors` of POST /config: the faults entity by entity, for programs that have to find the entity again.
import type { DocumentPath } from '../../config/places.js'
import { childrenOf, collectionOf } from '../../config/entities/collections.js'
import type { CollectionName } from '../../config/entities/collection.js'
import { maskWritten } from '../../config/masks.js'
import { isRecord } from '../../config/settle.js'
import { isOfEntity, nameOf, type FaultAt } from './fault-tree.js'

export interface FlattenedError {
  readonly entity_type: string
  readonly entity_id?: string
  readonly entity_name?: string
  readonly entity_tags?: readonly string[]
  /** As it was written, without what is nested in it, and with masks for secrets. */
  readonly entity: Readonly<Record<string, unknown>>
  readonly errors: readonly EntityError[]
}

export type EntityError =
  | { readonly type: 'field'; readonly field: string; readonly message: string }
  | { readonly type: 'entity'; readonly message: string }

export interface Flattened {
  readonly errors: readonly FlattenedError[]
  /** What is said of no entity. */
  readonly rest: readonly FaultAt[]
}

/** @param document as it was sent, before anything was filled in */
export function flattenErrors(faults: readonly FaultAt[], document: unknown): Flattened {
  const found = new Map<
    string,
    { readonly entity: WrittenEntity; readonly errors: EntityError[] }
  >()
  const rest: FaultAt[] = []
  for (const fault of faults) {
    const entity = entityAt(fault.steps, document)
    if (entity === null) {
      rest.push(fault)
      continue
    }
    const key = JSON.stringify(entity.path)
    const known = found.get(key) ?? { entity, errors: [] }
    known.errors.push(errorOf(fault, entity))
    found.set(key, known)
  }
  const errors = Array.from(found.values(), (one) => described(one.entity, one.errors))
  return { errors, rest }
}

/** An entity as it was sent. */
interface WrittenEntity {
  readonly collection: CollectionName
  readonly path: DocumentPath
  readonly fields: Readonly<Record<string, unknown>>
  /** What it is nested in. */
  readonly parent: WrittenEntity | null
}

/** The innermost entity around a place. */
function entityAt(steps: DocumentPath, document: unknown): WrittenEntity | null {
  let found: WrittenEntity | null = null
  let around = document
  for (let at = 0; at + 1 < steps.length; at += 2) {
    const [name, index] = [steps[at], steps[at + 1]]
    const collection = collectionOf(String(name))?.name
    if (collection === undefined || typeof index !== 'number' || !isRecord(around)) break
    if (found !== null && !childrenOf(found.collection).has(collection)) break
    const list = around[collection]
    const fields: unknown = Array.isArray(list) ? list[index] : undefined
    if (!isRecord(fields)) break
    found = { collection, path: steps.slice(0, at + 2), fields, parent: found }
    around = fields
  }
  return found === null ? null : (inlineAt(steps, found) ?? found)
}

/** Of a reference that is written as an entity Kong speaks as if it were that entity. */
function inlineAt(
  steps: DocumentPath,
  { collection, path, fields }: WrittenEntity,
): WrittenEntity | null {
  const field = String(steps[path.length])
  const target = collectionOf(collection)?.references[field]
  const inline = fields[field]
  if (target === undefined || steps.length < path.length + 2 || !isRecord(inline)) return null
  return { collection: target, path: [...path, field], fields: inline, parent: null }
}

function errorOf(fault: FaultAt, { path }: WrittenEntity): EntityError {
  const { steps, message } = fault
  if (isOfEntity(fault)) return { type: 'entity', message }
  return { type: 'field', field: steps.slice(path.length).map(nameOf).join('.'), message }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function described(entity: WrittenEntity, errors: readonly EntityError[]): FlattenedError {
  const { collection, fields } = entity
  const { id, name, tags } = fields
  return {
    entity_type: collection.replace(/s$/, ''),
    ...(isId(id) ? { entity_id: id } : {}),
    ...(typeof name === 'string' && name !== '' ? { entity_name: name } : {}),
    ...(isTexts(tags) ? { entity_tags: tags } : {}),
    entity: { ...ownFields(entity), ...parentLink(entity) },
    errors,
  }
}

function ownFields({ collection, fields }: WrittenEntity): Readonly<Record<string, unknown>> {
  const children = childrenOf(collection)
  const own = Object.entries(fields).filter(([field]) => !children.has(field))
  return maskWritten(collection, Object.fromEntries(own))
}

function parentLink({ collection, parent }: WrittenEntity): Readonly<Record<string, unknown>> {
  const field = parent === null ? undefined : childrenOf(parent.collection).get(collection)
  const id = parent?.fields.id
  return field !== undefined && isId(id) ? { [field]: { id } } : {}
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
