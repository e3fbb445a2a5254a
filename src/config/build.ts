// From checked drafts to the entities of the snapshot: references become the entities themselves.
import { createHash } from 'node:crypto'
import type { CredentialCollection, SnapshotContent } from '../model/create-snapshot.js'
import type {
  Consumer,
  Credential,
  PluginEntry,
  Route,
  Service,
  Target,
  Upstream,
} from '../model/entities.js'
import type { Collection, CollectionName, Fields } from './entities/collection.js'
import { COLLECTIONS } from './entities/collections.js'
import type { Draft } from './draft.js'

const EMPTY_HASH = '0'.repeat(32)

export interface BuildOptions {
  /** The time of loading, Unix seconds. */
  readonly seconds: number
  /** Whether values are as a user writes them; false for what an export holds. */
  readonly transforms: boolean
}

/** @param drafts all of them complete, without a fault */
export function buildContent(
  drafts: readonly Draft[],
  text: string,
  options: BuildOptions,
): SnapshotContent {
  const builder = new Builder(drafts, options)
  const credentials = COLLECTIONS.flatMap(
    ({ name, plugin, endpointKey }): CredentialCollection[] =>
      plugin === null
        ? []
        : [{ name, key: endpointKey, entries: builder.all(name) as Credential[] }],
  )
  return {
    hash: drafts.length === 0 ? EMPTY_HASH : createHash('md5').update(text).digest('hex'),
    // Each collection's schema, applied to every draft, is what the interface beside it is derived from.
    services: builder.all('services') as unknown as Service[],
    routes: builder.all('routes') as unknown as Route[],
    consumers: builder.all('consumers') as unknown as Consumer[],
    plugins: builder.all('plugins') as unknown as PluginEntry[],
    upstreams: builder.all('upstreams') as unknown as Upstream[],
    targets: builder.all('targets') as unknown as Target[],
    credentials,
  }
}

class Builder {
  readonly #drafts = new Map<CollectionName, Draft[]>()
  readonly #built = new Map<Draft, Fields>()
  readonly #templates = new Map<Collection, Readonly<Fields>>()
  readonly #options: BuildOptions

  constructor(drafts: readonly Draft[], options: BuildOptions) {
    this.#options = options
    for (const draft of drafts) {
      const { name } = draft.collection
      const own = this.#drafts.get(name)
      if (own === undefined) this.#drafts.set(name, [draft])
      else own.push(draft)
    }
  }

  all(name: CollectionName): Fields[] {
    return (this.#drafts.get(name) ?? []).map((draft) => this.#build(draft))
  }

  /** References only lead from routes to services and the like, never round in a circle. */
  #build(draft: Draft): Fields {
    const known = this.#built.get(draft)
    if (known !== undefined) return known
    const { seconds, transforms } = this.#options
    const entity = { ...this.#templateOf(draft.collection) }
    for (const [field, value] of Object.entries(draft.fields)) entity[field] = value
    entity.id = draft.id
    entity.created_at = draft.fields.created_at ?? seconds
    entity.updated_at = seconds
    if (transforms) transform(draft, entity)
    for (const [field, reference] of draft.references) {
      entity[field] = reference?.kind === 'resolved' ? this.#link(reference.draft) : null
      // What was given out for a credential belongs to whom the credential belongs to.
      if (field === 'credential' && reference?.kind === 'resolved') {
        entity.consumer = this.#build(reference.draft).consumer
      }
    }
    this.#built.set(draft, entity)
    return entity
  }

  /**
   * An entity with all fields and no values. Its copies share one layout, which makes them quicker to make, to freeze
   * and to read than objects that grow field by field.
   */
  #templateOf(collection: Collection): Readonly<Fields> {
    const known = this.#templates.get(collection)
    if (known !== undefined) return known
    const fields = ['id', ...Object.keys(collection.schema.properties ?? {})]
    // Only some collections have a time of expiry, but whoever reads a credential may ask for it.
    if (collection.isCredential) fields.push('ttl')
    fields.push(...Object.keys(collection.references))
    const template = JSON.parse(
      JSON.stringify(Object.fromEntries(fields.map((field) => [field, null]))),
    ) as Fields
    this.#templates.set(collection, template)
    return template
  }

  /** Services are shown in logs and echoes; the private keys of their certificates must not travel with them. */
  #link(draft: Draft): Fields {
    switch (draft.collection.name) {
      case 'certificates':
      case 'plugins':
        return { id: draft.id }
      case 'oauth2_credentials':
        return { id: draft.id, client_id: draft.fields.client_id }
      default:
        return this.#build(draft)
    }
  }
}

/** From what a user writes to what is kept. */
export function transform({ collection, references }: Draft, entity: Fields): void {
  collection.transform?.(entity, (field) => {
    const reference = references.get(field)
    return reference?.kind === 'resolved' ? reference.draft.id : ''
  })
}
