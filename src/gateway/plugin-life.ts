// The phases of a plugin that belong to the process and not to a request: init, configure, close. What one of them
// throws is told with the plugin's name, and keeps none of the others from its turn.
import { ConfigError, type Problem } from '../errors/config-error.js'
import { describeError } from '../errors/describe.js'
import type { Logger } from '../log/logger.js'
import type { Step } from '../pipeline/plan.js'
import type { AnyPlugin, PluginEnv } from '../plugin/contract.js'
import type { PluginRegistry } from '../plugin/registry.js'

/** @throws ConfigError with every plugin whose `init` failed */
export async function initPlugins(plugins: PluginRegistry, env: PluginEnv): Promise<void> {
  const problems: Problem[] = []
  for (const plugin of all(plugins)) {
    try {
      await plugin.init?.(env)
    } catch (error) {
      problems.push(problem(plugin, 'init', error))
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

/**
 * Tells every plugin its live uses.
 * @throws ConfigError with every plugin whose `configure` failed
 */
export function configurePlugins(plugins: PluginRegistry, steps: readonly Step[]): void {
  const problems: Problem[] = []
  for (const plugin of all(plugins)) {
    const live = steps.filter(({ entry }) => entry.name === plugin.name).map(({ config }) => config)
    try {
      plugin.configure?.(live)
    } catch (error) {
      problems.push(problem(plugin, 'configure', error))
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

export async function closePlugins(plugins: PluginRegistry, log: Logger): Promise<void> {
  for (const plugin of all(plugins)) {
    try {
      await plugin.close?.()
    } catch (error) {
      log.error({ err: error, plugin: plugin.name }, 'a plugin did not close')
    }
  }
}

function all(plugins: PluginRegistry): readonly AnyPlugin[] {
  return plugins.names().flatMap((name) => plugins.get(name) ?? [])
}

function problem({ name }: AnyPlugin, phase: 'init' | 'configure', error: unknown): Problem {
  const message = `plugin '${name}': ${phase} failed: ${describeError(error)}`
  return { file: '', path: '', line: 0, column: 0, message }
}
