// In a worker: from the configuration that it has, and an update, to the next one.
import type {
  Consumer,
  Credential,
  Entity,
  PluginEntry,
  Route,
  Service,
  Target,
  Upstream,
} from '../../model/entities.js'
import { indexSnapshot, type CredentialCollection } from '../../model/create-snapshot.js'
import type { Snapshot } from '../../model/snapshot.js'
import type { AnyPlugin } from '../../plugin/contract.js'
import type { Step } from '../../pipeline/plan.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { deepFreeze } from '../../util/deep-freeze.js'
import type { Sliced } from '../../util/slices.js'
import {
  REFERENCE_FIELDS,
  type ConfigUpdate,
  type FreshEntity,
  type ListUpdate,
} from './config-update.js'

/** What a worker keeps of a configuration for the next update. */
export interface WorkerConfig {
  readonly snapshot: Snapshot
  readonly credentials: readonly CredentialCollection[]
  /** Every use that runs, in falling priority of the plugins. */
  readonly steps: readonly Step[]
  /** Those of the snapshot that are served; the same list as long as nothing in it changes. */
  readonly served: readonly Route[]
}

/** The uses of plugins that run, by their entry, for as long as that entry is in use. */
const known = new WeakMap<PluginEntry, Step>()

/** @throws whatever a plugin's `prepare` throws, which on the main thread it has not */
export function* applyUpdate(
  before: WorkerConfig | null,
  update: ConfigUpdate,
  plugins: PluginRegistry,
): Sliced<WorkerConfig> {
  const old = before?.snapshot
  const services = yield* merge<Service>(old?.services, update.services, {})
  const consumers = yield* merge<Consumer>(old?.consumers, update.consumers, {})
  const byId = { service: yield* index(services), consumer: yield* index(consumers) }
  const routes = yield* merge<Route>(old?.routes, update.routes, byId)
  const all = { ...byId, route: yield* index(routes) }
  const entries = yield* merge<PluginEntry>(old?.plugins, update.plugins, all)
  const upstreams = yield* merge<Upstream>(old?.upstreams, update.upstreams, {})
  const upstreamById = { upstream: yield* index(upstreams) }
  const targets = yield* merge<Target>(old?.targets, update.targets, upstreamById)
  const credentials: CredentialCollection[] = []
  for (const { name, key, ...list } of update.credentials) {
    const own = before?.credentials.find((collection) => collection.name === name)
    credentials.push({ name, key, entries: yield* merge<Credential>(own?.entries, list, all) })
  }
  const { hash } = update
  const lists = { services, routes, consumers, plugins: entries, upstreams, targets }
  const content = { hash, ...lists, credentials }
  const snapshot = yield* indexSnapshot(content, old)
  yield* prepareFresh(entries, update, plugins)
  return {
    snapshot,
    credentials,
    steps: entries === old?.plugins ? (before?.steps ?? []) : stepsOf(entries, plugins),
    served: yield* servedOf(routes, update.unserved, before?.served),
  }
}

/** The entities that may be referred to, by the field that does it and by id. */
type Links = Readonly<
  Partial<Record<(typeof REFERENCE_FIELDS)[number], ReadonlyMap<string, Entity>>>
>

/** The new list, its fresh entities linked; the old list itself when nothing has changed. */
function* merge<E extends Entity>(
  old: readonly E[] = [],
  { places, fresh }: ListUpdate,
  links: Links,
): Sliced<readonly E[]> {
  if (fresh.length === 0 && places.length === old.length && isInPlace(places)) return old
  const merged: E[] = []
  let next = 0
  for (const place of places) {
    const entity = place < 0 ? link(fresh[next++], links) : old[place]
    if (entity === undefined) throw new TypeError('an update that does not fit what is here')
    merged.push(entity as E)
    yield
  }
  return merged
}

function isInPlace(places: Int32Array): boolean {
  return places.every((place, index) => place === index)
}

function link(entity: FreshEntity | undefined, links: Links): FreshEntity | undefined {
  if (entity === undefined) return undefined
  for (const field of REFERENCE_FIELDS) {
    const reference = entity[field] as { readonly id: string } | null | undefined
    if (!reference) continue
    // The object has come over from another thread, and is nobody else's yet.
    Reflect.set(entity, field, links[field]?.get(reference.id) ?? null)
  }
  return entity
}

function* index<E extends Entity>(entities: readonly E[]): Sliced<ReadonlyMap<string, E>> {
  const map = new Map<string, E>()
  for (const entity of entities) {
    map.set(entity.id, entity)
    yield
  }
  return map
}

function* prepareFresh(
  entries: readonly PluginEntry[],
  { runs }: ConfigUpdate,
  plugins: PluginRegistry,
): Sliced<void> {
  const byId = new Map(runs.map((run) => [run.id, run]))
  for (const entry of entries) {
    const run = byId.get(entry.id)
    const plugin = plugins.get(entry.name)
    if (run === undefined || plugin === undefined || !entry.enabled) continue
    const config = run.config === null ? entry.config : deepFreeze(run.config)
    known.set(entry, { plugin, entry, config: prepare(plugin, config, entry) })
    yield
  }
}

function prepare(plugin: AnyPlugin, config: object, entry: PluginEntry): unknown {
  if (plugin.prepare === undefined) return config
  const { id, route, service, consumer } = entry
  return plugin.prepare(config, {
    id,
    routeId: route?.id ?? null,
    serviceId: service?.id ?? null,
    consumerId: consumer?.id ?? null,
  })
}

function stepsOf(entries: readonly PluginEntry[], plugins: PluginRegistry): readonly Step[] {
  const order = new Map(plugins.names().map((name, place) => [name, place]))
  return entries
    .flatMap((entry) => known.get(entry) ?? [])
    .sort((a, b) => (order.get(a.entry.name) ?? 0) - (order.get(b.entry.name) ?? 0))
}

function* servedOf(
  routes: readonly Route[],
  unserved: ReadonlySet<string>,
  before: readonly Route[] = [],
): Sliced<readonly Route[]> {
  const served = unserved.size === 0 ? routes : routes.filter(({ id }) => !unserved.has(id))
  if (served.length !== before.length) return served
  for (const [place, route] of served.entries()) {
    if (route !== before[place]) return served
    yield
  }
  return before
}
