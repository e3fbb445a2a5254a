// The Snapshot: entities and the indexes over them, frozen.
import { deepFreeze } from '../util/deep-freeze.js'
import { runWhole, type Sliced } from '../util/slices.js'
import type {
  Consumer,
  Credential,
  PluginEntry,
  Route,
  Service,
  Target,
  Upstream,
} from './entities.js'
import type { ConsumerField, Snapshot } from './snapshot.js'

export interface SnapshotContent {
  /** See Snapshot. */
  readonly hash: string
  readonly services: readonly Service[]
  readonly routes: readonly Route[]
  readonly consumers: readonly Consumer[]
  readonly plugins: readonly PluginEntry[]
  readonly upstreams: readonly Upstream[]
  readonly targets: readonly Target[]
  readonly credentials: readonly CredentialCollection[]
}

export interface CredentialCollection {
  readonly name: string
  /** The field by which a credential is looked up; null for a collection that is only listed by consumer. */
  readonly key: string | null
  readonly entries: readonly Credential[]
}

const NONE: readonly Credential[] = Object.freeze([])

/** Freezes what it is given, all the way down. What is looked up there is indexed when it is first asked for. */
export function createSnapshot(content: SnapshotContent): Snapshot {
  return runWhole(IndexedSnapshot.freeze(content))
}

/**
 * For those who serve requests: freezes and indexes, as work that may be interrupted.
 * @param previous the indexes over lists that are still the same are taken over from there
 */
export function indexSnapshot(
  content: SnapshotContent,
  previous: Snapshot | null = null,
): Sliced<Snapshot> {
  return IndexedSnapshot.make(content, previous instanceof IndexedSnapshot ? previous : null)
}

interface ConsumerIndex {
  readonly byId: ReadonlyMap<string, Consumer>
  readonly byName: ReadonlyMap<string, Consumer>
  readonly byCustomId: ReadonlyMap<string, Consumer>
}

interface CredentialIndex {
  readonly entries: readonly Credential[]
  readonly byKey: ReadonlyMap<string, Credential>
  /** Null until it is asked for, where credentials are looked up by key. */
  byConsumer: ReadonlyMap<string, readonly Credential[]> | null
}

class IndexedSnapshot implements Snapshot {
  readonly hash: string
  readonly services: readonly Service[]
  readonly routes: readonly Route[]
  readonly consumers: readonly Consumer[]
  readonly plugins: readonly PluginEntry[]
  readonly upstreams: readonly Upstream[]
  readonly targets: readonly Target[]
  // Private, so that no logger that is handed a store can write what is in them.
  #consumerIndex: ConsumerIndex | null = null
  readonly #credentialIndexes = new Map<string, CredentialIndex>()
  readonly #collections: ReadonlyMap<string, CredentialCollection>

  static *freeze(content: SnapshotContent): Sliced<IndexedSnapshot> {
    const { services, routes, consumers, plugins, upstreams, targets, credentials } = content
    const lists = [services, routes, consumers, plugins, upstreams, targets]
    for (const list of lists) yield* freezeAll(list)
    for (const { entries } of credentials) yield* freezeAll(entries)
    const frozen = new IndexedSnapshot(content)
    Object.freeze(frozen)
    return frozen
  }

  static *make(content: SnapshotContent, old: IndexedSnapshot | null): Sliced<Snapshot> {
    const made = yield* IndexedSnapshot.freeze(content)
    const isSame = old !== null && old.consumers === made.consumers
    const sameConsumers = isSame ? old.#consumerIndex : null
    made.#consumerIndex = sameConsumers ?? (yield* indexConsumers(made.consumers))
    for (const collection of content.credentials) {
      const known = old === null ? undefined : old.#credentialIndexes.get(collection.name)
      const index =
        known?.entries === collection.entries ? known : yield* indexCredentials(collection)
      made.#credentialIndexes.set(collection.name, index)
    }
    return made
  }

  private constructor({ hash, credentials, ...lists }: SnapshotContent) {
    const { services, routes, consumers, plugins, upstreams, targets } = lists
    this.hash = hash
    this.services = services
    this.routes = routes
    this.consumers = consumers
    this.plugins = plugins
    this.upstreams = upstreams
    this.targets = targets
    this.#collections = new Map(credentials.map((collection) => [collection.name, collection]))
  }

  consumer(idOrUsername: string): Consumer | undefined {
    const { byId, byName } = this.#consumersIndexed()
    return byId.get(idOrUsername) ?? byName.get(idOrUsername)
  }

  consumerBy(field: ConsumerField, value: string): Consumer | undefined {
    const { byId, byName, byCustomId } = this.#consumersIndexed()
    switch (field) {
      case 'id':
        return byId.get(value)
      case 'username':
        return byName.get(value)
      case 'custom_id':
        return byCustomId.get(value)
    }
  }

  credential(collection: string, key: string): Credential | undefined {
    return this.#index(collection)?.byKey.get(key)
  }

  credentialsOf(collection: string, consumer: Consumer): readonly Credential[] {
    const index = this.#index(collection)
    if (index === undefined) return NONE
    index.byConsumer ??= runWhole(groupByConsumer(index.entries))
    return index.byConsumer.get(consumer.id) ?? NONE
  }

  #consumersIndexed(): ConsumerIndex {
    return (this.#consumerIndex ??= runWhole(indexConsumers(this.consumers)))
  }

  #index(name: string): CredentialIndex | undefined {
    const known = this.#credentialIndexes.get(name)
    if (known !== undefined) return known
    const collection = this.#collections.get(name)
    if (collection === undefined) return undefined
    const index = runWhole(indexCredentials(collection))
    this.#credentialIndexes.set(name, index)
    return index
  }
}

function* freezeAll(list: readonly object[]): Sliced<void> {
  for (const entity of list) {
    deepFreeze(entity)
    yield
  }
  Object.freeze(list)
}

function* indexConsumers(consumers: readonly Consumer[]): Sliced<ConsumerIndex> {
  const byId = new Map<string, Consumer>()
  const byName = new Map<string, Consumer>()
  const byCustomId = new Map<string, Consumer>()
  for (const consumer of consumers) {
    byId.set(consumer.id, consumer)
    if (consumer.username !== null) byName.set(consumer.username, consumer)
    if (consumer.custom_id !== null) byCustomId.set(consumer.custom_id, consumer)
    yield
  }
  return { byId, byName, byCustomId }
}

function* indexCredentials({ key, entries }: CredentialCollection): Sliced<CredentialIndex> {
  const byKey = new Map<string, Credential>()
  // Found by their consumer alone, such as groups; where there is a key, hardly anybody asks for the others.
  if (key === null) return { entries, byKey, byConsumer: yield* groupByConsumer(entries) }
  for (const entry of entries) {
    const value = entry[key]
    if (typeof value === 'string') byKey.set(value, entry)
    yield
  }
  return { entries, byKey, byConsumer: null }
}

function* groupByConsumer(
  entries: readonly Credential[],
): Sliced<ReadonlyMap<string, readonly Credential[]>> {
  const byConsumer = new Map<string, Credential[]>()
  for (const entry of entries) {
    const own = byConsumer.get(entry.consumer.id)
    if (own === undefined) byConsumer.set(entry.consumer.id, [entry])
    else own.push(entry)
    yield
  }
  for (const list of byConsumer.values()) Object.freeze(list)
  return byConsumer
}
