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

/** What a configuration consists of, by collection and id, so that the next one can be held against it. */
export type Inventory = ReadonlyMap<string, ReadonlyMap<string, Item>>

interface Item {
  readonly place: number
  /** Equal for entities that are equal in all but their times, those that they refer to included. */
  readonly print: string
}

export interface Stocktaking {
  readonly update: ConfigUpdate
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
  const taker = new Stocktaker(before, filled)
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
  return { update, inventory: taker.inventory }
}

/** What is unsupported and here all the same, the file's owner has agreed to leave out. */
function unservedRoutes({ unsupported, content }: LoadedConfig): ReadonlySet<string> {
  const left = unsupported.length === 0 ? [] : content.routes.filter((route) => !isServed(route))
  return new Set(left.map(({ id }) => id))
}

class Stocktaker {
  readonly inventory = new Map<string, Map<string, Item>>()
  readonly #before: Inventory | null
  readonly #filled: ReadonlyMap<string, object>
  /** A service is printed once, however many routes it has. */
  readonly #prints = new Map<Entity, string>()

  constructor(before: Inventory | null, filled: ReadonlyMap<string, object>) {
    this.#before = before
    this.#filled = filled
  }

  take(collection: string, entities: readonly Entity[]): ListUpdate {
    const before = this.#before?.get(collection)
    const items = new Map<string, Item>()
    const places = new Int32Array(entities.length)
    const fresh: FreshEntity[] = []
    for (const [place, entity] of entities.entries()) {
      const print = this.#print(entity)
      const old = before?.get(entity.id)
      const isSame = old?.print === print
      places[place] = isSame ? old.place : -1
      if (!isSame) fresh.push(unlink(entity))
      items.set(entity.id, { place, print })
    }
    this.inventory.set(collection, items)
    return { places, fresh }
  }

  #print(entity: Entity): string {
    const known = this.#prints.get(entity)
    if (known !== undefined) return known
    const flat: Record<string, unknown> = { ...entity, ...NO_TIMES }
    for (const field of REFERENCE_FIELDS) {
      const other = flat[field] as Entity | null | undefined
      if (other) flat[field] = this.#print(other)
    }
    const filled = this.#filled.get(entity.id)
    const text = JSON.stringify(filled === undefined ? flat : [flat, filled])
    const print = hash('sha1', text, 'base64')
    this.#prints.set(entity, print)
    return print
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
