// Flavour traditional: routes by the attributes that they ask for, most attributes first.
//
// What the routes together ask for tells which attributes a request could be chosen by, and so the category to begin
// with. Within one, the candidates of the request's own host and path are looked at, as in compatible/.
import type { Route } from '../../model/entities.js'
import { compileRegex, PathRegex } from '../../util/regex/regex.js'
import type { Sliced } from '../../util/slices.js'
import { CandidateMaker } from '../compatible/candidate.js'
import { isRegexPath } from '../compatible/order.js'
import { isRoutable } from '../compatible/router.js'
import { Search, toCaptures } from '../compatible/search.js'
import type { PathHandling, RouteMatch, RouteQuestion, Router } from '../contract.js'
import { Category } from './category.js'
import { HitIndex } from './hits.js'
import { compareCategories, rankPaths, SERVER_NAME } from './order.js'

const maker = new CandidateMaker({
  pathRegex: (source) => new PathRegex(source, 'pcre'),
  // The pattern stays as it is written, unlike in the other flavours.
  headerRegex: (source) => compileRegex(source, 'pcre'),
})

/** @throws Error for a regular expression that cannot be used */
export function* buildTraditionalRouter(routes: readonly Route[]): Sliced<Router> {
  const ranked = yield* rankPaths(routes.filter(isRoutable))
  const candidates = yield* maker.make(ranked)
  const categories = new Map<number, Category>()
  const withPaths: [(typeof candidates)[number], string][] = []
  for (const [place, candidate] of candidates.entries()) {
    const { category: bits = 0, paths: [path = ''] = [] } = ranked[place] ?? {}
    const text = isRegexPath(path) ? path.slice(1) : path
    let category = categories.get(bits)
    if (category === undefined) categories.set(bits, (category = new Category(bits)))
    category.add(candidate, text)
    withPaths.push([candidate, text])
    yield
  }
  return new TraditionalRouter(yield* HitIndex.build(withPaths), [...categories.values()])
}

class TraditionalRouter implements Router {
  readonly #hits: HitIndex
  readonly #categories: readonly Category[]
  /** By their bits, the place among them. */
  readonly #places: ReadonlyMap<number, number>
  readonly #search = new Search()

  constructor(hits: HitIndex, categories: readonly Category[]) {
    this.#hits = hits
    this.#categories = categories.toSorted((a, b) => compareCategories(a.bits, b.bits))
    this.#places = new Map(this.#categories.map(({ bits }, place) => [bits, place]))
  }

  // HOT PATH
  match(question: RouteQuestion): RouteMatch | null {
    const hits = this.#hits.of(question)
    if (hits.bits === 0) return null
    // A route's server names mean nothing to a plain connection, and so cannot rule it out.
    const possible = question.secure ? hits.bits : hits.bits | SERVER_NAME
    // Kong: categories before the one that is hit are passed over, even those that a plain connection would match.
    const first = this.#places.get(hits.bits) ?? 0
    for (let place = first; place < this.#categories.length; place++) {
      const category = this.#categories[place]
      if (category === undefined || (category.bits & ~possible) !== 0) continue
      category.search(this.#search, question, hits)
      if (this.#search.bestOrder !== Infinity) return this.#result(question)
    }
    return null
  }

  #result({ path }: RouteQuestion): RouteMatch | null {
    const { result, groups } = this.#search
    if (result === null || groups === null || groups.length < 2) return result
    // Kong lets the regex run on to the end of the path, so that is the whole match.
    return { ...result, captures: toCaptures(groups, path) }
  }

  pathHandling({ path_handling }: Route): PathHandling {
    return path_handling
  }
}
