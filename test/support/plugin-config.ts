// A plugin's configuration as a request gets it: checked as config/ checks files, defaults filled in, frozen, prepared.
import { formatPath } from '../../src/config/faults.js'
import { checkPluginConfig } from '../../src/config/plugin-config.js'
import type { Plugin, PluginSpec, PluginUse } from '../../src/plugin/contract.js'
import { deepFreeze } from '../../src/util/deep-freeze.js'
import type { JSONSchema } from '../../schemas/types.js'

export const UNBOUND: PluginUse = { id: 'use', routeId: null, serviceId: null, consumerId: null }

type AnyConfigured<P> = Plugin<JSONSchema, never, P>

/** Throws with the faults that schema and rules find, one per line, or what `prepare` throws. */
export function prepared<P>(plugin: AnyConfigured<P>, raw: object = {}, use = UNBOUND): P {
  const config = complete(plugin, raw)
  // Without prepare, P is the configuration itself.
  return plugin.prepare === undefined ? (config as P) : plugin.prepare(config as never, use)
}

/** The configuration with its defaults. Throws as `prepared`. */
export function complete(spec: PluginSpec, raw: object): object {
  const { config, faults } = check(spec, raw)
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return deepFreeze(config)
}

/** What schema and rules find, each as `path: message`; paths are below `config`. */
export function faultsOf(spec: PluginSpec, raw: object): string[] {
  return check(spec, raw).faults
}

function check(spec: PluginSpec, raw: object): { config: object; faults: string[] } {
  const config = structuredClone(raw) as Record<string, unknown>
  const { faults } = checkPluginConfig(spec, config)
  const lines = faults.map(({ path, message }) =>
    [formatPath(path), message].filter((part) => part !== '').join(': '),
  )
  return { config, faults: lines }
}
