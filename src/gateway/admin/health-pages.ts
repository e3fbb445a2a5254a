// The health of an upstream's targets, and the switches for it. Without a database these can be used all the same: what
// they set holds for this node, until a check says otherwise.
import type { Draft } from '../../config/draft.js'
import type { PluginLookup } from '../../config/plugin-lookup.js'
import type { Logger } from '../../log/logger.js'
import type { CheckedPeer } from '../../upstream/health/checked-peer.js'
import { parseHost } from '../../util/host.js'
import { respelledAddress } from '../../util/ip-text.js'
import { balancerHealth, targetHealth } from '../health/health-view.js'
import type { WatchedUpstream } from '../health/watched-upstream.js'
import { NODE_ID } from '../node-id.js'
import {
  empty,
  json,
  message,
  NOT_FOUND,
  PageRefusal,
  type PageAnswer,
  type PageRequest,
} from '../pages/page.js'
import type { PageEntry, PageHandler } from '../pages/page-table.js'
import type { GatewayControl } from './contract.js'
import { EntityIndex } from './entity-index.js'
import { numberedPage } from './paging.js'

export interface HealthPagesOptions {
  readonly control: Pick<GatewayControl, 'config' | 'health'>
  readonly plugins: PluginLookup
  readonly hidesSecrets: boolean
  readonly log: Logger
}

const UPSTREAM = '/upstreams/{upstreams}'
const TARGET = `${UPSTREAM}/targets/{targets}`

/** Of an address that names none, as of a target. */
const DEFAULT_PORT = 8000

export function healthPages(options: HealthPagesOptions): readonly PageEntry[] {
  const switchTo = (isHealthy: boolean): PageEntry['methods'] => ({
    PUT: (_, params) => set(options, params, isHealthy),
  })
  return [
    healthPage(options),
    { path: `${TARGET}/healthy`, methods: switchTo(true) },
    { path: `${TARGET}/unhealthy`, methods: switchTo(false) },
    { path: `${TARGET}/{address}/healthy`, methods: switchTo(true) },
    { path: `${TARGET}/{address}/unhealthy`, methods: switchTo(false) },
  ]
}

export function healthPage(options: HealthPagesOptions): PageEntry {
  const GET: PageHandler = (request, [key]) => health(options, request, key)
  return { path: `${UPSTREAM}/health`, methods: { GET } }
}

/** An upstream, with all that is known of it; of one configuration, since nothing waits after that. */
interface Known {
  readonly entities: EntityIndex
  readonly draft: Draft
  readonly upstream: WatchedUpstream
}

async function known(
  { control, plugins, hidesSecrets }: HealthPagesOptions,
  key = '',
): Promise<Known> {
  const index = (): EntityIndex => EntityIndex.of(control.config, { plugins, hidesSecrets })
  await control.health.settle(found(index().find('upstreams', key)).id)
  const entities = index()
  const draft = found(entities.find('upstreams', key))
  return { entities, draft, upstream: found(control.health.find(draft.id)) }
}

async function health(
  options: HealthPagesOptions,
  request: PageRequest,
  key?: string,
): Promise<PageAnswer> {
  const { entities, draft, upstream } = await known(options, key)
  if (request.query.get('balancer_health') === '1') {
    const data = balancerHealth(draft.id, upstream)
    return json(200, { data, next: null, node_id: NODE_ID })
  }
  const page = numberedPage(request, entities.targetsOf(draft), (target) => {
    const watched = found(upstream.targets.get(target.id))
    return { ...entities.show(target), ...targetHealth(watched, upstream.health.isOn) }
  })
  return json(200, { ...page, node_id: NODE_ID })
}

async function set(
  options: HealthPagesOptions,
  [upstreamKey, targetKey = '', address]: readonly string[],
  isHealthy: boolean,
): Promise<PageAnswer> {
  const { entities, draft, upstream } = await known(options, upstreamKey)
  const target = found(entities.targetOf(draft, targetKey))
  if (!upstream.health.isOn) return message(400, `no healthchecker found for ${upstream.name}`)
  const peers = peersOf(upstream, target, address)
  for (const peer of peers) peer.set(isHealthy)
  // Kong: 204 all the same.
  if (peers.length === 0) {
    options.log.warn(
      { upstream: upstream.name, target: target.fields.target, address },
      'the health of an address was set that is not there, or has the weight 0',
    )
  }
  return empty(204)
}

/** All addresses of the target, or the one that is named. */
function peersOf(
  upstream: WatchedUpstream,
  { id }: Draft,
  address: string | undefined,
): readonly CheckedPeer[] {
  const peers = upstream.targets.get(id)?.checked ?? []
  if (address === undefined) return peers
  const named = parseHost(address)
  if (typeof named === 'string') return []
  const port = named.port ?? DEFAULT_PORT
  // IPv6 has many spellings.
  const ip = respelledAddress(named.host)
  return peers.filter(({ name }) => respelledAddress(name.ip) === ip && name.port === port)
}

function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new PageRefusal(NOT_FOUND)
  return value
}
