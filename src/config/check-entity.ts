// One entity by itself, held against its schema and rules: what the Admin API's validate and its writes ask.
import type { CollectionName, Fields } from './entities/collection.js'
import type { Fault } from './faults.js'
import { flatten } from './flatten.js'
import type { LoadContext } from './load.js'
import { checkPlugins } from './plugins.js'

/** Paths are below the entity. Where its references lead is not asked: there is no file that could hold it. */
export function checkEntity(
  collection: CollectionName,
  entity: Fields,
  context: LoadContext,
): readonly Fault[] {
  const { plugins, routerFlavour = 'traditional_compatible' } = context
  // A copy: checking fills defaults in.
  const root = { _format_version: '3.0', [collection]: [structuredClone(entity)] }
  const { drafts, faults } = flatten(root, {
    now: context.now(),
    isEnabled: (name) => plugins.spec(name) !== undefined,
    routerFlavour,
  })
  return [...faults, ...checkPlugins(drafts, plugins, null).faults].map((fault) => ({
    ...fault,
    path: fault.path.slice(2),
  }))
}
