// How the health of an upstream is shown: Kong's words and shape.
import { isIP } from 'node:net'
import type { Peer } from '../../upstream/peer.js'
import type { WatchedTarget } from './watched-target.js'
import type { WatchedUpstream } from './watched-upstream.js'

type Health = 'HEALTHY' | 'UNHEALTHY' | 'HEALTHCHECKS_OFF' | 'DNS_ERROR'

interface Weight {
  readonly total: number
  readonly available: number
  readonly unavailable: number
}

/** What `/health` adds to a target. */
export function targetHealth(
  target: WatchedTarget,
  isOn: boolean,
): { readonly health: Health; readonly data: object } {
  const isChecked = isOn && target.address.weight > 0
  const addresses = target.peers.map((peer) => ({
    ...shownAddress(peer),
    health: isChecked ? healthOf(peer.health.isUp) : 'HEALTHCHECKS_OFF',
  }))
  return { health: summary(target, isChecked), data: shownTarget(target, addresses) }
}

/** What `?balancer_health=1` answers. */
export function balancerHealth(id: string, { targets, health }: WatchedUpstream): object {
  const all = [...targets.values()]
  const weight = sum(all.map(({ peers }) => weigh(peers)))
  const isHealthy = health.isEnough(weight.available, weight.total)
  const hosts = all.map((target) =>
    shownTarget(
      target,
      target.peers.map((peer) => ({ ...shownAddress(peer), healthy: peer.health.isUp })),
    ),
  )
  return {
    id,
    health: health.isOn ? healthOf(isHealthy) : 'HEALTHCHECKS_OFF',
    balancer_health: healthOf(isHealthy),
    details: { healthy: isHealthy, weight, hosts },
  }
}

/** One address that is up is enough. */
function summary({ peers }: WatchedTarget, isChecked: boolean): Health {
  if (peers.length === 0) return 'DNS_ERROR'
  return isChecked ? healthOf(peers.some(({ health }) => health.isUp)) : 'HEALTHCHECKS_OFF'
}

function shownTarget(target: WatchedTarget, addresses: readonly object[]): object {
  const { host, port, weight } = target.address
  return {
    host: bracketed(host),
    port,
    dns: target.dns,
    nodeWeight: weight,
    weight: weigh(target.peers),
    // Kong: an empty list is an empty object.
    addresses: addresses.length === 0 ? {} : addresses,
  }
}

function shownAddress({ ip, port, weight }: Peer): object {
  return { ip: bracketed(ip), port, weight }
}

function weigh(peers: readonly Peer[]): Weight {
  return sum(
    peers.map(({ weight, health }) => ({
      total: weight,
      available: health.isUp ? weight : 0,
      unavailable: health.isUp ? 0 : weight,
    })),
  )
}

function sum(weights: readonly Weight[]): Weight {
  const of = (part: keyof Weight): number =>
    weights.reduce((whole, weight) => whole + weight[part], 0)
  return { total: of('total'), available: of('available'), unavailable: of('unavailable') }
}

function healthOf(isUp: boolean): Health {
  return isUp ? 'HEALTHY' : 'UNHEALTHY'
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host
}
