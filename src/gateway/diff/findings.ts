// Collects findings, one for each consequence: what shows on a thousand routes is said once, with their names.
import type { Draft } from '../../config/draft.js'
import { LEVELS, type Example, type Finding, type Level } from './difference.js'
import { few } from './shown.js'
import type { Side } from './side.js'

export interface Consequence {
  readonly level: Level
  readonly rule: string
  /** What happens, given the words for where. */
  readonly say: (where: string) => string
  readonly old: Draft | null
  readonly new: Draft | null
}

interface Noted extends Consequence {
  readonly routes: Draft[]
}

export class Findings {
  readonly #old: Side
  readonly #new: Side
  readonly #onRoutes = new Map<string, Noted>()
  readonly #others: Finding[] = []

  constructor(old: Side, now: Side) {
    this.#old = old
    this.#new = now
  }

  add(found: Consequence, example: Example | null = null): void {
    const { level, rule, say } = found
    this.#others.push({
      level,
      rule,
      message: say(''),
      routes: [],
      example,
      ...this.#places(found),
    })
  }

  /** @param route of the new file */
  addOnRoute(route: Draft, found: Consequence): void {
    const key = [found.rule, found.old?.id, found.new?.id, found.say('')].join('\n')
    const noted = this.#onRoutes.get(key)
    if (noted === undefined) this.#onRoutes.set(key, { ...found, routes: [route] })
    else noted.routes.push(route)
  }

  /** The worst first; otherwise in the order in which they were found. */
  all(): Finding[] {
    const onRoutes = Array.from(this.#onRoutes.values(), (noted) => this.#toFinding(noted))
    const found = [...onRoutes, ...this.#others]
    return found.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  }

  #toFinding(noted: Noted): Finding {
    const { level, rule, say, routes } = noted
    const titles = routes.map((route) => this.#new.titleOf(route))
    const message = say(` on ${few(titles)}`)
    const places = this.#places(noted)
    // Where nothing is left to point at, the route is the place to look.
    const [first] = routes
    const now = places.new ?? (first === undefined ? null : this.#new.placeOf(first))
    return { level, rule, message, routes: titles, example: null, old: places.old, new: now }
  }

  #places({ old, new: now }: Consequence): Pick<Finding, 'old' | 'new'> {
    return {
      old: old === null ? null : this.#old.placeOf(old),
      new: now === null ? null : this.#new.placeOf(now),
    }
  }
}
