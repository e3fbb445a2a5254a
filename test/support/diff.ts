// Compares two texts with all plugins of Kong, as `gw diff` does, and with the stand-ins of arbitrary-config.ts.
import { bundledPlugins } from '../../plugins/index.js'
import { plannedPlugins } from '../../plugins/planned.js'
import { loadConfig } from '../../src/config/index.js'
import { printConfig } from '../../src/config/print.js'
import { compareConfigs } from '../../src/gateway/diff/compare.js'
import type { Difference } from '../../src/gateway/diff/difference.js'
import { LIMITS, type Limits } from '../../src/gateway/diff/limits.js'
import { definePlugin } from '../../src/plugin/contract.js'
import { PluginRegistry } from '../../src/plugin/registry.js'

const standIns = ['one', 'two', 'three'].map((name) =>
  definePlugin({ name, version: '1.0.0', priority: 1, schema: { type: 'object' } }),
)
const plugins = new PluginRegistry([...bundledPlugins, ...standIns], plannedPlugins)
const context = { plugins, now: () => 1700000000000 }

/** @param old, now JSON, YAML, or what stands below `_format_version` */
export function diffOf(old: string, now: string, limits: Limits = LIMITS): Difference {
  const load = (text: string, name: string) => {
    const file = text.startsWith('{') ? `${name}.json` : `${name}.yml`
    return { file, config: loadConfig({ text: whole(text), file }, context) }
  }
  return compareConfigs(load(old, 'old'), load(now, 'new'), plugins, limits)
}

/** In canonical form, as JSON. */
export function canonical(text: string): string {
  const file = text.startsWith('{') ? 'a.json' : 'a.yml'
  return printConfig({ text: whole(text), file }, context, 'json')
}

function whole(text: string): string {
  return text.includes('_format_version') ? text : `_format_version: "3.0"\n${text}`
}

/** `level rule: message` of each consequence. */
export function findingsBetween(old: string, now: string): string[] {
  return diffOf(old, now).findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`)
}

/** `kind title; field old -> new; ...` of each entity; of secrets the field alone. */
export function entitiesBetween(old: string, now: string): string[] {
  return diffOf(old, now).changes.map(({ kind, title, fields }) =>
    [
      `${kind} ${title}`,
      ...fields.map((change) =>
        change.isSecret
          ? change.field
          : `${change.field} ${JSON.stringify(change.old)} -> ${JSON.stringify(change.new)}`,
      ),
    ].join('; '),
  )
}
