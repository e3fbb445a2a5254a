// Which paths another route could take at all: the few that deserve a closer look among the thousands that do not.
import type { Route } from '../model/entities.js'

export interface PathRank {
  readonly route: Route
  /** As the route has it; null for a route without paths. */
  readonly path: string | null
  /** Place in the order of trial. */
  readonly place: number
  /** What every path begins with that it matches. */
  readonly start: string
}

/**
 * Those that come after a path of another route that begins as they do, or earlier: whatever covers a path does, as its
 * own start cannot be the longer one.
 */
export function suspectsAmong(ranks: readonly PathRank[]): ReadonlySet<PathRank> {
  // Sorted, what begins with a text comes right behind it.
  const sorted = [...ranks].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
  const around: Beginning[] = []
  const own = new Map<PathRank, Beginning>()
  for (const rank of sorted) {
    let nearest = around.at(-1)
    while (nearest !== undefined && !rank.start.startsWith(nearest.start)) {
      around.pop()
      nearest = around.at(-1)
    }
    if (nearest?.start !== rank.start) {
      nearest = new Beginning(rank.start, nearest)
      around.push(nearest)
    }
    nearest.add(rank)
    own.set(rank, nearest)
  }
  return new Set(sorted.filter((rank) => own.get(rank)?.isBehindAnother(rank)))
}

/** The earliest of all paths that begin with a text or with a part of it, and the earliest of another route. */
class Beginning {
  readonly start: string
  #first: PathRank | undefined
  #second: PathRank | undefined

  /** @param shorter complete, as it is sorted before */
  constructor(start: string, shorter: Beginning | undefined) {
    this.start = start
    if (shorter === undefined) return
    this.#first = shorter.#first
    this.#second = shorter.#second
  }

  add(rank: PathRank): void {
    const first = this.#first
    if (first === undefined || rank.place < first.place) {
      if (first !== undefined && first.route !== rank.route) this.#second = first
      this.#first = rank
    } else if (
      rank.route !== first.route &&
      (this.#second === undefined || rank.place < this.#second.place)
    ) {
      this.#second = rank
    }
  }

  isBehindAnother({ route, place }: PathRank): boolean {
    const other = this.#first?.route === route ? this.#second : this.#first
    return other !== undefined && other.place < place
  }
}
