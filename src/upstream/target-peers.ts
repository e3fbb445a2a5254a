// One target and the peers that it stands for: itself where it is an address, else what its name is resolved to.
import { isIP } from 'node:net'
import type { DnsAddress, DnsAnswer, DnsClient, DnsName } from './dns/contract.js'
import type { Peer, PeerAddress } from './peer.js'

export interface TargetAddress {
  /** Name or address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
  readonly weight: number
}

export class TargetPeers {
  peers: readonly Peer[]
  readonly #target: TargetAddress
  readonly #name: DnsName | null
  readonly #make: (address: PeerAddress) => Peer
  #answer: DnsAnswer | null = null
  #isAsking = false

  /** @param make finds or makes the peer of an address */
  constructor(target: TargetAddress, dns: DnsClient, make: (address: PeerAddress) => Peer) {
    const { host, port, weight } = target
    this.#target = target
    this.#make = make
    this.#name = isIP(host) === 0 ? dns.open(host) : null
    this.peers = this.#name === null ? [make({ name: host, ip: host, port, weight })] : []
    this.refresh()
  }

  get isName(): boolean {
    return this.#name !== null
  }

  /** A name without an answer. */
  get isPending(): boolean {
    return this.#name !== null && this.#answer === null
  }

  async resolve(): Promise<void> {
    await this.#name?.resolve()
  }

  /** Follows the name. True when other peers stand behind it. A name that has failed is asked for again. */
  refresh(): boolean {
    if (this.#name === null) return false
    const { answer } = this.#name
    if (answer === null) this.#askAgain(this.#name)
    if (answer === this.#answer) return false
    this.#answer = answer
    // Those that stay are the same objects.
    const before = this.peers
    this.peers = (answer?.addresses ?? []).map((found) => {
      const address = this.#addressOf(found, answer?.type === 'SRV')
      return before.find((peer) => peer.isAt(address)) ?? this.#make(address)
    })
    return true
  }

  /** Kong: each address of a name has all of the target's weight; SRV records bring their own. */
  #addressOf({ ip, port, weight, srvName = '' }: DnsAddress, isSrv: boolean): PeerAddress {
    const own = this.#target
    return {
      name: own.host,
      ip,
      port: port === 0 ? own.port : port,
      weight: isSrv && own.weight > 0 ? weight : own.weight,
      srvName,
    }
  }

  /** How soon a failed look-up is repeated is up to the DNS client. */
  #askAgain(name: DnsName): void {
    if (this.#isAsking) return
    this.#isAsking = true
    const done = (): void => {
      this.#isAsking = false
    }
    name.resolve().then(done, done)
  }
}
