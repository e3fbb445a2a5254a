// The plugins of a worker: those that run. What is only known of others, so that files can be checked, stays on the main
// thread, and so do the faults that it has reported.
import { bundledPlugins } from '../../../plugins/index.js'
import { loadPlugins } from '../../plugin/loader.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import type { Settings } from '../settings.js'

export function loadRunningPlugins({
  plugins,
  pluginPath,
}: Pick<Settings, 'plugins' | 'pluginPath'>): Promise<PluginRegistry> {
  return loadPlugins({
    enabled: plugins,
    path: pluginPath,
    bundled: bundledPlugins,
    isKnownGood: true,
  })
}
