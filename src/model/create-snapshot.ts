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

/** Freezes what it is given, all the way down. */
export function createSnapshot(content: SnapshotContent): Snapshot {
  return runWhole(indexSnapshot(content))
}

/**
 * The same as work that may be interrupted.
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
  readonly byConsumer: ReadonlyMap<string, readonly Credential[]>
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
  readonly #consumerIndex: ConsumerIndex
  readonly #credentialIndexes: ReadonlyMap<string, CredentialIndex>

  static *make(content: SnapshotContent, old: IndexedSnapshot | null): Sliced<Snapshot> {
    const { services, routes, consumers, plugins, upstreams, targets, credentials } = content
    const lists = [services, routes, consumers, plugins, upstreams, targets]
    for (const list of lists) yield* freezeAll(list)
    const consumerIndex =
      old !== null && old.consumers === consumers
        ? old.#consumerIndex
        : yield* indexConsumers(consumers)
    const credentialIndexes = new Map<string, CredentialIndex>()
    for (const collection of credentials) {
      const known = old === null ? undefined : old.#credentialIndexes.get(collection.name)
      const index =
        known?.entries === collection.entries ? known : yield* indexCredentials(collection)
      credentialIndexes.set(collection.name, index)
    }
    return Object.freeze(new IndexedSnapshot(content, consumerIndex, credentialIndexes))
  }

  private constructor(
    { hash, services, routes, consumers, plugins, upstreams, targets }: SnapshotContent,
    consumerIndex: ConsumerIndex,
    credentialIndexes: ReadonlyMap<string, CredentialIndex>,
  ) {
    this.hash = hash
    this.services = services
    this.routes = routes
    this.consumers = consumers
    this.plugins = plugins
    this.upstreams = upstreams
    this.targets = targets
    this.#consumerIndex = consumerIndex
    this.#credentialIndexes = credentialIndexes
  }

  consumer(idOrUsername: string): Consumer | undefined {
    const { byId, byName } = this.#consumerIndex
    return byId.get(idOrUsername) ?? byName.get(idOrUsername)
  }

  consumerBy(field: ConsumerField, value: string): Consumer | undefined {
    const { byId, byName, byCustomId } = this.#consumerIndex
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
    return this.#credentialIndexes.get(collection)?.byKey.get(key)
  }

  credentialsOf(collection: string, consumer: Consumer): readonly Credential[] {
    return this.#credentialIndexes.get(collection)?.byConsumer.get(consumer.id) ?? NONE
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
  yield* freezeAll(entries)
  const byKey = new Map<string, Credential>()
  const byConsumer = new Map<string, Credential[]>()
  for (const entry of entries) {
    const value = key === null ? undefined : entry[key]
    if (typeof value === 'string') byKey.set(value, entry)
    const own = byConsumer.get(entry.consumer.id)
    if (own === undefined) byConsumer.set(entry.consumer.id, [entry])
    else own.push(entry)
    yield
  }
  for (const list of byConsumer.values()) Object.freeze(list)
  return { entries, byKey, byConsumer }
}
