// All balancers of one worker: one for each upstream, and one for each name that services have for their host without an
// upstream of that name. Those of which nothing has changed go on over reloads.
import { isIP } from 'node:net'
import type { Service, Target, Upstream } from '../model/entities.js'
import type { Snapshot } from '../model/snapshot.js'
import { hostAndPort, parseHost } from '../util/host.js'
import type { Sliced } from '../util/slices.js'
import { algorithmOf } from './algorithms/index.js'
import { RoundRobin } from './algorithms/round-robin.js'
import { Balancer } from './balancer.js'
import type { DnsClient } from './dns/contract.js'
import { UNCHECKED, type HealthSource, type UpstreamHealth } from './health-source.js'
import type { TargetAddress } from './target-peers.js'

/** Of a target that names none. */
const DEFAULT_PORT = 8000

/** How often names are looked at: Kong, too, follows an answer that has expired half a second later. */
const REFRESH_MS = 500

/** What an upstream has come to. */
export interface BalancedUpstream {
  readonly upstream: Upstream
  /** In Kong's order. */
  readonly targets: readonly Target[]
  readonly balancer: Balancer
  readonly health: UpstreamHealth
}

/** Those of one configuration. */
export interface BalancerSet {
  readonly upstreams: ReadonlyMap<string, BalancedUpstream>
  /** By host and port. */
  readonly plain: ReadonlyMap<string, Balancer>
}

export interface BalancerParts {
  readonly dns: DnsClient
  /** Null: nothing is checked. */
  readonly health: HealthSource | null
  /** From 0 to less than 1; Math.random unless given. */
  readonly random?: () => number
}

const EMPTY: BalancerSet = { upstreams: new Map(), plain: new Map() }

export class Balancers {
  readonly #parts: BalancerParts
  readonly #onChange: () => void
  #current = EMPTY
  #timer: NodeJS.Timeout | null = null

  /** @param onChange names of the current set have come to stand for other addresses */
  constructor(parts: BalancerParts, onChange: () => void = () => undefined) {
    this.#parts = parts
    this.#onChange = onChange
  }

  /** Aside: nothing of it counts before `use`, but the names are resolved ahead. */
  *make(snapshot: Snapshot): Sliced<BalancerSet> {
    const upstreams = new Map<string, BalancedUpstream>()
    const targetsOf = yield* groupTargets(snapshot.targets)
    for (const upstream of snapshot.upstreams) {
      const targets = (targetsOf.get(upstream) ?? []).sort(inKongsOrder)
      upstreams.set(upstream.name, this.#balanced(upstream, targets))
      yield
    }
    const plain = new Map<string, Balancer>()
    for (const { host, port } of snapshot.services) {
      yield
      if (!isName(host) || upstreams.has(host)) continue
      const key = plainKey(host, port)
      if (!plain.has(key)) plain.set(key, this.#plain(key, { host, port, weight: 1 }))
    }
    return { upstreams, plain }
  }

  /** That set counts from now on. */
  use(set: BalancerSet): void {
    this.#current = set
    const named = [...all(set)].filter(({ hasNames }) => hasNames)
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    if (named.length > 0) {
      this.#timer = setInterval(() => this.#refresh(named), REFRESH_MS).unref()
    }
  }

  close(): void {
    this.use(EMPTY)
  }

  #refresh(named: readonly Balancer[]): void {
    let hasChanged = false
    for (const balancer of named) if (balancer.refresh()) hasChanged = true
    if (hasChanged) this.#onChange()
  }

  #balanced(upstream: Upstream, targets: readonly Target[]): BalancedUpstream {
    const before = this.#current.upstreams.get(upstream.name)
    if (before?.upstream === upstream && isSame(before.targets, targets)) return before
    const health = this.#parts.health?.of(upstream) ?? UNCHECKED
    const plan = {
      targets: targets.map(addressOf),
      algorithm: algorithmOf(upstream, targets.length, this.#parts.random),
      health,
      threshold: upstream.healthchecks.threshold,
      isPlain: false,
    }
    // Other rules of health make other peers.
    const isJudgedTheSame = before?.upstream === upstream
    const kept = isJudgedTheSame ? before.balancer.peers : []
    const balancer = new Balancer(plan, this.#parts.dns, kept)
    return { upstream, targets, balancer, health }
  }

  #plain(key: string, target: TargetAddress): Balancer {
    const algorithm = (peers: ConstructorParameters<typeof RoundRobin>[0]): RoundRobin =>
      new RoundRobin(peers, first)
    const plan = { targets: [target], algorithm, health: UNCHECKED, threshold: 0, isPlain: true }
    return this.#current.plain.get(key) ?? new Balancer(plan, this.#parts.dns)
  }
}

/** The balancer that a service's requests go through, or null: its host is an address. */
export function balancerFor(
  { upstreams, plain }: BalancerSet,
  { host, port }: Service,
): { readonly balancer: Balancer; readonly upstream: Upstream | null } | null {
  const named = upstreams.get(host)
  if (named !== undefined && isName(host)) return named
  const balancer = plain.get(plainKey(host, port))
  return balancer === undefined ? null : { balancer, upstream: null }
}

/** Kong: an address never stands for an upstream. */
function isName(host: string): boolean {
  return isIP(host.replace(/^\[(.*)\]$/, '$1')) === 0
}

function plainKey(host: string, port: number): string {
  return hostAndPort(host.toLowerCase(), port)
}

/** Kong begins with the first address. */
function first(): number {
  return 0
}

function* all({ upstreams, plain }: BalancerSet): IterableIterator<Balancer> {
  for (const { balancer } of upstreams.values()) yield balancer
  yield* plain.values()
}

function* groupTargets(targets: readonly Target[]): Sliced<Map<Upstream, Target[]>> {
  const groups = new Map<Upstream, Target[]>()
  for (const target of targets) {
    const own = groups.get(target.upstream)
    if (own === undefined) groups.set(target.upstream, [target])
    else own.push(target)
    yield
  }
  return groups
}

function inKongsOrder(a: Target, b: Target): number {
  return a.created_at - b.created_at || (a.id < b.id ? -1 : 1)
}

function isSame(before: readonly Target[], now: readonly Target[]): boolean {
  return before.length === now.length && before.every((target, index) => target === now[index])
}

function addressOf({ target, weight }: Target): TargetAddress {
  const parsed = parseHost(target)
  if (typeof parsed === 'string')
    throw new TypeError(`a target that has not been checked: ${target}`)
  return { host: parsed.host, port: parsed.port ?? DEFAULT_PORT, weight }
}
