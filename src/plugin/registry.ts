// The plugins that a configuration may name, in the order in which they run.
import type { AnyPlugin, PluginSpec } from './contract.js'

const VERSION = /^\d+\.\d+\.\d+$/

/** What else is to be known of names. */
export interface RegistryNames {
  /** A user's own. */
  readonly own?: Iterable<string>
  /** Bundled ones that the settings do not name. */
  readonly disabled?: Iterable<string>
}

export class PluginRegistry {
  readonly #byName: ReadonlyMap<string, AnyPlugin>
  readonly #planned: ReadonlyMap<string, PluginSpec>
  readonly #own: ReadonlySet<string>
  readonly #disabled: ReadonlySet<string>

  /**
   * Throws when two plugins share a name, or one breaks the rules of `pluginFault`.
   * @param planned what a file may use and this version checks but cannot run
   */
  constructor(
    plugins: readonly AnyPlugin[],
    planned: readonly PluginSpec[] = [],
    { own = [], disabled = [] }: RegistryNames = {},
  ) {
    const byName = new Map<string, AnyPlugin>()
    for (const plugin of [...plugins].sort(byPriority)) {
      const fault = pluginFault(plugin)
      if (fault !== null) throw new TypeError(`plugin '${plugin.name}': ${fault}`)
      if (byName.has(plugin.name)) throw new TypeError(`two plugins are called '${plugin.name}'`)
      byName.set(plugin.name, plugin)
    }
    this.#byName = byName
    this.#planned = new Map(planned.map((spec) => [spec.name, spec]))
    this.#own = new Set(own)
    this.#disabled = new Set(disabled)
  }

  get(name: string): AnyPlugin | undefined {
    return this.#byName.get(name)
  }

  /** What a file may say of that plugin, whether this version can run it or not. */
  spec(name: string): PluginSpec | undefined {
    return this.#byName.get(name) ?? this.#planned.get(name)
  }

  /** Whether it is a user's own, of which nothing is known but its contract. */
  isOwn(name: string): boolean {
    return this.#own.has(name)
  }

  /** Whether it is bundled, but the settings do not name it. */
  isDisabled(name: string): boolean {
    return this.#disabled.has(name)
  }

  /** Those that run, in the order in which they do. */
  names(): readonly string[] {
    return [...this.#byName.keys()]
  }

  /** All that a file may use: those that run first. */
  specs(): readonly PluginSpec[] {
    return [...this.#byName.values(), ...this.#planned.values()]
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
