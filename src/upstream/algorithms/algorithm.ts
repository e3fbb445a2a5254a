// What a way of choosing among peers has to be able to do.
import type { Peer } from '../peer.js'

export interface Algorithm {
  /**
   * HOT PATH. Null when no peer is there to choose. Peers without weight and those that are down are never chosen.
   * @param tried the peers at which this request has failed; empty on the first try
   * @param key what the request is told by, for consistent hashing
   */
  pick(tried: readonly Peer[], key: string): Peer | null
}
