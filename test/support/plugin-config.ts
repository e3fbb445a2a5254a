// A plugin's configuration as a request gets it: checked by its schema, defaults filled in, frozen, prepared.
import { Ajv } from 'ajv'
import type { Plugin, PluginUse } from '../../src/plugin/contract.js'
import type { JSONSchema } from '../../schemas/types.js'

export const UNBOUND: PluginUse = { id: 'use', routeId: null, serviceId: null, consumerId: null }

type AnyConfigured<P> = Plugin<JSONSchema, never, P>

/** Throws with the faults that the schema finds, one per line as `/path message`, or what `prepare` throws. */
export function prepared<P>(plugin: AnyConfigured<P>, raw: object = {}, use = UNBOUND): P {
  const config = complete(plugin.schema, raw)
  // Without prepare, P is the configuration itself.
  return plugin.prepare === undefined ? (config as P) : plugin.prepare(config as never, use)
}

/** The configuration with its defaults, under the rules that config/ checks files by. */
export function complete(schema: object, raw: object): object {
  const config = structuredClone(raw)
  const validate = new Ajv({ strict: true, useDefaults: true, allErrors: true }).compile(schema)
  if (!validate(config)) {
    const faults = validate.errors ?? []
    throw new Error(
      faults.map((fault) => `${fault.instancePath} ${fault.message ?? ''}`.trim()).join('\n'),
    )
  }
  return deepFreeze(config)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
