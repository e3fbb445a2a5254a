// Where a service's requests go: one address, or the peers behind a name.
import { isIP } from 'node:net'
import type { Service, Upstream } from '../model/entities.js'
import type { Origin, Timeouts, Transport } from '../proxy/transport.js'
import type { Balancer } from '../upstream/balancer.js'
import { balancerFor, type BalancerSet } from '../upstream/balancers.js'
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

/** The peers of a balancer as one service sees them. */
export class PeerOrigins {
  readonly balancer: Balancer
  /** Null for a service whose host is no upstream. */
  readonly upstream: Upstream | null
  readonly #make: (peer: Peer) => PeerOrigin
  /** Of peers that are gone nothing is kept. */
  readonly #made = new WeakMap<Peer, PeerOrigin>()

  constructor(balancer: Balancer, upstream: Upstream | null, make: (peer: Peer) => PeerOrigin) {
    this.balancer = balancer
    this.upstream = upstream
    this.#make = make
  }

  /** HOT PATH. */
  of(peer: Peer): PeerOrigin {
    const known = this.#made.get(peer)
    if (known !== undefined) return known
    const made = this.#make(peer)
    this.#made.set(peer, made)
    return made
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

export function serviceTarget(
  service: Service,
  transport: Transport,
  terms: TargetTerms,
  balancers: BalancerSet,
): ServiceTarget {
  const { protocol, port, path } = service
  const served = protocol === 'http' || protocol === 'https' ? protocol : null
  const host = unbracketed(service.host)
  return {
    service,
    destination: served && destinationOf(service, served, transport, terms, balancers),
    hostHeader: hostHeaderOf(host, port, served),
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
  transport: Transport,
  terms: TargetTerms,
  balancers: BalancerSet,
): Destination {
  const balanced = balancerFor(balancers, service)
  const upstream = balanced?.upstream ?? null
  const isSecure = protocol === 'https'
  const tls = isSecure ? terms.of(service, upstream) : null
  if (balanced === null) {
    const host = unbracketed(service.host)
    const serverName = isSecure ? host.toLowerCase() : ''
    return transport.origin({ protocol, host, port: service.port, serverName, tls })
  }
  const hostHeader = upstream?.host_header ?? null
  return new PeerOrigins(balanced.balancer, upstream, ({ name, ip, port }) => {
    const serverName = isSecure ? nameIn(hostHeader ?? name) : ''
    return {
      origin: transport.origin({ protocol, host: ip, port, serverName, tls }),
      hostHeader: hostHeaderOf(hostHeader ?? name, port, protocol),
    }
  })
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
