// The plugins that a configuration may name, in the order in which they run.
import type { AnyPlugin } from './contract.js'

const VERSION = /^\d+\.\d+\.\d+$/

export class PluginRegistry {
  readonly #byName: ReadonlyMap<string, AnyPlugin>

  /** Throws when two plugins share a name, or one breaks the rules of `pluginFault`. */
  constructor(plugins: readonly AnyPlugin[]) {
    const byName = new Map<string, AnyPlugin>()
    for (const plugin of [...plugins].sort(byPriority)) {
      const fault = pluginFault(plugin)
      if (fault !== null) throw new TypeError(`plugin '${plugin.name}': ${fault}`)
      if (byName.has(plugin.name)) throw new TypeError(`two plugins are called '${plugin.name}'`)
      byName.set(plugin.name, plugin)
    }
    this.#byName = byName
  }

  get(name: string): AnyPlugin | undefined {
    return this.#byName.get(name)
  }

  /** In the order in which they run. */
  names(): readonly string[] {
    return [...this.#byName.keys()]
  }
}

/** The order of every phase, as Kong's: priority descending, then name descending. */
export function byPriority(a: AnyPlugin, b: AnyPlugin): number {
  if (a.priority !== b.priority) return b.priority - a.priority
  return a.name < b.name ? 1 : a.name > b.name ? -1 : 0
}

/** What is wrong with a plugin beyond what types can say, or null. Kong refuses to start for the same reasons. */
export function pluginFault(plugin: AnyPlugin): string | null {
  if (!VERSION.test(plugin.version)) {
    return `version must be like 1.2.3, not ${JSON.stringify(plugin.version)}`
  }
  if (!Number.isSafeInteger(plugin.priority)) {
    return `priority must be an integer, not ${String(plugin.priority)}`
  }
  return null
}
