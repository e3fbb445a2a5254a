// Ids and keys that are left out. Ids are the ones that Kong makes (kong/db/schema/others/declarative_config.lua), so
// that counters and logs keyed by id go on when a file moves from one gateway to the other.
import { hash, randomBytes } from 'node:crypto'
import { uuidOf, uuidV5 } from '../util/uuid.js'
import type { Collection, Fields } from './entities/collection.js'
import type { Reference } from './draft.js'

const KONG_NAMESPACE = 'fd02801f-0957-4a15-a55a-c8d9606f30b5'
const namespaces = new Map<string, string>()
const NONE: readonly string[] = []

export interface Identity {
  readonly id: string
  readonly hasStableId: boolean
}

/**
 * What Kong leaves to chance is chance here too, but the same at every load of this process: a reload that leaves an entity
 * as it is must not give it another id or another secret.
 */
const CHANCE = randomBytes(16).toString('hex')

/** Gives the entities of one document what it does not say: ids, keys and secrets. */
export class Identities {
  /** How often the same has come up, since two entities may be written alike. */
  readonly #seen = new Map<string, number>()

  /** Fills in keys and secrets that are left out: 32 characters, as Kong's. Returns which. */
  makeUp({ name, generated }: Collection, fields: Fields, parentId: string): readonly string[] {
    // Once for each entity, of which nearly none lacks anything.
    if (generated.every((field) => (fields[field] ?? null) !== null)) return NONE
    const missing = generated.filter((field) => (fields[field] ?? null) === null)
    for (const field of missing) {
      fields[field] = this.#chance([name, field, parentId, fields]).slice(0, 32)
    }
    return missing
  }

  identify(
    collection: Collection,
    fields: Fields,
    references: ReadonlyMap<string, Reference | null>,
  ): Identity {
    // A wrong id is reported by the schema; until then any text will do.
    if (typeof fields.id === 'string') return { id: fields.id, hasStableId: true }
    const key = identityKey(collection, fields, references)
    if (key !== null) return { id: uuidV5(namespaceOf(collection.name), key), hasStableId: true }
    const links = [...references].map(([field, reference]) => [field, idOf(reference)])
    return { id: uuidOf(this.#chance([collection.name, links, fields])), hasStableId: false }
  }

  /**
   * 64 hexadecimal digits, of which nobody is shown more than the first half: from the whole, who knows what it was made
   * of could go on to longer texts without knowing CHANCE.
   */
  #chance(parts: readonly unknown[]): string {
    const digits = hash('sha256', CHANCE + JSON.stringify(parts), 'hex')
    const count = this.#seen.get(digits) ?? 0
    this.#seen.set(digits, count + 1)
    return count === 0 ? digits : hash('sha256', `${CHANCE}${count} ${digits}`, 'hex')
  }
}

function idOf(reference: Reference | null): string {
  if (reference === null) return ''
  switch (reference.kind) {
    case 'text':
      return reference.text
    case 'id':
      return reference.id
    default:
      return reference.draft.id
  }
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
