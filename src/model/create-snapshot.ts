// The Snapshot: entities and the indexes over them, frozen.
import { deepFreeze } from '../util/deep-freeze.js'
import type { Consumer, Credential, PluginEntry, Route, Service } from './entities.js'
import type { Snapshot } from './snapshot.js'

export interface SnapshotContent {
  /** See Snapshot. */
  readonly hash: string
  readonly services: readonly Service[]
  readonly routes: readonly Route[]
  readonly consumers: readonly Consumer[]
  readonly plugins: readonly PluginEntry[]
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
  return Object.freeze(new IndexedSnapshot(content))
}

class IndexedSnapshot implements Snapshot {
  readonly hash: string
  readonly services: readonly Service[]
  readonly routes: readonly Route[]
  readonly consumers: readonly Consumer[]
  readonly plugins: readonly PluginEntry[]
  readonly #consumersById: ReadonlyMap<string, Consumer>
  readonly #consumersByName: ReadonlyMap<string, Consumer>
  readonly #credentials: ReadonlyMap<string, CredentialIndex>

  constructor({ hash, services, routes, consumers, plugins, credentials }: SnapshotContent) {
    this.hash = hash
    this.services = deepFreeze(services)
    this.routes = deepFreeze(routes)
    this.consumers = deepFreeze(consumers)
    this.plugins = deepFreeze(plugins)
    this.#consumersById = new Map(consumers.map((consumer) => [consumer.id, consumer]))
    this.#consumersByName = new Map(
      consumers.flatMap((consumer) =>
        consumer.username === null ? [] : [[consumer.username, consumer] as const],
      ),
    )
    this.#credentials = new Map(credentials.map((each) => [each.name, new CredentialIndex(each)]))
  }

  consumer(idOrUsername: string): Consumer | undefined {
    return this.#consumersById.get(idOrUsername) ?? this.#consumersByName.get(idOrUsername)
  }

  credential(collection: string, key: string): Credential | undefined {
    return this.#credentials.get(collection)?.byKey.get(key)
  }

  credentialsOf(collection: string, consumer: Consumer): readonly Credential[] {
    return this.#credentials.get(collection)?.byConsumer.get(consumer.id) ?? NONE
  }
}

class CredentialIndex {
  readonly byKey = new Map<string, Credential>()
  readonly byConsumer = new Map<string, Credential[]>()

  constructor({ key, entries }: CredentialCollection) {
    for (const entry of deepFreeze(entries)) {
      const value = key === null ? undefined : entry[key]
      if (typeof value === 'string') this.byKey.set(value, entry)
      const own = this.byConsumer.get(entry.consumer.id)
      if (own === undefined) this.byConsumer.set(entry.consumer.id, [entry])
      else own.push(entry)
    }
    for (const list of this.byConsumer.values()) Object.freeze(list)
  }
}
