// Links between entities: what may be there only once, and what a reference means.
import type { Collection, CollectionName } from './entities/collection.js'
import { collectionOf } from './entities/collections.js'
import type { Draft, Reference } from './draft.js'
import { formatPath, shown, type Fault } from './faults.js'

/** Finds duplicates, and puts the entity itself in the place of each reference. */
export function resolve(drafts: readonly Draft[]): Fault[] {
  const faults: Fault[] = []
  const indexes = new Map<CollectionName, Index>()
  for (const draft of drafts) {
    const { collection } = draft
    let index = indexes.get(collection.name)
    if (index === undefined) indexes.set(collection.name, (index = new Index(collection)))
    index.add(draft, faults)
  }
  for (const draft of drafts) resolveReferences(draft, indexes, faults)
  return faults
}

/** The entities of one collection by all that must be unique. */
class Index {
  readonly #collection: Collection
  readonly #byId = new Map<string, Draft>()
  readonly #byField = new Map<string, Map<unknown, Draft>>()

  constructor(collection: Collection) {
    this.#collection = collection
  }

  /** By name first, then by id, as Kong looks. */
  find(text: string): Draft | undefined {
    const { endpointKey } = this.#collection
    const byName = endpointKey === null ? undefined : this.#byField.get(endpointKey)?.get(text)
    return byName ?? this.#byId.get(text)
  }

  findById(id: string): Draft | undefined {
    return this.#byId.get(id)
  }

  add(draft: Draft, faults: Fault[]): void {
    const { collection, fields, path } = draft
    let isDuplicate = false
    for (const field of collection.unique) {
      const value = fields[field]
      if (typeof value !== 'string') continue
      const first = this.#put(field, value, draft)
      if (first === undefined) continue
      isDuplicate = true
      const what = `${field} set to '${shown(value, [...path, field])}'`
      faults.push({ ...violation(draft, what, first), place: [...path, field] })
    }
    // Made of chance: nothing refers to it, and nothing else has it.
    if (!draft.hasStableId) return
    const first = this.#byId.get(draft.id)
    if (first === undefined) this.#byId.set(draft.id, draft)
    // The id follows from the name: one mistake, one message.
    else if (!isDuplicate) faults.push(violation(draft, `primary key set to '${draft.id}'`, first))
  }

  #put(field: string, value: string, draft: Draft): Draft | undefined {
    let values = this.#byField.get(field)
    if (values === undefined) this.#byField.set(field, (values = new Map<unknown, Draft>()))
    const first = values.get(value)
    if (first === undefined) values.set(value, draft)
    return first
  }
}

function violation({ collection, path }: Draft, what: string, first: Draft): Fault {
  return {
    path,
    message: `uniqueness violation: '${collection.name}' entity with ${what} already declared`,
    hint: `first declared at ${formatPath(first.path)}`,
  }
}

function resolveReferences(
  draft: Draft,
  indexes: ReadonlyMap<CollectionName, Index>,
  faults: Fault[],
): void {
  for (const [field, target] of Object.entries(draft.collection.references)) {
    const reference = draft.references.get(field) ?? null
    if (reference === null) continue
    const found = find(reference, indexes.get(target))
    draft.references.set(field, found === undefined ? null : { kind: 'resolved', draft: found })
    if (found !== undefined) continue
    const message = `invalid reference '${field}: ${written(reference, target)}' (no such entry in '${target}')`
    faults.push({ path: [...draft.path, field], message })
  }
}

function find(reference: Reference, index: Index | undefined): Draft | undefined {
  switch (reference.kind) {
    case 'parent':
    case 'resolved':
      return reference.draft
    case 'id':
      return index?.findById(reference.id)
    case 'text':
      return index?.find(reference.text)
  }
}

/** As the file has it; but what names a credential is part of it. */
function written(reference: Reference, target: CollectionName): string {
  if (reference.kind === 'text') {
    return collectionOf(target)?.isCredential === true ? '***' : reference.text
  }
  return JSON.stringify({ id: reference.kind === 'id' ? reference.id : reference.draft.id })
}
