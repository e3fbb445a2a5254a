// One address that requests may go to, and what the algorithms remember of it.
import type { PeerHealth } from './peer-health.js'

/** Where a peer is. */
export interface PeerAddress {
  /** The host of its target as the file has it, IPv6 without brackets. */
  readonly name: string
  /** IPv6 without brackets. */
  readonly ip: string
  readonly port: number
  /** Share of the requests, against the other peers; 0 for none. */
  readonly weight: number
  /** The name in the SRV record that it comes from; none for another. */
  readonly srvName?: string
}

/** The same object for as long as nothing about it changes, over reloads as well. */
export class Peer implements PeerAddress {
  readonly name: string
  readonly ip: string
  readonly port: number
  readonly weight: number
  /** Empty for none. */
  readonly srvName: string
  readonly health: PeerHealth
  /** Requests that are under way there. */
  connections = 0
  /** Smoothed time to the answer, ms; counts from `latencyAt` (ms, monotonic) on, 0 for never. */
  latencyMs = 0
  latencyAt = 0

  constructor({ name, ip, port, weight, srvName = '' }: PeerAddress, health: PeerHealth) {
    this.name = name
    this.ip = ip
    this.port = port
    this.weight = weight
    this.srvName = srvName
    this.health = health
  }

  isAt({ name, ip, port, weight, srvName = '' }: PeerAddress): boolean {
    const isSameName = this.name === name && this.srvName === srvName
    return this.ip === ip && this.port === port && this.weight === weight && isSameName
  }
}
