// Equal keys go to the same peer, and a peer that comes or goes moves only its share of the keys: points of a ring, made as
// Kong makes them (after ketama), so that the same upstream sends the same keys to the same targets here as there.
import { xxhash32 } from '../../util/xxhash32.js'
import type { Peer } from '../peer.js'
import type { Algorithm } from './algorithm.js'

/** Points of a peer of average weight. */
const POINTS = 160
const LEAST_SLOTS = 1000
/**
 * Of the ring. The nearer it is to being full, the longer the search for the last free places: Kong gives up at some point,
 * and then serves nobody. There is room for 46 targets on a ring of the usual 10,000 before theirs become fewer.
 */
const MOST_TAKEN = 0.75

export class ConsistentHashing implements Algorithm {
  readonly #peers: readonly Peer[]
  /** For each place on the ring whose it is: one more than an index into the peers, or 0 without any peer. */
  readonly #owners: Uint32Array

  /**
   * @param peers in any order
   * @param targets how many targets they belong to
   * @param slots the upstream's
   */
  constructor(peers: readonly Peer[], targets: number, slots: number) {
    this.#peers = peers.filter(({ weight }) => weight > 0).sort(byAddress)
    // On a ring that is smaller than that, some would have no place at all.
    this.#owners = new Uint32Array(Math.max(slots, LEAST_SLOTS, 2 * this.#peers.length))
    const total = this.#peers.reduce((sum, { weight }) => sum + weight, 0)
    const all = Math.min(targets * POINTS, this.#owners.length * MOST_TAKEN)
    for (const [index, peer] of this.#peers.entries()) {
      const points = Math.max(1, Math.floor((peer.weight / total) * all))
      this.#place(peer, index + 1, points)
    }
    this.#fill()
  }

  /** HOT PATH. Kong: another try goes to the same peer again, unless it is down by now. */
  pick(_tried: readonly Peer[], key: string): Peer | null {
    const { length } = this.#owners
    const start = xxhash32(key) % length
    let seen = 0
    for (let i = 0; i < length; i++) {
      const owner = this.#owners[(start - i + length) % length] ?? 0
      if (owner === seen) continue
      seen = owner
      const peer = this.#peers[owner - 1]
      if (peer?.health.isUp === true) return peer
    }
    return null
  }

  #place({ ip, port }: Peer, owner: number, points: number): void {
    const { length } = this.#owners
    let left = points
    // A place that is taken costs a try, not a point.
    for (let i = 1; left > 0 && i <= length; i++) {
      const slot = xxhash32(`${ip}::${port} ${i}`) % length
      if (this.#owners[slot] !== 0) continue
      this.#owners[slot] = owner
      left--
    }
  }

  /** A key belongs to the nearest point at or below its own place, round the ring. */
  #fill(): void {
    let owner = this.#owners.findLast((one) => one !== 0) ?? 0
    for (const [slot, own] of this.#owners.entries()) {
      if (own === 0) this.#owners[slot] = owner
      else owner = own
    }
  }
}

/** The order decides who gets a place that two ask for; it must not depend on that of the file. */
function byAddress(a: Peer, b: Peer): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  if (a.port !== b.port && a.ip === b.ip) return a.port - b.port
  return `${a.ip}:${a.port}` < `${b.ip}:${b.port}` ? -1 : 1
}
