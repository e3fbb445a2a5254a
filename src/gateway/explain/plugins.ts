// The plugins of a request in the order in which they run, where each use comes from, and which others gave way to it.
import type { Consumer, PluginEntry, Route } from '../../model/entities.js'
import type { CompiledRoute } from '../../pipeline/compiled.js'
import { PluginUses, type Plan, type Step } from '../../pipeline/plan.js'
import { answersAll } from '../diff/protection.js'
import { purposeOf } from '../diff/shift-rules.js'
import type { Side } from '../diff/side.js'
import type { Named, PluginShown } from './explanation.js'

/** Of uses for single consumers; there may be as many as consumers. */
const MAX_CONSUMERS = 5

export interface PluginsAsked {
  /** Null for a request that no route takes. */
  readonly compiledRoute: CompiledRoute | null
  readonly plan: Plan
  readonly consumer: Consumer | null
  readonly steps: readonly Step[]
  readonly named: (entry: PluginEntry) => Named
}

/**
 * The plan once the consumer has been named, which the first plugin that authenticates does; without one, as if somebody
 * had before all of them.
 */
export function planFor({ plans }: CompiledRoute, consumer: Consumer | null): Plan {
  if (consumer === null) return plans.base
  const isNaming = (step: Step | null): boolean =>
    step !== null && purposeOf(step.entry.name) === 'authentication'
  return plans.withConsumer(plans.base, plans.base.slots.findIndex(isNaming), consumer)
}

export function authenticates({ slots }: Plan): boolean {
  return slots.some((step) => step !== null && purposeOf(step.entry.name) === 'authentication')
}

/** The use that answers in place of every target, if there is one. */
export function terminationOf({ slots }: Plan, side: Side): PluginEntry | null {
  const step = slots.find((one) => {
    const draft = one === null ? undefined : side.byId('plugins', one.entry.id)
    return draft !== undefined && answersAll(draft, side)
  })
  return step?.entry ?? null
}

export function pluginsOf(asked: PluginsAsked): PluginShown[] {
  return asked.plan.slots.flatMap((step) => (step === null ? [] : [shown(step, asked)]))
}

/** Those that run for some consumers, and not for the one that is asked about. */
export function consumerPluginsOf({ plan, steps, ...asked }: PluginsAsked): PluginShown[] {
  const route = asked.compiledRoute?.route
  if (route === undefined) return []
  const running = new Set(plan.slots.map((step) => step?.entry.name))
  const first = new Map<string, Step>()
  for (const step of steps) {
    const { name, consumer } = step.entry
    if (consumer === null || running.has(name) || !mayApply(step.entry, route)) continue
    if (!first.has(name)) first.set(name, step)
  }
  return [...first.values()].map((step) => shown(step, { plan, steps, ...asked }))
}

function shown(step: Step, asked: PluginsAsked): PluginShown {
  const { entry } = step
  const { consumer, compiledRoute, steps, named } = asked
  const route = compiledRoute?.route ?? null
  const rivals = steps.filter((other) => {
    return other !== step && other.entry.name === entry.name && mayApply(other.entry, route)
  })
  const forConsumers = rivals.filter(
    (other) => other.entry.consumer !== null && other.entry.consumer !== consumer,
  )
  return {
    name: entry.name,
    ...named(entry),
    scope: scopeOf(entry),
    overrides: overriddenBy(step, rivals, asked).map((other) => named(other.entry)),
    forConsumers: forConsumers.slice(0, MAX_CONSUMERS).map((other) => named(other.entry)),
    moreConsumers: Math.max(0, forConsumers.length - MAX_CONSUMERS),
  }
}

/** In the order in which they would stand in: each time the one that is chosen without those before it. */
function overriddenBy(step: Step, rivals: readonly Step[], asked: PluginsAsked): Step[] {
  const route = asked.compiledRoute?.route ?? null
  const { consumer } = asked
  const overridden: Step[] = []
  let rest = rivals.filter((other) => [null, consumer].includes(other.entry.consumer))
  for (;;) {
    const next = new PluginUses(rest).choose(
      step.entry.name,
      route?.id ?? '',
      route?.service?.id ?? '',
      consumer?.id ?? '',
    )
    if (next === null) return overridden
    overridden.push(next)
    rest = rest.filter((other) => other !== next)
  }
}

/** Whether a use is for requests on that route, of some consumer at least. */
export function mayApply({ route, service }: PluginEntry, own: Route | null): boolean {
  const isForRoute = route === null || route.id === own?.id
  return isForRoute && (service === null || service.id === own?.service?.id)
}

export function scopeOf({ route, service, consumer }: PluginEntry): string[] {
  const scope = Object.entries({ route, service, consumer }).flatMap(([name, entity]) =>
    entity === null ? [] : [name],
  )
  return scope.length === 0 ? ['global'] : scope
}
