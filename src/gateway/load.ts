// From a file's name to everything that serves it, or a ConfigError that lists what is wrong with it.
import { bundledPlugins } from '../../plugins/index.js'
import { loadConfig, type ConfigSource, type LoadedConfig } from '../config/index.js'
import { ConfigError } from '../errors/config-error.js'
import { compile, type CompiledConfig } from '../pipeline/compiled.js'
import { loadPlugins } from '../plugin/loader.js'
import { createRouter } from '../router/index.js'
import type { Step } from '../pipeline/plan.js'
import type { PluginRegistry } from '../plugin/registry.js'
import type { Transport } from '../proxy/transport.js'
import { readSource } from './read-text.js'
import type { Settings } from './settings.js'

/** The plugins that the settings name: bundled ones, and a user's from the plugin path. */
export function loadRegistry({
  plugins,
  pluginPath,
}: Pick<Settings, 'plugins' | 'pluginPath'>): Promise<PluginRegistry> {
  return loadPlugins({ enabled: plugins, path: pluginPath, bundled: bundledPlugins })
}

/** @throws ConfigError, also for a file that cannot be read */
export async function readConfig(file: string, plugins: PluginRegistry): Promise<LoadedConfig> {
  return checkConfig(await readConfigSource(file), plugins)
}

/** @throws ConfigError for a file that cannot be read */
export async function readConfigSource(file: string): Promise<ConfigSource> {
  try {
    return await readSource(file)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new ConfigError([{ file, path: '', line: 0, column: 0, message }])
  }
}

/** @throws ConfigError with every fault of the text */
export function checkConfig(source: ConfigSource, plugins: PluginRegistry): LoadedConfig {
  return loadConfig(source, { plugins, now: Date.now })
}

/** Makes a checked configuration ready for requests. */
export function compileConfig(
  { snapshot, prepared }: LoadedConfig,
  plugins: PluginRegistry,
  transport: Transport,
): { readonly compiled: CompiledConfig; readonly steps: readonly Step[] } {
  const order = new Map(plugins.names().map((name, index) => [name, index]))
  const steps = snapshot.plugins
    .flatMap((entry): Step[] => {
      const plugin = plugins.get(entry.name)
      return entry.enabled && plugin ? [{ plugin, config: prepared.get(entry.id), entry }] : []
    })
    .sort((a, b) => (order.get(a.entry.name) ?? 0) - (order.get(b.entry.name) ?? 0))
  const router = createRouter(snapshot.routes, { flavour: 'traditional_compatible' })
  return { compiled: compile(snapshot, steps, router, transport), steps }
}
