// The peer that has answered fastest of late, for its weight: an exponentially weighted moving average (EWMA).
import type { Peer } from '../peer.js'
import type { Algorithm } from './algorithm.js'
import { lowest } from './lowest.js'

/** After that time an answer counts for a third (1/e) of what it did. */
const DECAY_MS = 10_000

export class Latency implements Algorithm {
  readonly #peers: readonly Peer[]
  readonly #now: () => number
  #from = 0
  #at = 0

  /** @param now ms, monotonic */
  constructor(peers: readonly Peer[], now: () => number) {
    this.#peers = peers.filter(({ weight }) => weight > 0)
    this.#now = now
    const known = this.#peers.filter(({ latencyAt }) => latencyAt > 0)
    if (known.length > 0) this.#startAt(known)
  }

  /** HOT PATH. Kong: a request that has failed everywhere gets no other try. */
  pick(tried: readonly Peer[]): Peer | null {
    this.#at = this.#now()
    this.#from = (this.#from + 1) % Math.max(1, this.#peers.length)
    return lowest(this.#peers, this.#from, tried, this.#score)
  }

  /** New peers begin with the mean, so that they do not get everything at once. */
  #startAt(known: readonly Peer[]): void {
    const now = this.#now()
    const mean = known.reduce((sum, peer) => sum + latencyOf(peer, now), 0) / known.length
    for (const peer of this.#peers) {
      if (peer.latencyAt > 0) continue
      peer.latencyMs = mean
      peer.latencyAt = now
    }
  }

  readonly #score = (peer: Peer): number => latencyOf(peer, this.#at) / peer.weight
}

/** Without answers it falls, so that a slow peer is tried again some day. */
function latencyOf({ latencyMs, latencyAt }: Peer, now: number): number {
  return latencyAt === 0 ? 0 : latencyMs * Math.exp((latencyAt - now) / DECAY_MS)
}

/** @param ms from the first byte sent to the answer's head */
export function recordLatency(peer: Peer, ms: number, now: number): void {
  const kept = peer.latencyAt === 0 ? 0 : Math.exp((peer.latencyAt - now) / DECAY_MS)
  peer.latencyMs = peer.latencyMs * kept + ms * (1 - kept)
  peer.latencyAt = now
}
