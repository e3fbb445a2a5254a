// One name behind which there are several addresses: which of them there are now, and which one a request goes to.
import type { Algorithm } from './algorithms/algorithm.js'
import { recordLatency } from './algorithms/latency.js'
import { TargetPeers, type TargetAddress } from './target-peers.js'
import type { DnsClient } from './dns/contract.js'
import type { UpstreamHealth } from './health-source.js'
import { Peer, type PeerAddress } from './peer.js'

export interface BalancerPlan {
  readonly targets: readonly TargetAddress[]
  readonly algorithm: (peers: readonly Peer[]) => Algorithm
  readonly health: UpstreamHealth
  /** Least share of the weight that has to be up, percent; 0 for any. */
  readonly threshold: number
  /** The host of a service, no upstream: that its name cannot be resolved is the answer to a request. */
  readonly isPlain: boolean
}

export class Balancer {
  readonly #plan: BalancerPlan
  readonly #targets: readonly TargetPeers[]
  readonly #now: () => number
  #peers: readonly Peer[] = []
  #algorithm: Algorithm
  #firstAnswers: Promise<void> | null = null

  /**
   * Begins to resolve the names of its targets.
   * @param before whose peers go on here, where they are the same
   * @param now ms, monotonic
   */
  constructor(
    plan: BalancerPlan,
    dns: DnsClient,
    before: readonly Peer[] = [],
    now: () => number = () => performance.now(),
  ) {
    this.#plan = plan
    this.#now = now
    const known = new Map(before.map((peer) => [addressKey(peer), peer]))
    const make = (address: PeerAddress): Peer =>
      known.get(addressKey(address)) ??
      new Peer(address, plan.health.peer({ ...address, host: address.name }))
    this.#targets = plan.targets.map((target) => new TargetPeers(target, dns, make))
    this.#algorithm = plan.algorithm([])
    this.#gather()
    const pending = this.#targets.filter(({ isPending }) => isPending)
    if (pending.length > 0) this.#resolveFirst(pending)
  }

  /** The addresses of all targets as they are now; the same list until that changes. */
  get peers(): readonly Peer[] {
    return this.#peers
  }

  /** A name among its targets may change what it stands for. */
  get hasNames(): boolean {
    return this.#targets.some(({ isName }) => isName)
  }

  /** HOT PATH. The peer for a request, or for another try of it; see Algorithm. To be given back by `release`. */
  pick(tried: readonly Peer[], key: string): Peer | null {
    if (this.#plan.threshold > 0 && !this.#isEnough()) return null
    const peer = this.#algorithm.pick(tried, key)
    if (peer !== null) peer.connections++
    return peer
  }

  /** @param latencyMs to the answer's head; -1 for none */
  release(peer: Peer, latencyMs: number): void {
    peer.connections--
    if (latencyMs >= 0) recordLatency(peer, latencyMs, this.#now())
  }

  /**
   * What a request that got no peer may wait for, or null: then there is none to be had. Rejects with a DnsError when
   * there is no upstream to which the name belongs.
   */
  wait(): Promise<void> | null {
    if (!this.#plan.isPlain) return this.#firstAnswers
    const [target] = this.#targets
    if (target === undefined || this.#peers.length > 0) return null
    return target.resolve().then(() => void this.refresh())
  }

  /** Looks at what the names stand for now. True when that has changed. */
  refresh(): boolean {
    let hasChanged = false
    for (const target of this.#targets) if (target.refresh()) hasChanged = true
    if (hasChanged) this.#gather()
    return hasChanged
  }

  #gather(): void {
    this.#peers = this.#targets.flatMap(({ peers }) => peers)
    this.#algorithm = this.#plan.algorithm(this.#peers)
  }

  /** Nobody is waited for longer than until every name has been answered once, or has failed. */
  #resolveFirst(pending: readonly TargetPeers[]): void {
    const answers = pending.map(async (target) => {
      await target.resolve()
      // The first one serves at once; to start over for each of very many would take its time.
      if (this.#peers.length === 0) this.refresh()
    })
    this.#firstAnswers = Promise.allSettled(answers).then(() => {
      this.#firstAnswers = null
      this.refresh()
    })
  }

  #isEnough(): boolean {
    let total = 0
    let available = 0
    for (const { weight, health } of this.#peers) {
      total += weight
      if (health.isUp) available += weight
    }
    return this.#plan.health.isEnough(available, total)
  }
}

function addressKey({ name, ip, port, weight }: PeerAddress): string {
  return `${name} ${ip} ${port} ${weight}`
}
