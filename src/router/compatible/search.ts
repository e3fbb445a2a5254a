// The state of one look-up: the best candidate so far. One object serves all requests of a router in turn.
import type { UriCaptures } from '../../plugin/contract.js'
import type { RouteMatch, RouteQuestion } from '../contract.js'
import { type Candidate, meets } from './candidate.js'

export class Search {
  /** Only a candidate before this place in the order can still win. */
  bestOrder = Infinity
  #best: Candidate | null = null
  #groups: RegExpExecArray | null = null

  /** Forgets the last request, however it ended. */
  // HOT PATH
  begin(): void {
    this.bestOrder = Infinity
    this.#best = null
    this.#groups = null
  }

  /** @param candidates in order of trial */
  // HOT PATH
  consider(candidates: readonly Candidate[], question: RouteQuestion): void {
    for (const candidate of candidates) {
      if (candidate.order >= this.bestOrder) return
      if (!meets(question, candidate.conditions)) continue
      let groups: RegExpExecArray | null = null
      if (candidate.regex !== null) {
        groups = candidate.regex.exec(question.path)
        if (groups === null) continue
      }
      this.bestOrder = candidate.order
      this.#best = candidate
      this.#groups = groups
      return
    }
  }

  /** What the best candidate's regex has matched; null for a plain path. */
  get groups(): RegExpExecArray | null {
    return this.#groups
  }

  // HOT PATH
  get result(): RouteMatch | null {
    const best = this.#best
    const groups = this.#groups
    if (best === null) return null
    if (groups === null) return best.match
    return { route: best.match.route, prefix: groups[0], captures: readCaptures(groups) }
  }
}

/** Null when the first group took no part: Kong then keeps none at all, not even the whole match. */
export function readCaptures(groups: RegExpExecArray): UriCaptures | null {
  return groups[1] === undefined ? null : toCaptures(groups, groups[0])
}

/** @param whole what stands for the whole match */
export function toCaptures(groups: RegExpExecArray, whole: string): UriCaptures {
  const named = Object.create(null) as Record<string, string>
  for (const name in groups.groups) {
    const value = groups.groups[name]
    if (value !== undefined) named[name] = value
  }
  return { unnamed: [whole, ...groups.slice(1)], named }
}
