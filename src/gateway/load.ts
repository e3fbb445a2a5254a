// From a file's name to everything that serves it, or a ConfigError that lists what is wrong with it.
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import {
  FORMATS,
  loadConfig,
  type ConfigText,
  type Format,
  type LoadedConfig,
} from '../config/index.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import { loadPlugins } from '../plugin/loader.js'
import { readText } from './read-text.js'
import type { PluginRegistry } from '../plugin/registry.js'
import type { ConfigSource } from './config-source.js'
import type { Settings } from './settings.js'

/** The plugins that the settings name, bundled ones and a user's from the plugin path; and what is known of others. */
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
 * @throws ConfigError, also for a document that asks for what cannot be done
 */
export function readConfig(
  source: ConfigText,
  plugins: PluginRegistry,
  { vaultEnvPrefix, expandEnv, skipUnsupported, routerFlavour }: Settings,
): LoadedConfig {
  const secrets = { environment: process.env, envPrefix: vaultEnvPrefix }
  const variables = expandEnv ? { variables: process.env } : {}
  const config = loadConfig(
    { ...source, ...variables },
    { plugins, secrets, routerFlavour, now: Date.now },
  )
  if (config.unsupported.length === 0) return config
  if (!skipUnsupported) throw new ConfigError(config.unsupported.map(refused))
  return { ...config, warnings: [...config.warnings, ...config.unsupported.map(skipped)] }
}

/** @throws ConfigError for a file that is too large or cannot be read */
export async function readSource(source: ConfigSource): Promise<ConfigText> {
  switch (source.kind) {
    case 'file':
      return { text: await readConfigText(source.path), file: source.path }
    case 'text':
      return { text: source.text, file: source.name, format: 'auto' }
    case 'empty':
      return { text: '_format_version: "3.0"\n', file: 'the empty configuration', format: 'yaml' }
  }
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
