// Which plugins run for a route, a consumer, or neither; settled at load, so that a request only walks arrays.
import type { Consumer, PluginEntry, Route } from '../model/entities.js'
import type { AnyPlugin } from '../plugin/contract.js'

/** One configured use of a plugin. */
export interface Step {
  readonly plugin: AnyPlugin
  /** What the plugin's `prepare` made of its config. */
  readonly config: unknown
  readonly entry: PluginEntry
}

/**
 * The steps of a request. Slot i is the same plugin in every plan of a route, null where that plan does not use it;
 * the other phases have arrays of their own, so that a phase nobody hooks costs nothing.
 */
export class Plan {
  readonly slots: readonly (Step | null)[]
  /** As `slots`, null also for plugins without an access phase. */
  readonly access: readonly (Step | null)[]
  readonly headerFilter: readonly Step[]
  readonly bodyFilter: readonly Step[]
  readonly log: readonly Step[]
  /** Plans that go on from this one for a consumer, by slot and consumer; filled by RoutePlans. */
  readonly onward = new Map<string, Plan>()

  constructor(slots: readonly (Step | null)[]) {
    const used = slots.filter((step) => step !== null)
    this.slots = slots
    this.access = used.some(({ plugin }) => plugin.access !== undefined)
      ? slots.map((step) => (step?.plugin.access === undefined ? null : step))
      : []
    this.headerFilter = used.filter(({ plugin }) => plugin.header_filter !== undefined)
    this.bodyFilter = used.filter(({ plugin }) => plugin.body_filter !== undefined)
    this.log = used.filter(({ plugin }) => plugin.log !== undefined)
  }
}

/** All plans of one route. */
export class RoutePlans {
  /** For requests without a consumer, and for consumers that no plugin names. */
  readonly base: Plan
  readonly #uses: PluginUses
  readonly #names: readonly string[]
  readonly #route: Route

  constructor(uses: PluginUses, route: Route) {
    this.#uses = uses
    this.#route = route
    this.#names = uses.namesFor(route)
    this.base = this.#planOf('')
  }

  /**
   * The plan after a consumer has been named by the step in `slot`: up to that slot the steps stay what they were,
   * behind it they are the consumer's (Kong chooses each plugin's configuration at its turn).
   */
  withConsumer(current: Plan, slot: number, consumer: Consumer | null): Plan {
    const id = consumer !== null && this.#uses.names(consumer) ? consumer.id : ''
    if (id === '' && current === this.base) return current
    const key = `${slot} ${id}`
    let plan = current.onward.get(key)
    if (plan === undefined) {
      const behind = this.#planOf(id).slots
      plan = new Plan(current.slots.map((step, i) => (i <= slot ? step : (behind[i] ?? null))))
      current.onward.set(key, plan)
    }
    return plan
  }

  #planOf(consumerId: string): Plan {
    const { id, service } = this.#route
    return new Plan(
      this.#names.map((name) => this.#uses.choose(name, id, service?.id ?? '', consumerId)),
    )
  }
}

/** Every enabled use of every plugin, indexed by name and scope. */
export class PluginUses {
  /** For requests that matched no route: global uses alone. */
  readonly global: Plan
  readonly #byName = new Map<string, Scopes>()
  readonly #consumers = new Set<string>()

  /** @param steps in falling priority of their plugins; of several for one scope the last counts, as in Kong */
  constructor(steps: readonly Step[]) {
    for (const step of steps) {
      const { name, consumer } = step.entry
      let scopes = this.#byName.get(name)
      if (scopes === undefined) this.#byName.set(name, (scopes = new Scopes()))
      scopes.add(step)
      if (consumer !== null) this.#consumers.add(consumer.id)
    }
    this.global = new Plan([...this.#byName.values()].map((scopes) => scopes.find('', '', '')))
  }

  /** Whether any use is bound to that consumer. */
  names(consumer: Consumer): boolean {
    return this.#consumers.has(consumer.id)
  }

  /** The plugins that could run on a route for some consumer, in falling priority. */
  namesFor(route: Route): readonly string[] {
    return [...this.#byName].flatMap(([name, scopes]) => (scopes.mayApply(route) ? [name] : []))
  }

  /** The one configuration that applies; ids are empty where there is none. */
  choose(name: string, route: string, service: string, consumer: string): Step | null {
    return this.#byName.get(name)?.choose(route, service, consumer) ?? null
  }
}

/** The uses of one plugin. */
class Scopes {
  readonly #byKey = new Map<string, Step>()
  readonly #routes = new Set<string>()
  readonly #services = new Set<string>()
  #anywhere = false

  add(step: Step): void {
    const { route, service, consumer } = step.entry
    this.#byKey.set(scopeKey(route?.id ?? '', service?.id ?? '', consumer?.id ?? ''), step)
    if (route !== null) this.#routes.add(route.id)
    else if (service !== null) this.#services.add(service.id)
    else this.#anywhere = true
  }

  mayApply({ id, service }: Route): boolean {
    return this.#anywhere || this.#routes.has(id) || this.#services.has(service?.id ?? '')
  }

  find(route: string, service: string, consumer: string): Step | null {
    return this.#byKey.get(scopeKey(route, service, consumer)) ?? null
  }

  /** The most specific use, in Kong's order (kong/runloop/plugins_iterator.lua, lookup_cfg). */
  choose(route: string, service: string, consumer: string): Step | null {
    return (
      this.find(route, service, consumer) ??
      this.find(route, '', consumer) ??
      this.find('', service, consumer) ??
      this.find(route, service, '') ??
      this.find('', '', consumer) ??
      this.find(route, '', '') ??
      this.find('', service, '') ??
      this.find('', '', '')
    )
  }
}

function scopeKey(route: string, service: string, consumer: string): string {
  return `${route}|${service}|${consumer}`
}
