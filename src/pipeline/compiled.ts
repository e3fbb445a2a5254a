// A snapshot made ready for requests: router, plans, and for every route where its requests go.
import { requestBufferBytes, type BufferSettings } from './buffering.js'
import { upstreamPath } from '../router/upstream-path.js'
import { escapePath } from '../util/path.js'
import type { Sliced } from '../util/slices.js'
import { NO_GUARDS, type Guards, type Resilience } from './guards.js'
import { PluginUses, RoutePlans, type Step } from './plan.js'
import { PeerOrigins, serviceTarget, type ServiceTarget } from './service-target.js'
import { TargetTerms, type TargetTls } from './target-tls.js'
import type { Route } from '../model/entities.js'
import type { Snapshot, Store } from '../model/snapshot.js'
import type { Origin, Transport } from '../proxy/transport.js'
import type { PathHandling, RouteMatch, Router } from '../router/contract.js'
import type { Breaker } from '../upstream/breaker/breaker.js'
import type { BalancerSet } from '../upstream/balancers.js'

/** One route with all that its requests need. */
export class CompiledRoute {
  readonly route: Route
  readonly plans: RoutePlans
  readonly target: ServiceTarget | null
  readonly guards: Guards
  /** How much of a body is kept before the target hears of it, and for another try. */
  readonly requestBufferBytes: number
  readonly #pathHandling: PathHandling
  /** Answers http with 426 or a redirect. */
  readonly isHttpsOnly: boolean
  readonly isGrpc: boolean

  constructor(
    route: Route,
    uses: PluginUses,
    target: ServiceTarget | null,
    pathHandling: PathHandling,
    { resilience, buffers }: Pick<Means, 'resilience' | 'buffers'>,
  ) {
    this.route = route
    this.#pathHandling = pathHandling
    this.plans = new RoutePlans(uses, route)
    this.target = target
    this.guards = resilience?.guardsOf(route, this.plans.base) ?? NO_GUARDS
    this.requestBufferBytes = requestBufferBytes(route, buffers)
    this.isHttpsOnly = route.protocols.includes('https') && !route.protocols.includes('http')
    this.isGrpc = route.protocols.includes('grpc') || route.protocols.includes('grpcs')
  }

  /** The path to ask the target for, escaped. */
  upstreamPath(match: RouteMatch | null, path: string): string {
    if (match === null) return path
    return escapePath(upstreamPath(match, path, this.target?.path ?? null, this.#pathHandling))
  }

  /** The Host that is sent as the client has sent it; empty for the target's own. In HTTP/1.0 there may be none. */
  preservedHost(clientHost: string): string {
    return this.route.preserve_host ? clientHost : ''
  }
}

export interface CompiledConfig {
  readonly store: Store
  readonly router: Router
  readonly uses: PluginUses
  /** By the id of the service. */
  readonly targets: ReadonlyMap<string, ServiceTarget>
  /** Each once, though routes share those of their service. */
  readonly breakers: readonly Breaker[]
  routeOf(match: RouteMatch): CompiledRoute | null
}

/** What requests are sent by. */
export interface Means {
  readonly transport: Transport
  /** Made from the same snapshot. */
  readonly balancers: BalancerSet
  /** Null: nothing stands before targets. */
  readonly resilience: Resilience | null
  /** What services refer to. */
  readonly tls: TargetTls
  readonly buffers: BufferSettings
}

/**
 * @param steps every enabled use with its prepared config, in falling priority
 * @param router made from the same snapshot
 * @param means what requests are sent by
 * @param before the configuration until now
 */
export function* compile(
  snapshot: Snapshot,
  steps: readonly Step[],
  router: Router,
  means: Means,
  before: CompiledConfig | null = null,
): Sliced<CompiledConfig> {
  const { transport, balancers, tls } = means
  const uses = new PluginUses(steps)
  const targets = new Map<string, ServiceTarget>()
  const parts = { transport, terms: new TargetTerms(tls), balancers }
  for (const service of snapshot.services) {
    const old = before?.targets.get(service.id) ?? null
    targets.set(service.id, serviceTarget(service, parts, old))
    yield
  }
  const routes = new Map<Route, CompiledRoute>()
  const breakers = new Set<Breaker>()
  for (const route of snapshot.routes) {
    const target = targets.get(route.service?.id ?? '') ?? null
    const pathHandling = router.pathHandling(route)
    const compiled = new CompiledRoute(route, uses, target, pathHandling, means)
    routes.set(route, compiled)
    if (compiled.guards.breaker !== null) breakers.add(compiled.guards.breaker)
    yield
  }
  return {
    store: snapshot,
    router,
    uses,
    targets,
    breakers: [...breakers],
    routeOf: ({ route }) => routes.get(route) ?? null,
  }
}

/** Where its requests go: of the peers behind names, those that have been asked so far. */
export function originsOf({ targets }: CompiledConfig): ReadonlySet<Origin> {
  const origins = new Set<Origin>()
  for (const { destination } of targets.values()) {
    if (destination === null) continue
    if (destination instanceof PeerOrigins) {
      for (const origin of destination.origins()) origins.add(origin)
    } else origins.add(destination)
  }
  return origins
}
