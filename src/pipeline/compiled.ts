// A snapshot made ready for requests: router, plans, and for every route where its requests go.
import { isIP } from 'node:net'
import { upstreamPath } from '../router/upstream-path.js'
import { hostWithoutPort } from '../util/host.js'
import { escapePath } from '../util/path.js'
import type { Sliced } from '../util/slices.js'
import { NO_GUARDS, type Guards, type Resilience } from './guards.js'
import { PluginUses, RoutePlans, type Step } from './plan.js'
import { TargetTerms, type TargetTls } from './target-tls.js'
import type { Route, Service } from '../model/entities.js'
import type { Snapshot, Store } from '../model/snapshot.js'
import type { Origin, Timeouts, Transport } from '../proxy/transport.js'
import type { PathHandling, RouteMatch, Router } from '../router/contract.js'

/** One route with all that its requests need. */
export class CompiledRoute {
  readonly route: Route
  readonly plans: RoutePlans
  readonly target: ServiceTarget | null
  readonly guards: Guards
  readonly #pathHandling: PathHandling
  /** Answers http with 426 or a redirect. */
  readonly isHttpsOnly: boolean
  readonly isGrpc: boolean

  constructor(
    route: Route,
    uses: PluginUses,
    target: ServiceTarget | null,
    pathHandling: PathHandling,
    resilience: Resilience | null,
  ) {
    this.route = route
    this.#pathHandling = pathHandling
    this.plans = new RoutePlans(uses, route)
    this.target = target
    this.guards = resilience?.guardsOf(route, this.plans.base) ?? NO_GUARDS
    this.isHttpsOnly = route.protocols.includes('https') && !route.protocols.includes('http')
    this.isGrpc = route.protocols.includes('grpc') || route.protocols.includes('grpcs')
  }

  /** The path to ask the target for, escaped. */
  upstreamPath(match: RouteMatch | null, path: string): string {
    if (match === null) return path
    return escapePath(upstreamPath(match, path, this.target?.path ?? null, this.#pathHandling))
  }

  /** The Host header to send. In HTTP/1.0 the client may have sent none to preserve. */
  upstreamHost(clientHost: string): string {
    const isPreserved = this.route.preserve_host && clientHost !== ''
    return isPreserved ? clientHost : (this.target?.hostHeader ?? clientHost)
  }
}

/** HOT PATH. Kong: the server name of TLS is the Host that is sent, so with preserve_host the client's. */
export function originFor(
  { origin, hostHeader, service }: ServiceTarget,
  host: string,
): Origin | null {
  if (origin === null || host === hostHeader || service.protocol !== 'https') return origin
  const name = hostWithoutPort(host)
  return origin.named(name.startsWith('[') ? name.slice(1, -1) : name)
}

/** Where a service's requests go. */
export interface ServiceTarget {
  readonly service: Service
  /** Null for a protocol that is not served. */
  readonly origin: Origin | null
  readonly hostHeader: string
  readonly path: string | null
  readonly timeouts: Timeouts
}

export interface CompiledConfig {
  readonly store: Store
  readonly router: Router
  readonly uses: PluginUses
  /** Where its requests go. */
  readonly origins: ReadonlySet<Origin>
  routeOf(match: RouteMatch): CompiledRoute | null
}

/** What requests are sent by. */
export interface Means {
  readonly transport: Transport
  /** Null: nothing stands before targets. */
  readonly resilience: Resilience | null
  /** What services refer to. */
  readonly tls: TargetTls
}

/**
 * @param steps every enabled use with its prepared config, in falling priority
 * @param router made from the same snapshot
 * @param means what requests are sent by
 */
export function* compile(
  snapshot: Snapshot,
  steps: readonly Step[],
  router: Router,
  { transport, resilience, tls }: Means,
): Sliced<CompiledConfig> {
  const uses = new PluginUses(steps)
  const targets = new Map<string, ServiceTarget>()
  const origins = new Set<Origin>()
  const terms = new TargetTerms(tls)
  for (const service of snapshot.services) {
    const target = targetOf(service, transport, terms)
    targets.set(service.id, target)
    if (target.origin !== null) origins.add(target.origin)
    yield
  }
  const routes = new Map<Route, CompiledRoute>()
  for (const route of snapshot.routes) {
    const target = targets.get(route.service?.id ?? '') ?? null
    const pathHandling = router.pathHandling(route)
    routes.set(route, new CompiledRoute(route, uses, target, pathHandling, resilience))
    yield
  }
  return {
    store: snapshot,
    router,
    uses,
    origins,
    routeOf: ({ route }) => routes.get(route) ?? null,
  }
}

function targetOf(service: Service, transport: Transport, terms: TargetTerms): ServiceTarget {
  const { protocol, port, path } = service
  const host = service.host.replace(/^\[(.*)\]$/, '$1')
  const served = protocol === 'http' || protocol === 'https' ? protocol : null
  const name = isIP(host) === 6 ? `[${host}]` : host
  return {
    service,
    origin:
      served &&
      transport.origin({
        protocol: served,
        host,
        port,
        serverName: served === 'https' ? host.toLowerCase() : '',
        tls: served === 'https' ? terms.of(service) : null,
      }),
    hostHeader: port === (served === 'https' ? 443 : 80) ? name : `${name}:${port}`,
    path,
    timeouts: {
      connectMs: service.connect_timeout,
      writeMs: service.write_timeout,
      readMs: service.read_timeout,
    },
  }
}
