// Every peer in turn, as often as its weight says. Over a cycle of all weights the proportions are exact, as with Kong's
// shuffled wheel; but nothing is as long as that wheel, so that any weights cost the same.
import type { Peer } from '../peer.js'
import type { Algorithm } from './algorithm.js'

/** Steps of that share of a circle spread what lies on it most evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * The peers lie on a circle one behind the other, each as long as its weight. A pointer walks round it in steps that have
 * no divisor in common with its length, so that it comes to each point once before it comes to any point again.
 */
export class RoundRobin implements Algorithm {
  readonly #all: readonly Peer[]
  readonly #random: () => number
  /** Those that were up when the circle was made, and where each of them ends on it. */
  #peers: readonly Peer[] = []
  #ends: Float64Array = new Float64Array()
  /** For as many parts of the circle as there are peers, who lies at the beginning of each: nearly who is looked for. */
  #guide: Uint32Array = new Uint32Array()
  /** Those that were not. */
  #down: readonly Peer[] = []
  #length = 0
  #step = 1
  #at = 0

  /** @param random from 0 to less than 1; workers begin at different places */
  constructor(peers: readonly Peer[], random: () => number = Math.random) {
    this.#all = peers.filter(({ weight }) => weight > 0)
    this.#random = random
    this.#arrange()
  }

  /** HOT PATH. */
  pick(tried: readonly Peer[]): Peer | null {
    if (this.#down.length > 0 && this.#down.some(isUp)) this.#arrange()
    if (this.#length === 0) return null
    let place = this.#next()
    if (!this.#isUp(place)) {
      this.#arrange()
      if (this.#length === 0) return null
      place = this.#next()
    }
    const peer = this.#peers[place] ?? null
    return peer !== null && tried.length > 0 && tried.includes(peer)
      ? this.#untried(place, tried)
      : peer
  }

  /** Kong goes on to the next entry of its wheel, which may be the same peer again; another one is of more use. */
  #untried(place: number, tried: readonly Peer[]): Peer | null {
    const count = this.#peers.length
    for (let i = 0; i < count; i++) {
      const peer = this.#peers[(place + i) % count]
      if (peer !== undefined && peer.health.isUp && !tried.includes(peer)) return peer
    }
    return this.#peers[place] ?? null
  }

  #next(): number {
    this.#at += this.#step
    if (this.#at >= this.#length) this.#at -= this.#length
    return this.#placeOf(this.#at)
  }

  #placeOf(point: number): number {
    const part = Math.floor((point / this.#length) * this.#guide.length)
    let place = this.#guide[part] ?? 0
    while ((this.#ends[place] ?? Infinity) <= point) place++
    return place
  }

  #isUp(place: number): boolean {
    return this.#peers[place]?.health.isUp === true
  }

  #arrange(): void {
    this.#peers = this.#all.filter(isUp)
    this.#down = this.#all.length === this.#peers.length ? [] : this.#all.filter((p) => !isUp(p))
    const divisor = this.#peers.reduce((sum, { weight }) => greatestCommonDivisor(sum, weight), 0)
    let end = 0
    this.#ends = Float64Array.from(this.#peers, ({ weight }) => (end += weight / divisor))
    this.#length = end
    this.#guide = guideTo(this.#ends)
    this.#step = coprimeTo(end)
    // A step before the place to begin with.
    this.#at = Math.floor(this.#random() * end) - this.#step
  }
}

function isUp({ health }: Peer): boolean {
  return health.isUp
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b]
  return a
}

function guideTo(ends: Float64Array): Uint32Array {
  const { length } = ends
  const circle = ends[length - 1] ?? 0
  const guide = new Uint32Array(length)
  let place = 0
  for (let part = 0; part < length; part++) {
    // One part too early is a step more; one too late would be the wrong peer.
    const start = (Math.max(0, part - 1) / length) * circle
    while ((ends[place] ?? Infinity) <= start) place++
    guide[part] = place
  }
  return guide
}

/** A number near the golden share of `length` that has no divisor in common with it. */
function coprimeTo(length: number): number {
  let step = Math.max(1, Math.round(length * GOLDEN))
  while (greatestCommonDivisor(length, step) > 1) step--
  return step
}
