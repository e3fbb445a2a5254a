// What stands between a request on a route and its target: the plugins that refuse whoever may not pass.
import type { Draft } from '../../config/draft.js'
import type { Route } from '../../model/entities.js'
import type { EffectivePlugins } from './effective.js'
import { configOf } from './meaning.js'
import { AUTHENTICATION, PROTECTION, purposeOf } from './shift-rules.js'
import type { Side } from './side.js'

export interface Protection {
  /** Plugins that refuse a request without a credential. */
  readonly required: readonly string[]
  /** Plugins that let it pass as the consumer that `anonymous` names. */
  readonly optional: readonly string[]
}

/** One file, with what its routes get of plugins. */
export interface PluginView {
  readonly side: Side
  readonly plugins: EffectivePlugins
}

export function protectionOf(route: Route, view: PluginView): Protection {
  const required: string[] = []
  const optional: string[] = []
  for (const name of AUTHENTICATION) {
    const use = view.plugins.choose(name, route, null)
    if (use !== null) (isOptional(use, route, view) ? optional : required).push(name)
  }
  return { required, optional }
}

/** All that refuses somebody, authentication that is optional left out. */
export function refusingOf(route: Route, view: PluginView): readonly string[] {
  const { optional } = protectionOf(route, view)
  return PROTECTION.filter(
    (name) => !optional.includes(name) && view.plugins.choose(name, route, null) !== null,
  )
}

function isOptional(use: Draft, route: Route, view: PluginView): boolean {
  const { anonymous } = configOf(use, view.side)
  if (typeof anonymous !== 'string' || anonymous === '') return false
  return !isTurnedAway(anonymous, route, view)
}

/** Kong's way to ask for one of several: the anonymous consumer has a request-termination of its own. */
function isTurnedAway(anonymous: string, route: Route, { side, plugins }: PluginView): boolean {
  const consumer = side.config.snapshot.consumer(anonymous)
  const draft = consumer === undefined ? undefined : side.byId('consumers', consumer.id)
  if (draft === undefined) return false
  const termination = plugins.choose('request-termination', route, draft)
  return termination !== null && answersAll(termination, side)
}

/** Whether a use answers every request in place of the target. */
export function answersAll(use: Draft, side: Side): boolean {
  const isTermination = purposeOf(String(use.fields.name)) === 'termination'
  return isTermination && configOf(use, side).trigger === undefined
}
