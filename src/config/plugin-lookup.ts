// How config/ asks for plugins; the registry of plugins is one.
import type { AnyPlugin } from '../plugin/contract.js'

export interface PluginLookup {
  get(name: string): AnyPlugin | undefined
  names(): readonly string[]
}
