// One target as the main thread sees it: the addresses that it stands for at present, and why there are none.
import { isIP } from 'node:net'
import { CheckedPeer } from '../../upstream/health/checked-peer.js'
import type { CheckedUpstream } from '../../upstream/health/health-checks.js'
import type { DnsClient, DnsName } from '../../upstream/dns/contract.js'
import { DnsError } from '../../upstream/dns/dns-error.js'
import { Peer } from '../../upstream/peer.js'
import { ALWAYS_UP } from '../../upstream/peer-health.js'
import { TargetPeers, type TargetAddress } from '../../upstream/target-peers.js'

export class WatchedTarget {
  readonly address: TargetAddress
  readonly #peers: TargetPeers
  readonly #name: DnsName | null
  #fault = 'not resolved yet'

  constructor(address: TargetAddress, health: CheckedUpstream, dns: DnsClient) {
    const { host, weight } = address
    this.address = address
    this.#name = isIP(host) === 0 ? dns.open(host) : null
    this.#peers = new TargetPeers(address, dns, (found) => {
      // What receives nothing is not checked.
      const checked = weight > 0 ? health.peer({ ...found, host }) : ALWAYS_UP
      return new Peer(found, checked)
    })
  }

  get peers(): readonly Peer[] {
    return this.#peers.peers
  }

  get checked(): readonly CheckedPeer[] {
    return this.peers.flatMap(({ health }) => (health instanceof CheckedPeer ? [health] : []))
  }

  /** The type of the records, or what has gone wrong, in Kong's words. */
  get dns(): string {
    if (this.#name === null) return isIP(this.address.host) === 4 ? 'A' : 'AAAA'
    return this.#name.answer?.type ?? this.#fault
  }

  /** Follows the name. True when other addresses stand behind it. */
  refresh(): boolean {
    return this.#peers.refresh()
  }

  /** Waits for the first answer. */
  async settle(): Promise<void> {
    try {
      await this.#peers.resolve()
    } catch (error) {
      if (!(error instanceof DnsError)) throw error
      this.#fault = error.reason
    }
    this.refresh()
  }
}

/** Whether one can go on as the other. */
export function isSameAddress(a: TargetAddress, b: TargetAddress): boolean {
  return a.host === b.host && a.port === b.port && a.weight === b.weight
}
