// Two checked files, compared by what they mean: all rules in their order.
import type { LoadedConfig, PluginLookup } from '../../config/index.js'
import { verdictOf, type Difference } from './difference.js'
import { EffectivePlugins } from './effective.js'
import { entityChanges } from './entity-changes.js'
import { findEntityChanges } from './entity-findings.js'
import { Findings } from './findings.js'
import { LIMITS } from './limits.js'
import { match } from './match.js'
import { findPluginChanges } from './plugin-findings.js'
import { findRouteChanges } from './route-findings.js'
import { Side } from './side.js'
import { findTargetChanges } from './target-findings.js'

export interface NamedConfig {
  /** The name for messages. */
  readonly file: string
  readonly config: LoadedConfig
}

/** @param plugins those that both files were checked with */
export function compareConfigs(
  old: NamedConfig,
  now: NamedConfig,
  plugins: PluginLookup,
  limits = LIMITS,
): Difference {
  const oldSide = new Side(old.file, old.config, plugins)
  const newSide = new Side(now.file, now.config, plugins)
  const sides = { old: oldSide, new: newSide, matching: match(oldSide, newSide) }
  const views = {
    old: { side: oldSide, plugins: new EffectivePlugins(oldSide) },
    new: { side: newSide, plugins: new EffectivePlugins(newSide) },
  }
  const found = new Findings(oldSide, newSide)
  const cuts = [
    ...findPluginChanges(sides, views, found, limits),
    ...findRouteChanges(sides, views, found, limits),
  ]
  findTargetChanges(sides, views, found)
  findEntityChanges(sides, found)
  const [findings, changes] = [found.all(), entityChanges(sides)]
  const verdict = verdictOf(findings, changes)
  // Where all entities are the same there was nothing to be found.
  const notes = verdict === 'none' ? [] : cuts
  return { old: old.file, new: now.file, verdict, findings, changes, notes }
}
