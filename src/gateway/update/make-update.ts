// On the main thread: what changes from one configuration to the next.
import { hash } from 'node:crypto'
import type { LoadedConfig } from '../../config/index.js'
import type { Entity } from '../../model/entities.js'
import { isServed } from '../served-routes.js'
import {
  REFERENCE_FIELDS,
  type ConfigUpdate,
  type FreshEntity,
  type ListUpdate,
  type TlsUpdate,
} from './config-update.js'

export interface Stocktaking {
  readonly update: ConfigUpdate
  /** What there is now, so that the next configuration can be held against it. */
  readonly inventory: Inventory
}

/** These change whenever a file is read, and mean nothing to a request. */
const NO_TIMES = { created_at: 0, updated_at: 0 }

/** @param before what the workers have; null for one that has nothing yet */
export function makeUpdate(
  config: LoadedConfig,
  tls: TlsUpdate,
  before: Inventory | null,
): Stocktaking {
  const { content, prepared, filled } = config
  const inventory = new Inventory(content, filled)
  const taker = new Stocktaker(before, inventory)
  // Those that are referred to come first.
  const services = taker.take('services', content.services)
  const consumers = taker.take('consumers', content.consumers)
  const routes = taker.take('routes', content.routes)
  const plugins = taker.take('plugins', content.plugins)
  const upstreams = taker.take('upstreams', content.upstreams)
  const targets = taker.take('targets', content.targets)
  const credentials = content.credentials.map(({ name, key, entries }) => ({
    name,
    key,
    ...taker.take(name, entries),
  }))
  const runs = plugins.fresh
    .filter(({ id }) => prepared.has(id))
    .map(({ id }) => ({ id, config: filled.get(id) ?? null }))
  const update = {
    hash: content.hash,
    services,
    routes,
    consumers,
    plugins,
    upstreams,
    targets,
    credentials,
    runs,
    unserved: unservedRoutes(config),
    ...tls,
  }
  return { update, inventory }
}

/** What is unsupported and here all the same, the file's owner has agreed to leave out. */
function unservedRoutes({ unsupported, content }: LoadedConfig): ReadonlySet<string> {
  const left = unsupported.length === 0 ? [] : content.routes.filter((route) => !isServed(route))
  return new Set(left.map(({ id }) => id))
}

interface Item {
  readonly place: number
  readonly entity: Entity
}

/** What a configuration consists of. Nothing is looked at before the next one comes, which may be never. */
export class Inventory {
  readonly #lists: ReadonlyMap<string, readonly Entity[]>
  readonly #filled: ReadonlyMap<string, object>
  readonly #items = new Map<string, ReadonlyMap<string, Item>>()
  /** A service is printed once, however many routes it has. */
  readonly #prints = new Map<Entity, string>()

  constructor(content: LoadedConfig['content'], filled: ReadonlyMap<string, object>) {
    const { services, routes, consumers, plugins, upstreams, targets, credentials } = content
    const lists = { services, routes, consumers, plugins, upstreams, targets }
    this.#lists = new Map<string, readonly Entity[]>([
      ...Object.entries(lists),
      ...credentials.map(({ name, entries }) => [name, entries] as const),
    ])
    this.#filled = filled
  }

  /** The entity of that id, and its place in its list. */
  find(collection: string, id: string): Item | undefined {
    let items = this.#items.get(collection)
    if (items === undefined) {
      const list = this.#lists.get(collection) ?? []
      items = new Map(list.map((entity, place) => [entity.id, { place, entity }]))
      this.#items.set(collection, items)
    }
    return items.get(id)
  }

  /** Equal for entities that are equal in all but their times, those that they refer to included. */
  print(entity: Entity): string {
    const known = this.#prints.get(entity)
    if (known !== undefined) return known
    const flat: Record<string, unknown> = { ...entity, ...NO_TIMES }
    for (const field of REFERENCE_FIELDS) {
      const other = flat[field] as Entity | null | undefined
      if (other) flat[field] = this.print(other)
    }
    const filled = this.#filled.get(entity.id)
    const text = JSON.stringify(filled === undefined ? flat : [flat, filled])
    const print = hash('sha1', text, 'base64')
    this.#prints.set(entity, print)
    return print
  }
}

class Stocktaker {
  readonly #before: Inventory | null
  readonly #now: Inventory

  constructor(before: Inventory | null, now: Inventory) {
    this.#before = before
    this.#now = now
  }

  take(collection: string, entities: readonly Entity[]): ListUpdate {
    const places = new Int32Array(entities.length).fill(-1)
    if (this.#before === null) return { places, fresh: entities.map(unlink) }
    const fresh: FreshEntity[] = []
    for (const [place, entity] of entities.entries()) {
      const old = this.#before.find(collection, entity.id)
      const isSame = old !== undefined && this.#before.print(old.entity) === this.#now.print(entity)
      if (isSame) places[place] = old.place
      else fresh.push(unlink(entity))
    }
    return { places, fresh }
  }
}

function unlink(entity: Entity): FreshEntity {
  const flat: Record<string, unknown> = { ...entity }
  for (const field of REFERENCE_FIELDS) {
    const other = flat[field] as Entity | null | undefined
    if (other) flat[field] = { id: other.id }
  }
  return flat as FreshEntity & Record<string, unknown>
}
