// Ids and keys that are left out. Ids are the ones that Kong makes (kong/db/schema/others/declarative_config.lua), so
// that counters and logs keyed by id go on when a file moves from one gateway to the other.
import { randomBytes, randomUUID } from 'node:crypto'
import { uuidV5 } from '../util/uuid.js'
import type { Collection, Fields } from './entities/collection.js'
import type { Reference } from './draft.js'

const KONG_NAMESPACE = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'
const namespaces = new Map<string, string>()

export interface Identity {
  readonly id: string
  readonly hasStableId: boolean
}

/** Fills in keys and secrets that are left out: 32 characters, as Kong's. Returns which. */
export function makeUp({ generated }: Collection, fields: Fields): readonly string[] {
  const missing = generated.filter((field) => (fields[field] ?? null) === null)
  for (const field of missing) fields[field] = randomBytes(16).toString('hex')
  return missing
}

export function identify(
  collection: Collection,
  fields: Fields,
  references: ReadonlyMap<string, Reference | null>,
): Identity {
  // A wrong id is reported by the schema; until then any text will do.
  if (typeof fields.id === 'string') return { id: fields.id, hasStableId: true }
  const key = identityKey(collection, fields, references)
  if (key === null) return { id: randomUUID(), hasStableId: false }
  return { id: uuidV5(namespaceOf(collection.name), key), hasStableId: true }
}

function namespaceOf(collection: string): string {
  const known = namespaces.get(collection)
  if (known !== undefined) return known
  const namespace = uuidV5(KONG_NAMESPACE, collection)
  namespaces.set(collection, namespace)
  return namespace
}

/** What the id is made of; null when that would not be the same at the next load. */
function identityKey(
  { name, identity }: Collection,
  fields: Fields,
  references: ReadonlyMap<string, Reference | null>,
): string | null {
  if (identity === null) return null
  if (typeof identity === 'string') {
    const text = fields[identity]
    return typeof text === 'string' ? text : null
  }
  const parts = [name, '*']
  for (const field of identity) {
    const part = references.has(field) ? referencePart(references.get(field)) : fields[field]
    if (part === null) return null
    parts.push(typeof part === 'string' ? part : '')
  }
  return parts.join(':')
}

/** Kong takes what the file says literally; a reference written as an object takes no part. */
function referencePart(reference: Reference | null | undefined): string | null {
  if (reference?.kind === 'text') return reference.text
  if (reference?.kind === 'parent') return reference.draft.hasStableId ? reference.draft.id : null
  return ''
}
