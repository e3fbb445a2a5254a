// One upstream as the main thread sees it: its targets and their health, for its probes and for who asks.
import type { Target } from '../../model/entities.js'
import type { DnsClient } from '../../upstream/dns/contract.js'
import type { CheckedPeer } from '../../upstream/health/checked-peer.js'
import type { CheckedUpstream } from '../../upstream/health/health-checks.js'
import { addressOf } from '../../upstream/balancers.js'
import { isSameAddress, WatchedTarget } from './watched-target.js'

export class WatchedUpstream {
  readonly name: string
  readonly health: CheckedUpstream
  readonly #dns: DnsClient
  #wanted: readonly Target[]
  /** By id of the target; null until somebody asks: to resolve names is work. */
  #targets: ReadonlyMap<string, WatchedTarget> | null = null
  #checked: readonly CheckedPeer[] = []

  /** @param targets in Kong's order, as everywhere here */
  constructor(name: string, targets: readonly Target[], health: CheckedUpstream, dns: DnsClient) {
    this.name = name
    this.health = health
    this.#dns = dns
    this.#wanted = targets
  }

  /** By id. */
  get targets(): ReadonlyMap<string, WatchedTarget> {
    return this.#targets ?? this.#watch([])
  }

  /** Those under checks; the same list until that changes. */
  get checked(): readonly CheckedPeer[] {
    if (this.#targets === null) this.#watch([])
    return this.#checked
  }

  /** Those of another configuration. Who stays goes on as it was. */
  follow(targets: readonly Target[]): void {
    this.#wanted = targets
    if (this.#targets !== null) this.#watch([...this.#targets.values()])
  }

  /** Looks at what its names stand for now. */
  refresh(): void {
    let hasChanged = false
    for (const target of this.targets.values()) if (target.refresh()) hasChanged = true
    if (hasChanged) this.#gather(this.targets)
  }

  /** Waits for the names that have never been answered. */
  async settle(): Promise<void> {
    await Promise.all(Array.from(this.targets.values(), (target) => target.settle()))
    this.#gather(this.targets)
  }

  #watch(before: readonly WatchedTarget[]): ReadonlyMap<string, WatchedTarget> {
    const targets = new Map<string, WatchedTarget>()
    for (const target of this.#wanted) {
      const address = addressOf(target)
      const known = before.find((each) => isSameAddress(each.address, address))
      targets.set(target.id, known ?? new WatchedTarget(address, this.health, this.#dns))
    }
    this.#targets = targets
    this.#gather(targets)
    return targets
  }

  #gather(targets: ReadonlyMap<string, WatchedTarget>): void {
    this.#checked = Array.from(targets.values(), ({ checked }) => checked).flat()
  }
}
