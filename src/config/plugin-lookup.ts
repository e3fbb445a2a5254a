// How config/ asks for plugins; the registry of plugins is one.
import type { AnyPlugin, PluginSpec } from '../plugin/contract.js'

export interface PluginLookup {
  /** A plugin that can run. */
  get(name: string): AnyPlugin | undefined
  /** What a file may say of a plugin, whether it can run or not. */
  spec(name: string): PluginSpec | undefined
  specs(): readonly PluginSpec[]
  /** Whether it is a user's own. */
  isOwn(name: string): boolean
  /** Whether it is bundled, but the settings do not name it. */
  isDisabled(name: string): boolean
}
