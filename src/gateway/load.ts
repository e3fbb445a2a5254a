// From a file's name to everything that serves it, or a ConfigError that lists what is wrong with it.
import { bundledPlugins, plannedPlugins } from '../../plugins/index.js'
import { FORMATS, isPcreOnly, loadConfig, type Format, type LoadedConfig } from '../config/index.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { compile, type CompiledConfig } from '../pipeline/compiled.js'
import { loadPlugins } from '../plugin/loader.js'
import { createRouter } from '../router/index.js'
import { readText } from './read-text.js'
import type { Route } from '../model/entities.js'
import type { Step } from '../pipeline/plan.js'
import type { PluginRegistry } from '../plugin/registry.js'
import type { Transport } from '../proxy/transport.js'
import type { Settings } from './settings.js'

/** The plugins that the settings name: bundled ones, and a user's from the plugin path. */
export function loadRegistry({
  plugins,
  pluginPath,
}: Pick<Settings, 'plugins' | 'pluginPath'>): Promise<PluginRegistry> {
  return loadPlugins({
    enabled: plugins,
    path: pluginPath,
    bundled: bundledPlugins,
    planned: plannedPlugins,
    formats: FORMATS,
  })
}

/**
 * What `start` runs: references to secrets are resolved.
 * @throws ConfigError, also for a file that cannot be read, and for one that asks for what cannot be done
 */
export async function readConfig(
  file: string,
  plugins: PluginRegistry,
  { vaultEnvPrefix, expandEnv, skipUnsupported, routerFlavour }: Settings,
): Promise<LoadedConfig> {
  const text = await readConfigText(file)
  const secrets = { environment: process.env, envPrefix: vaultEnvPrefix }
  const variables = expandEnv ? { variables: process.env } : {}
  const config = loadConfig(
    { text, file, ...variables },
    { plugins, secrets, routerFlavour, now: Date.now },
  )
  if (config.unsupported.length === 0) return config
  if (!skipUnsupported) throw new ConfigError(config.unsupported.map(refused))
  return { ...config, warnings: [...config.warnings, ...config.unsupported.map(skipped)] }
}

/** @throws ConfigError for a file that is too large or cannot be read */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readText(file)
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
    throw new ConfigError([{ file, path: '', line: 0, column: 0, message }])
  }
}

function refused(problem: Problem): Problem {
  const way = 'start with --skip-unsupported to leave it out'
  return { ...problem, hint: problem.hint === undefined ? way : `${problem.hint}, or ${way}` }
}

function skipped(problem: Problem): Problem {
  return { ...problem, message: `${problem.message}; it is left out` }
}

/**
 * What `validate` asks: is the file right. Secrets are not looked up.
 * @param format left out, the ending of the file's name decides
 * @throws ConfigError with every fault of the text
 */
export function checkConfig(
  text: string,
  file: string,
  plugins: PluginRegistry,
  { expandEnv, routerFlavour }: Pick<Settings, 'expandEnv' | 'routerFlavour'>,
  format?: Format,
): LoadedConfig {
  const source = {
    text,
    file,
    ...(format === undefined ? {} : { format }),
    ...(expandEnv ? { variables: process.env } : {}),
  }
  return loadConfig(source, { plugins, routerFlavour, now: Date.now })
}

/** Makes a checked configuration ready for requests. */
export function compileConfig(
  { snapshot, prepared, unsupported }: LoadedConfig,
  plugins: PluginRegistry,
  transport: Transport,
): { readonly compiled: CompiledConfig; readonly steps: readonly Step[] } {
  const order = new Map(plugins.names().map((name, index) => [name, index]))
  const steps = snapshot.plugins
    .flatMap((entry): Step[] => {
      const plugin = plugins.get(entry.name)
      // What cannot run has not been prepared.
      if (plugin === undefined || !entry.enabled || !prepared.has(entry.id)) return []
      return [{ plugin, config: prepared.get(entry.id), entry }]
    })
    .sort((a, b) => (order.get(a.entry.name) ?? 0) - (order.get(b.entry.name) ?? 0))
  // What is unsupported and here all the same, the file's owner has agreed to leave out.
  const routes = unsupported.length === 0 ? snapshot.routes : snapshot.routes.filter(isServed)
  const router = createRouter(routes, { flavour: 'traditional_compatible' })
  return { compiled: compile(snapshot, steps, router, transport), steps }
}

/** Whether this version can match it. */
export function isServed(route: Route): boolean {
  if ('expression' in route && route.expression !== null) return false
  return route.paths?.some(isPcreOnly) !== true
}
