// From the names that are enabled to plugins: bundled ones are handed in, others are modules in the plugin path.
// Whatever is wrong with a user's module becomes a ConfigError that names plugin, file and way out.
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError, type Problem } from '../errors/config-error.js'
import type { AnyPlugin, PluginSpec } from './contract.js'
import { PluginRegistry } from './registry.js'

export interface LoadOptions {
  /** KONG_PLUGINS, split at its commas: `bundled` for all of those, names, or `off`. */
  readonly enabled: readonly string[]
  /** GW_PLUGIN_PATH: folders with the user's plugins, separated by `:`. */
  readonly path: string | undefined
  readonly bundled: readonly AnyPlugin[]
  /** Bundled ones that this version can check but not run; a user's module of that name runs in their place. */
  readonly planned?: readonly PluginSpec[]
  /** The formats that a user's schema may name; left out: none. */
  readonly formats?: readonly string[]
  /** Somebody has loaded the same before: what is missing or wrong has been reported, and is passed over. */
  readonly isKnownGood?: boolean
}

/** Throws ConfigError with every fault of every plugin. */
export async function loadPlugins(options: LoadOptions): Promise<PluginRegistry> {
  const bundled = new Map(options.bundled.map((plugin) => [plugin.name, plugin]))
  const folders = (options.path ?? '').split(path.delimiter).filter((folder) => folder !== '')
  const { formats = [], isKnownGood = false } = options
  const source: Source = { folders, formats, isKnownGood }
  const planned = new Map((options.planned ?? []).map((spec) => [spec.name, spec]))
  const plugins: AnyPlugin[] = []
  const known: PluginSpec[] = []
  const problems: Problem[] = []
  const all = [...bundled.keys(), ...planned.keys()]
  const enabled = namesOf(options.enabled, all)
  for (const name of enabled) {
    const spec = planned.get(name)
    // A user who names it and has the module brings what this version lacks.
    if (
      spec !== undefined &&
      !(options.enabled.includes(name) && (await findModule(name, folders)))
    ) {
      known.push(spec)
      continue
    }
    const plugin = bundled.get(name) ?? (await loadUserPlugin(name, source))
    if (plugin === null) continue
    if ('message' in plugin) problems.push(plugin)
    else plugins.push(plugin)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  const own = plugins.filter(({ name }) => !bundled.has(name)).map(({ name }) => name)
  const disabled = all.filter((name) => !enabled.has(name))
  return new PluginRegistry(plugins, known, { own, disabled })
}

function namesOf(enabled: readonly string[], bundled: Iterable<string>): Set<string> {
  const names = new Set<string>()
  for (const entry of enabled) {
    const name = entry.trim()
    if (name === 'bundled') for (const one of bundled) names.add(one)
    else if (name !== '' && name !== 'off') names.add(name)
  }
  return names
}

/** What a plugin may be called: it becomes a file name, and must not lead out of the plugin path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/

/** Where a user's plugins are, and what they may build on. */
interface Source {
  readonly folders: readonly string[]
  readonly formats: readonly string[]
  readonly isKnownGood: boolean
}

/** Null for one that is passed over. */
async function loadUserPlugin(name: string, source: Source): Promise<AnyPlugin | Problem | null> {
  const { folders, isKnownGood } = source
  if (!NAME.test(name)) {
    return problem('', `'${name}' cannot be the name of a plugin`, 'use letters, digits, - and _')
  }
  const file = await findModule(name, folders)
  // A bundled one that is not built yet.
  if (file === null && isKnownGood) return null
  if (file === null) {
    const place =
      folders.length === 0 ? 'GW_PLUGIN_PATH is not set' : `not in ${folders.join(', ')}`
    return problem(
      '',
      `plugin '${name}' is enabled but not installed: it is not bundled, and ${place}`,
      `put ${name}.ts into a folder of GW_PLUGIN_PATH, or take '${name}' out of KONG_PLUGINS`,
    )
  }
  return importPlugin(name, file, source)
}

const CANDIDATES = ['.ts', '.js', '.mjs', '/index.ts', '/index.js']

async function findModule(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    for (const ending of CANDIDATES) {
      const file = path.resolve(folder, name + ending)
      if (await isFile(file)) return file
    }
  }
  return null
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile()
  } catch {
    // Not there, or not to be read: either way the next candidate is tried, and the last miss is reported.
    return false
  }
}

async function importPlugin(
  name: string,
  file: string,
  { formats, isKnownGood }: Source,
): Promise<AnyPlugin | Problem> {
  // The TypeScript loader takes some 200 ms to start, which those without plugins of their own need not wait for.
  const { importDefault, placeOf } = await import('./user-module.js')
  let exported: unknown
  try {
    exported = await importDefault(file)
  } catch (error) {
    const { message, line, column } = placeOf(error, file)
    return { ...problem(file, `plugin '${name}' cannot be loaded: ${message}`), line, column }
  }
  if (isKnownGood) return exported as AnyPlugin
  const { faultOf } = await import('./user-plugin-fault.js')
  const fault = faultOf(exported, name, formats)
  if (fault !== null) return problem(file, `plugin '${name}': ${fault.message}`, fault.hint)
  return exported as AnyPlugin
}

function problem(file: string, message: string, hint?: string): Problem {
  const base = { file, path: '', line: 0, column: 0, message }
  return hint === undefined ? base : { ...base, hint }
}
