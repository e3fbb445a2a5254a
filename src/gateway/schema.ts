// The JSON Schema of what this gateway reads, with the plugins that its settings name.
import { publishedPluginSchema, publishedSchema } from '../config/published-schema.js'
import { closest } from '../util/closest.js'
import { loadRegistry } from './load.js'
import { loadSettings } from './load-settings.js'

/**
 * Of the whole declarative file, or of one plugin's configuration.
 * @throws ConfigError for settings or plugins that are wrong; Error for a plugin that is not there
 */
export async function readSchema(
  environment: Readonly<Record<string, string | undefined>>,
  plugin?: string,
): Promise<object> {
  const registry = await loadRegistry(loadSettings(environment))
  const specs = registry.specs()
  if (plugin === undefined) return publishedSchema(specs)
  const found = registry.spec(plugin)
  if (found !== undefined) return publishedPluginSchema(found)
  const names = specs.map(({ name }) => name)
  const meant = closest(plugin, names)
  const way =
    meant === undefined
      ? `there are ${names.join(', ') || 'none'}; KONG_PLUGINS and GW_PLUGIN_PATH say which`
      : `did you mean ${meant}?`
  throw new Error(`no plugin '${plugin}' (${way})`)
}
