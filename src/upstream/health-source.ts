// Whom balancers ask for the health of their peers.
import type { Upstream } from '../model/entities.js'
import { ALWAYS_UP, type PeerHealth } from './peer-health.js'

/** Of one upstream. */
export interface UpstreamHealth {
  /** Asked for once, when an address comes into use. @param address with the host of its target */
  peer(address: { readonly ip: string; readonly port: number; readonly host: string }): PeerHealth
  /** Whether requests are sent to the upstream at all. @param available weight of the peers that are up */
  isEnough(available: number, total: number): boolean
}

export interface HealthSource {
  of(upstream: Upstream): UpstreamHealth
}

/** Nothing is checked. */
export const UNCHECKED: UpstreamHealth = Object.freeze({
  peer: () => ALWAYS_UP,
  isEnough: (available: number) => available > 0,
})
