// Where a service's requests go: one address, or the peers behind a name.
import { isIP } from 'node:net'
import type { Service, Upstream } from '../model/entities.js'
import type { Origin, Timeouts, Transport } from '../proxy/transport.js'
import type { Balancer } from '../upstream/balancer.js'
import type { TlsTerms } from '../proxy/tls-terms.js'
import { balancerFor, type BalancerSet } from '../upstream/balancers.js'
import { hashKeyOf } from '../upstream/hash-key.js'
import type { Peer } from '../upstream/peer.js'
import { hostWithoutPort } from '../util/host.js'
import type { TargetTerms } from './target-tls.js'

export interface ServiceTarget {
  readonly service: Service
  /** Null for a protocol that is not served. */
  readonly destination: Destination | null
  readonly hostHeader: string
  readonly path: string | null
  readonly timeouts: Timeouts
}

/** One address: its origin. A name: what stands behind it. */
export type Destination = Origin | PeerOrigins

/** One address as a service sees it: the same peer may be asked over TLS by one and without by another. */
export interface PeerOrigin {
  readonly origin: Origin
  /** The Host that it is sent, unless that is settled otherwise. */
  readonly hostHeader: string
}

/** How a service speaks to peers. */
interface PeerTerms {
  readonly protocol: 'http' | 'https'
  readonly tls: TlsTerms | null
  /** Sent in place of the target's name; null for that. */
  readonly hostHeader: string | null
  /** Without `hostHeader`, the name in a peer's SRV record is sent. */
  readonly usesSrvName: boolean
}

function isEqual(a: PeerTerms, b: PeerTerms): boolean {
  const isSameHost = a.hostHeader === b.hostHeader && a.usesSrvName === b.usesSrvName
  return a.protocol === b.protocol && isSameHost && a.tls?.key === b.tls?.key
}

/** The peers of a balancer as one service sees them. */
export class PeerOrigins {
  readonly balancer: Balancer
  /** Null where requests are not told apart. */
  readonly hashKey: ReturnType<typeof hashKeyOf>
  readonly #terms: PeerTerms
  readonly #transport: Transport
  /** Of peers that are gone nothing is kept. */
  readonly #made: WeakMap<Peer, PeerOrigin>

  /**
   * @param upstream null for a service whose host is none
   * @param before what the service has had until now
   */
  constructor(
    balancer: Balancer,
    upstream: Upstream | null,
    terms: PeerTerms,
    transport: Transport,
    before: Destination | null,
  ) {
    this.balancer = balancer
    this.hashKey = upstream === null ? null : hashKeyOf(upstream)
    this.#terms = terms
    this.#transport = transport
    const isSame = before instanceof PeerOrigins && isEqual(before.#terms, terms)
    this.#made = isSame ? before.#made : new WeakMap<Peer, PeerOrigin>()
  }

  /** HOT PATH. */
  of(peer: Peer): PeerOrigin {
    const known = this.#made.get(peer)
    if (known !== undefined) return known
    const made = this.#make(peer)
    this.#made.set(peer, made)
    return made
  }

  #make({ name, srvName, ip, port }: Peer): PeerOrigin {
    const { protocol, tls, hostHeader, usesSrvName } = this.#terms
    const host = hostHeader ?? ((usesSrvName && srvName) || name)
    const serverName = protocol === 'https' ? nameIn(host) : ''
    return {
      origin: this.#transport.origin({ protocol, host: ip, port, serverName, tls }),
      hostHeader: hostHeaderOf(host, port, protocol),
    }
  }

  /** Of the peers that are there, those that have been asked for. */
  *origins(): IterableIterator<Origin> {
    for (const peer of this.balancer.peers) {
      const made = this.#made.get(peer)
      if (made !== undefined) yield made.origin
    }
  }
}

/** HOT PATH. Kong: the server name of TLS is the Host that is sent, so with preserve_host the client's. */
export function originFor(origin: Origin, ownHost: string, host: string): Origin {
  if (host === ownHost || origin.target.protocol !== 'https') return origin
  return origin.named(unbracketed(hostWithoutPort(host)))
}

/** What targets are made of. */
export interface TargetParts {
  readonly transport: Transport
  readonly terms: TargetTerms
  readonly balancers: BalancerSet
}

/** @param before what the service has had until now: connections to peers go on being used */
export function serviceTarget(
  service: Service,
  parts: TargetParts,
  before: ServiceTarget | null,
): ServiceTarget {
  const { protocol, port, path } = service
  const served = protocol === 'http' || protocol === 'https' ? protocol : null
  return {
    service,
    destination: served && destinationOf(service, served, parts, before?.destination ?? null),
    hostHeader: hostHeaderOf(unbracketed(service.host), port, served),
    path,
    timeouts: {
      connectMs: service.connect_timeout,
      writeMs: service.write_timeout,
      readMs: service.read_timeout,
    },
  }
}

function destinationOf(
  service: Service,
  protocol: 'http' | 'https',
  { transport, terms, balancers }: TargetParts,
  before: Destination | null,
): Destination {
  const balanced = balancerFor(balancers, service)
  const upstream = balanced?.upstream ?? null
  const tls = protocol === 'https' ? terms.of(service, upstream) : null
  if (balanced !== null) {
    const peerTerms = {
      ...{ protocol, tls, hostHeader: upstream?.host_header ?? null },
      usesSrvName: upstream?.use_srv_name ?? false,
    }
    return new PeerOrigins(balanced.balancer, upstream, peerTerms, transport, before)
  }
  const host = unbracketed(service.host)
  const serverName = protocol === 'https' ? host.toLowerCase() : ''
  return transport.origin({ protocol, host, port: service.port, serverName, tls })
}

/** Kong adds the target's port to whatever name is sent, even to one that has a port already. */
function hostHeaderOf(host: string, port: number, protocol: 'http' | 'https' | null): string {
  const name = isIP(host) === 6 ? `[${host}]` : host
  return port === (protocol === 'https' ? 443 : 80) ? name : `${name}:${port}`
}

function nameIn(host: string): string {
  return isIP(host) === 6 ? host : unbracketed(hostWithoutPort(host))
}

function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
