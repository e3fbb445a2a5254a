// A checked file as a gateway would run it: the routes that are served, and the uses of plugins without their phases.
import { formatPath } from '../../config/faults.js'
import type { Draft } from '../../config/draft.js'
import type { Consumer, PluginEntry } from '../../model/entities.js'
import type { AnyPlugin } from '../../plugin/contract.js'
import type { Step } from '../../pipeline/plan.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { Side } from '../diff/side.js'
import { isServed } from '../served-routes.js'
import type { DryConfig } from './dry-run.js'

export interface Runnable extends DryConfig {
  /** Enabled uses that this version cannot run. */
  readonly leftOut: readonly PluginEntry[]
}

export function runnableOf(side: Side, plugins: PluginRegistry): Runnable {
  const { snapshot, prepared, unsupported } = side.config
  const faults = unsupported.map(({ path }) => path)
  const order = new Map(plugins.names().map((name, place) => [name, place]))
  const steps: Step[] = []
  const leftOut: PluginEntry[] = []
  for (const entry of snapshot.plugins) {
    if (!entry.enabled) continue
    const plugin = plugins.get(entry.name)
    const draft = side.byId('plugins', entry.id)
    const isLeftOut = draft !== undefined && isFaulty(draft, faults)
    if (plugin === undefined || isLeftOut) leftOut.push(entry)
    else {
      const config = prepared.get(entry.id) ?? entry.config
      steps.push({ plugin: withoutPhases(plugin), config, entry })
    }
  }
  // As workers do: see update/apply-update.ts.
  steps.sort((a, b) => (order.get(a.entry.name) ?? 0) - (order.get(b.entry.name) ?? 0))
  return { snapshot, served: snapshot.routes.filter(isServed), steps, leftOut }
}

function isFaulty({ path }: Draft, faults: readonly string[]): boolean {
  const at = formatPath(path)
  return faults.some((fault) => fault === at || fault.startsWith(`${at}.`))
}

/** In its place in the plan, and without a say, but for what the pipeline itself does on its behalf. */
function withoutPhases(plugin: AnyPlugin): AnyPlugin {
  const { name, version, priority, schema } = plugin
  const silent = { name, version, priority, schema }
  if (plugin.policy === undefined) return silent
  return { ...silent, policy: (config) => plugin.policy?.(config) ?? {} }
}

/** By username, custom_id or id. */
export function consumerNamed(name: string, { config }: Side): Consumer | undefined {
  const { consumers } = config.snapshot
  return (
    consumers.find(({ username }) => username === name) ??
    consumers.find(({ custom_id, id }) => custom_id === name || id === name)
  )
}
