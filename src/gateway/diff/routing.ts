// The routes of both files as the router sees them, and what a request gets from the one that takes it.
import type { Draft } from '../../config/draft.js'
import type { Route } from '../../model/entities.js'
import type { RouteMatch, RouteQuestion, Router } from '../../router/contract.js'
import { createRouter } from '../../router/index.js'
import { upstreamPath } from '../../router/upstream-path.js'
import { hasExamples } from '../served-routes.js'
import { configOf } from './meaning.js'
import { refusingOf, type PluginView } from './protection.js'
import type { Side } from './side.js'
import { stable } from './values.js'

/** A route to make examples of. */
export interface Tried {
  readonly draft: Draft
  readonly route: Route
  readonly side: Side
}

/** Who answers a request. */
export interface Answer {
  readonly draft: Draft
  readonly match: RouteMatch
}

export class RoutingView {
  readonly #view: PluginView
  readonly #router: Router
  readonly #drafts = new Map<Route, Draft>()
  readonly #routes = new Map<Draft, Route>()

  /** @param ids what decides between routes that rank the same, where the file leaves it to chance */
  constructor(view: PluginView, ids: ReadonlyMap<Draft, string>) {
    this.#view = view
    for (const draft of view.side.all('routes')) {
      const route = view.plugins.routeOf(draft)
      if (!hasExamples(route)) continue
      const id = ids.get(draft)
      const ranked = id === undefined ? route : { ...route, id }
      this.#drafts.set(ranked, draft)
      this.#routes.set(draft, ranked)
    }
    this.#router = createRouter([...this.#drafts.keys()], {
      flavour: view.side.config.routerFlavour,
    })
  }

  get routes(): readonly Route[] {
    return [...this.#drafts.keys()]
  }

  /** None for a draft that is not served, or of the other file. */
  tried(draft: Draft): readonly Tried[] {
    const route = this.#routes.get(draft)
    return route === undefined ? [] : [{ draft, route, side: this.#view.side }]
  }

  ask(question: RouteQuestion): Answer | null {
    const match = this.#router.match(question)
    const draft = match === null ? undefined : this.#drafts.get(match.route)
    return match === null || draft === undefined ? null : { draft, match }
  }

  titleOf({ draft }: Answer): string {
    return this.#view.side.titleOf(draft)
  }

  /** The URL of the target; null without a service. */
  targetOf({ match }: Answer, { path }: RouteQuestion): string | null {
    const { service } = match.route
    if (service === null) return null
    const { protocol, host, port } = service
    return `${protocol}://${host}:${port}${upstreamPath(match, path, service.path)}`
  }

  /** Plugins that refuse somebody there. */
  refusing({ draft }: Answer): readonly string[] {
    return refusingOf(this.#view.plugins.routeOf(draft), this.#view)
  }

  /** All that a request gets there, as text to be compared. */
  treatmentOf(answer: Answer, question: RouteQuestion): string {
    const { plugins, side } = this.#view
    const route = plugins.routeOf(answer.draft)
    const uses = plugins.namesFor(route).flatMap((name) => {
      const use = plugins.choose(name, route, null)
      return use === null ? [] : [[name, configOf(use, side)]]
    })
    return stable([
      this.targetOf(answer, question),
      route.preserve_host,
      route.protocols,
      uses.sort(),
    ])
  }
}
