// Which use of each plugin a route gets, in Kong's order: what the files say of plugins, seen from the requests.
import type { Draft } from '../../config/draft.js'
import type { Route } from '../../model/entities.js'
import { PluginUses, type Step } from '../../pipeline/plan.js'
import type { AnyPlugin } from '../../plugin/contract.js'
import type { Side } from './side.js'

export class EffectivePlugins {
  readonly #side: Side
  readonly #uses: PluginUses
  readonly #routes: ReadonlyMap<string, Route>
  readonly #drafts: ReadonlyMap<string, Draft>

  constructor(side: Side) {
    this.#side = side
    const { snapshot } = side.config
    this.#routes = new Map(snapshot.routes.map((route) => [route.id, route]))
    this.#drafts = new Map(side.all('plugins').map((draft) => [draft.id, draft]))
    this.#uses = new PluginUses(stepsOf(side))
  }

  routeOf({ id }: Draft): Route {
    const route = this.#routes.get(id)
    if (route === undefined) throw new TypeError('a checked route is in the snapshot')
    return route
  }

  /** Plugins that could run on the route for some consumer. */
  namesFor(route: Route): readonly string[] {
    return this.#uses.namesFor(route)
  }

  /** The use that applies; null for none. */
  choose(name: string, { id, service }: Route, consumer: Draft | null): Draft | null {
    const step = this.#uses.choose(name, id, service?.id ?? '', consumer?.id ?? '')
    return step === null ? null : (this.#drafts.get(step.entry.id) ?? null)
  }

  /** Plugins with a use for that very consumer, of those that can have one. */
  namesForConsumer(consumer: Draft): readonly string[] {
    return this.#side
      .childrenOf(consumer)
      .filter(({ collection, fields }) => collection.name === 'plugins' && fields.enabled === true)
      .filter((draft) => this.#side.specOf(draft)?.scopes?.includes('consumer') !== false)
      .map(({ fields }) => String(fields.name))
  }
}

/** Of plugins that this version cannot run as well: the question is what the file asks for. */
function stepsOf(side: Side): Step[] {
  return side.config.snapshot.plugins.flatMap((entry): Step[] => {
    const draft = side.byId('plugins', entry.id)
    const spec = draft === undefined ? undefined : side.specOf(draft)
    if (spec === undefined || !entry.enabled) return []
    // Nested where it cannot be, it never runs.
    const isIdle = entry.consumer !== null && spec.scopes?.includes('consumer') === false
    if (isIdle) return []
    const plugin: AnyPlugin = { ...spec, version: '0.0.0', priority: 0 }
    return [{ plugin, config: entry.config, entry }]
  })
}
