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
  const { length } = peers
  let at = from
  for (let i = 0; i < length; i++) {
    const peer = peers[at]
    at = at + 1 === length ? 0 : at + 1
    if (peer === undefined) continue
    const own = score(peer)
    // The cheapest question first: most are not better.
    if (own >= bestScore || !peer.health.isUp) continue
    if (except.length > 0 && except.includes(peer)) continue
    best = peer
    bestScore = own
  }
  return best
}
