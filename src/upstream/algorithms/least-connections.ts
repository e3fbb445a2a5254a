// The peer that has the fewest requests under way for its weight.
import type { Peer } from '../peer.js'
import type { Algorithm } from './algorithm.js'
import { lowest } from './lowest.js'

export class LeastConnections implements Algorithm {
  readonly #peers: readonly Peer[]
  #from = 0

  constructor(peers: readonly Peer[]) {
    this.#peers = peers.filter(({ weight }) => weight > 0)
  }

  /** HOT PATH. When the request has failed everywhere, it starts over with the best one. */
  pick(tried: readonly Peer[]): Peer | null {
    this.#from = (this.#from + 1) % Math.max(1, this.#peers.length)
    return (
      lowest(this.#peers, this.#from, tried, load) ?? lowest(this.#peers, this.#from, NONE, load)
    )
  }
}

const NONE: readonly Peer[] = []

function load({ connections, weight }: Peer): number {
  return (connections + 1) / weight
}
