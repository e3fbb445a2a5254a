// The peer with the lowest score.
import type { Peer } from '../peer.js'

/**
 * HOT PATH. Of equal ones the first from `from` on, so that a caller who moves it lets them take turns. A walk over all of
 * them: for a thousand peers it takes some microseconds, and a heap would have to follow every request that begins or ends.
 */
export function lowest(
  peers: readonly Peer[],
  from: number,
  except: readonly Peer[],
  score: (peer: Peer) => number,
): Peer | null {
  let best: Peer | null = null
  let bestScore = Infinity
  for (let i = 0; i < peers.length; i++) {
    const at = from + i
    const peer = peers[at < peers.length ? at : at - peers.length]
    if (peer === undefined || !peer.health.isUp || except.includes(peer)) continue
    const own = score(peer)
    if (own >= bestScore) continue
    best = peer
    bestScore = own
  }
  return best
}
