// The entities of a configuration as the Admin API shows them: by collection, in the order of their ids, as Kong keeps
// them; by id and by name. Secrets are masked unless the settings say otherwise.
import type { CollectionName, Fields } from '../../config/entities/collection.js'
import type { Draft } from '../../config/draft.js'
import { isRecord } from '../../config/settle.js'
import type { JSONSchema } from '../../../schemas/types.js'
import type { LoadedConfig } from '../../config/index.js'
import { ownFields, type PrintOptions } from '../../config/print.js'
import type { PluginLookup } from '../../config/plugin-lookup.js'

const NONE: readonly Draft[] = []
const indexes = new WeakMap<LoadedConfig, EntityIndex>()

/** The same as long as the process lives. */
export interface EntityView {
  readonly plugins: PluginLookup
  readonly hidesSecrets: boolean
}

export class EntityIndex {
  readonly #byCollection = new Map<CollectionName, Draft[]>()
  readonly #byName = new Map<CollectionName, Map<unknown, Draft>>()
  readonly #options: PrintOptions

  constructor({ origin }: LoadedConfig, { plugins, hidesSecrets }: EntityView) {
    const { drafts, seconds, transforms } = origin
    this.#options = { plugins, seconds, transforms, hidesSecrets }
    for (const draft of drafts) this.#add(draft)
    for (const list of this.#byCollection.values()) {
      list.sort((a, b) => (a.id < b.id ? -1 : 1))
    }
  }

  /** One for each configuration, made when somebody asks. */
  static of(config: LoadedConfig, view: EntityView): EntityIndex {
    const known = indexes.get(config)
    if (known !== undefined) return known
    const index = new EntityIndex(config, view)
    indexes.set(config, index)
    return index
  }

  #add(draft: Draft): void {
    const { name, endpointKey } = draft.collection
    const list = this.#byCollection.get(name)
    if (list === undefined) this.#byCollection.set(name, [draft])
    else list.push(draft)
    const names = this.#byName.get(name) ?? new Map<unknown, Draft>()
    // A name that looks like somebody's id does not hide that one.
    const key = name === 'targets' ? draft.fields.target : draft.fields[endpointKey ?? '']
    if (typeof key === 'string' && !names.has(key)) names.set(key, draft)
    names.set(draft.id, draft)
    this.#byName.set(name, names)
  }

  list(collection: CollectionName): readonly Draft[] {
    const all = this.#byCollection.get(collection) ?? NONE
    return hasTtl(all[0]) ? all.filter(isAlive) : all
  }

  /** Those of the collection whose field refers to that entity. */
  children(collection: CollectionName, field: string, parent: Draft): Draft[] {
    return this.list(collection).filter((draft) => referenceOf(draft, field) === parent)
  }

  /** By id, or by what stands for a name in that collection. */
  find(collection: CollectionName, idOrName: string): Draft | undefined {
    const found = this.#byName.get(collection)?.get(idOrName)
    return found === undefined || isAlive(found) ? found : undefined
  }

  /** The targets of an upstream, the newest first, as Kong lists them. */
  targetsOf(upstream: Draft): readonly Draft[] {
    // By id already; what has no time of its own is as old as the configuration.
    const byAge = this.children('targets', 'upstream', upstream)
    const age = ({ fields }: Draft): number => Number(fields.created_at ?? this.#options.seconds)
    return byAge.sort((a, b) => age(a) - age(b)).reverse()
  }

  /** By id, or by what is written: other upstreams may have a target of the same address. */
  targetOf(upstream: Draft, key: string): Draft | undefined {
    const own = this.children('targets', 'upstream', upstream)
    return own.find(({ id, fields }) => id === key || fields.target === key)
  }

  /** As it is shown. */
  show(draft: Draft): Fields {
    const { collection, references } = draft
    const entity = ownFields(draft, this.#options)
    // Kong has no time of change for what plugins bring along, and keeps a time of expiry only where one is set.
    if (collection.plugin !== null) delete entity.updated_at
    if (entity.ttl === null) delete entity.ttl
    // In the file the time of the end, here what is left until then.
    else if (typeof entity.ttl === 'number') entity.ttl -= nowInSeconds()
    for (const field of references.keys()) {
      const target = referenceOf(draft, field)
      entity[field] = target === null ? null : { id: target.id }
    }
    const spec = this.#options.plugins.spec(String(entity.name))
    if (collection.name === 'plugins' && spec !== undefined && isRecord(entity.config)) {
      entity.config = withNulls(spec.schema, entity.config)
    }
    if (collection.name === 'certificates') {
      entity.snis = this.children('snis', 'certificate', draft).map(({ fields }) => fields.name)
    }
    return entity
  }

  /** `{collection: {id: entity}}`, what POST /config answers. */
  all(): Readonly<Record<string, Readonly<Record<string, Fields>>>> {
    return Object.fromEntries(
      Array.from(this.#byCollection, ([name, drafts]) => [
        name,
        Object.fromEntries(drafts.map((draft) => [draft.id, this.show(draft)])),
      ]),
    )
  }
}

function hasTtl(draft: Draft | undefined): boolean {
  return Object.hasOwn(draft?.collection.schema.properties ?? {}, 'ttl')
}

/** Kong: what is past its time is not there. */
function isAlive({ fields: { ttl } }: Draft): boolean {
  return typeof ttl !== 'number' || ttl > nowInSeconds()
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** Kong shows every field, also those that nobody has set. */
function withNulls({ properties = {} }: JSONSchema, record: Fields): Fields {
  const complete: Fields = { ...record }
  for (const [name, property] of Object.entries(properties)) {
    if (!isRecord(property)) continue
    const value = complete[name]
    if (value === undefined && property.deprecated !== true) complete[name] = null
    else if (isRecord(value)) complete[name] = withNulls(property, value)
  }
  return complete
}

/** What the field of a draft refers to. */
export function referenceOf({ references }: Draft, field: string): Draft | null {
  const reference = references.get(field)
  return reference?.kind === 'resolved' ? reference.draft : null
}
