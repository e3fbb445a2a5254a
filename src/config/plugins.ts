// Uses of plugins: is the plugin there, may it stand here, is its configuration right, what does it make of it.
import { HTTP_PROTOCOLS, PROTOCOLS } from '../../schemas/common.js'
import { ConfigFault, type AnyPlugin, type PluginUse, type Scope } from '../plugin/contract.js'
import { closest } from '../util/closest.js'
import { deepFreeze } from '../util/deep-freeze.js'
import type { Draft } from './draft.js'
import type { Fault } from './faults.js'
import { KONG_PLUGINS, STREAM_PLUGINS } from './kong-plugins.js'
import type { PluginLookup } from './plugin-lookup.js'
import { checkSchema } from './schema-check.js'
import { isRecord } from './settle.js'

const LINKS = ['route', 'service', 'consumer'] as const

export interface CheckedPlugins {
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
  /** What `prepare` made of each enabled use, by its id; the configuration itself for a plugin without `prepare`. */
  readonly prepared: ReadonlyMap<string, unknown>
}

/** @param drafts resolved */
export function checkPlugins(drafts: readonly Draft[], lookup: PluginLookup): CheckedPlugins {
  const faults: Fault[] = []
  const warnings: Fault[] = []
  const prepared = new Map<string, unknown>()
  for (const draft of drafts) {
    const { name } = draft.fields
    if (draft.collection.name !== 'plugins' || typeof name !== 'string' || name === '') continue
    const plugin = lookup.get(name)
    if (plugin === undefined) {
      faults.push(notEnabled(draft, name, lookup))
      continue
    }
    const found = [...checkProtocols(draft), ...checkConfig(draft, plugin)]
    const scope = checkScopes(draft, plugin)
    warnings.push(...scope.warnings)
    found.push(...scope.faults)
    if (found.length === 0 && draft.fields.enabled === true && isRecord(draft.fields.config)) {
      found.push(...prepare(draft, plugin, prepared))
    }
    faults.push(...found)
  }
  return { faults, warnings, prepared }
}

function notEnabled({ path }: Draft, name: string, lookup: PluginLookup): Fault {
  const fault = {
    path: [...path, 'name'],
    message: `plugin '${name}' not enabled; add it to the 'plugins' configuration property`,
  }
  if (KONG_PLUGINS.has(name)) return { ...fault, hint: 'bundled in Kong, not in gw yet' }
  const meant = closest(name, lookup.names())
  return meant === undefined ? fault : { ...fault, hint: `did you mean ${meant}?` }
}

function checkProtocols({ fields, path }: Draft): Fault[] {
  if (STREAM_PLUGINS.has(String(fields.name)) || !Array.isArray(fields.protocols)) return []
  const allowed: readonly unknown[] = HTTP_PROTOCOLS
  const known: readonly unknown[] = PROTOCOLS
  const message = `expected one of: ${HTTP_PROTOCOLS.join(', ')}`
  return fields.protocols.flatMap((protocol, index) =>
    // What is no protocol at all has been found by the schema.
    allowed.includes(protocol) || !known.includes(protocol)
      ? []
      : [{ path: [...path, 'protocols', index], message }],
  )
}

function checkConfig({ fields, path }: Draft, plugin: AnyPlugin): Fault[] {
  // Anything but a record has been reported by the schema of the entity.
  if (!isRecord(fields.config)) return []
  return checkSchema(plugin.schema, fields.config).map((fault) => ({
    ...fault,
    path: [...path, 'config', ...fault.path],
    ...(fault.place === undefined ? {} : { place: [...path, 'config', ...fault.place] }),
  }))
}

function checkScopes(
  { references, path, parentField }: Draft,
  { name, scopes }: AnyPlugin,
): { readonly faults: Fault[]; readonly warnings: Fault[] } {
  const faults: Fault[] = []
  const warnings: Fault[] = []
  if (scopes === undefined) return { faults, warnings }
  const used: Scope[] = LINKS.filter((field) => (references.get(field) ?? null) !== null)
  if (used.length === 0 && !scopes.includes('global')) {
    faults.push({ path, message: `plugin '${name}' cannot be used globally` })
  }
  for (const scope of used) {
    if (scopes.includes(scope)) continue
    // Kong refuses the reference but not the same thing nested, which then never runs.
    if (scope === parentField) {
      const message = `plugin '${name}' has no effect in a ${scope}`
      warnings.push({ path, message, rule: 'no-effect' })
    } else {
      faults.push({ path: [...path, scope], message: 'value must be null' })
    }
  }
  return { faults, warnings }
}

function prepare(draft: Draft, plugin: AnyPlugin, prepared: Map<string, unknown>): Fault[] {
  const config = deepFreeze(draft.fields.config)
  try {
    prepared.set(
      draft.id,
      plugin.prepare === undefined ? config : plugin.prepare(config, useOf(draft)),
    )
    return []
  } catch (error) {
    const path = [...draft.path, 'config']
    if (error instanceof ConfigFault) {
      const fault = { path: [...path, ...stepsOf(error.field)], message: error.message }
      return [error.hint === undefined ? fault : { ...fault, hint: error.hint }]
    }
    const reason = error instanceof Error ? error.message : String(error)
    return [{ path, message: `plugin '${plugin.name}' failed to prepare: ${reason}` }]
  }
}

function useOf({ id, references }: Draft): PluginUse {
  const idOf = (field: (typeof LINKS)[number]) => {
    const reference = references.get(field)
    return reference?.kind === 'resolved' ? reference.draft.id : null
  }
  return { id, routeId: idOf('route'), serviceId: idOf('service'), consumerId: idOf('consumer') }
}

/** `add.headers[0]` as steps. */
function stepsOf(field: string): (string | number)[] {
  const steps = field.match(/[^.[\]]+/g) ?? []
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
