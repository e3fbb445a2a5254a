// Which algorithm an upstream asks for.
import type { Upstream } from '../../model/entities.js'
import type { Peer } from '../peer.js'
import type { Algorithm } from './algorithm.js'
import { ConsistentHashing } from './consistent-hashing.js'
import { Latency } from './latency.js'
import { LeastConnections } from './least-connections.js'
import { RoundRobin } from './round-robin.js'

/**
 * @param targets how many the upstream has
 * @param random from 0 to less than 1
 */
export function algorithmOf(
  { algorithm, slots }: Upstream,
  targets: number,
  random: () => number = Math.random,
): (peers: readonly Peer[]) => Algorithm {
  switch (algorithm) {
    case 'round-robin':
      return (peers) => new RoundRobin(peers, random)
    case 'consistent-hashing':
      return (peers) => new ConsistentHashing(peers, targets, slots)
    case 'least-connections':
      return (peers) => new LeastConnections(peers)
    case 'latency':
      return (peers) => new Latency(peers, () => performance.now())
  }
}
