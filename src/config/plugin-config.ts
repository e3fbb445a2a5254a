// The `config` of one use of a plugin, held against the plugin's schema and rules.
import type { ConfigFault } from '../plugin/config-fault.js'
import type { PluginSpec } from '../plugin/contract.js'
import type { Fields } from './entities/collection.js'
import type { Fault } from './faults.js'
import type { DocumentPath } from './places.js'
import { checkSchema, type Checked } from './schema-check.js'

/** Checks a configuration and completes it in place; paths are below it. */
export function checkPluginConfig({ schema, rules = [] }: PluginSpec, config: Fields): Checked {
  const { faults, warnings, references, moved } = checkSchema(schema, config)
  const open = [...faults.map(({ path }) => path), ...references]
  const broken = rules
    .filter(({ fields }) => !fields.some((field) => open.some((path) => touches(field, path))))
    .flatMap((rule) => rule.check(config).map(faultOf))
  return { faults: [...faults, ...broken], warnings, references, moved }
}

/** Whether the field is what stands at the path, holds it or is held by it. */
function touches(field: string, path: DocumentPath): boolean {
  const steps = field.split('.')
  return steps.every((step, index) => index >= path.length || step === String(path[index]))
}

export function faultOf({ field, message, hint }: ConfigFault): Fault {
  const fault = { path: stepsOf(field), message }
  return hint === undefined ? fault : { ...fault, hint }
}

/** `add.headers[0]` as steps. */
function stepsOf(field: string): (string | number)[] {
  const steps = field.match(/[^.[\]]+/g) ?? []
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
