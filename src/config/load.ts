// A declarative file -> a frozen snapshot and what each use of a plugin has made of its configuration.
import { ConfigError, WHOLE_FILE, type Problem } from '../errors/config-error.js'
import type { Snapshot } from '../model/snapshot.js'
import { advise } from './advice.js'
import { buildSnapshot } from './build.js'
import { readDocument, type Document, type Format } from './document.js'
import type { Draft } from './draft.js'
import { toProblems, type Fault } from './faults.js'
import { flatten } from './flatten.js'
import { addHints, duplicateKeys, unexpandedVariables } from './hints/index.js'
import { migrate } from './migrate.js'
import { checkPlugins, type CheckedPlugins } from './plugins.js'
import type { PluginLookup } from './plugin-lookup.js'
import { printDrafts, type PrintFormat } from './print.js'
import { resolve } from './resolve.js'
import { isRecord } from './settle.js'

export interface ConfigSource {
  readonly text: string
  /** The name for messages; its ending says what the text is, unless `format` does. */
  readonly file: string
  readonly format?: Format
}

export interface LoadContext {
  readonly plugins: PluginLookup
  /** Milliseconds since the epoch. */
  now(): number
}

export interface LoadedConfig {
  readonly snapshot: Snapshot
  /** By id of the plugin entry, for each enabled one: what `prepare` returned, or `config` without it. */
  readonly prepared: ReadonlyMap<string, unknown>
  /** What is legal but hardly meant, in file order. */
  readonly warnings: readonly Problem[]
}

/** @throws ConfigError with every fault of the file, in file order */
export function loadConfig(source: ConfigSource, context: LoadContext): LoadedConfig {
  const { document, drafts, checked, seconds } = check(source, context)
  const advice = [
    ...checked.warnings,
    ...advise(drafts),
    ...duplicateKeys(document),
    ...unexpandedVariables(document),
  ]
  return {
    snapshot: buildSnapshot(drafts, source.text, seconds),
    prepared: checked.prepared,
    warnings: toProblems(advice, document, source.file),
  }
}

/**
 * The file in canonical form; see print.ts.
 * @throws ConfigError with every fault of the file, in file order
 */
export function printConfig(
  source: ConfigSource,
  context: LoadContext,
  format: PrintFormat,
): string {
  const { drafts, seconds } = check(source, context)
  return printDrafts(drafts, { format, plugins: context.plugins, seconds })
}

interface Checked {
  readonly document: Document
  readonly drafts: readonly Draft[]
  readonly checked: CheckedPlugins
  /** The time of loading, Unix seconds. */
  readonly seconds: number
}

function check({ text, file, format }: ConfigSource, context: LoadContext): Checked {
  const document = readDocument(text, file, format)
  if (!isRecord(document.value)) throw notAnObject(document, file)
  migrate(document.value)
  const now = context.now()
  const { drafts, faults } = flatten(document.value, now)
  const references = resolve(drafts)
  const checked = checkPlugins(drafts, context.plugins)
  const all: Fault[] = [...faults, ...references, ...checked.faults]
  if (all.length > 0) throw refusal(all, document, file, context.plugins)
  return { document, drafts, checked, seconds: Math.floor(now / 1000) }
}

// Who has more has one mistake that shows everywhere; each costs a place and a hint.
const MAX_SHOWN = 1000

function refusal(
  faults: readonly Fault[],
  document: Document,
  file: string,
  plugins: PluginLookup,
): ConfigError {
  const shown = addHints(faults.slice(0, MAX_SHOWN), document, plugins)
  const problems = toProblems(shown, document, file)
  if (faults.length > MAX_SHOWN) {
    const message = `there are more faults than these ${MAX_SHOWN}`
    problems.push({ file, path: WHOLE_FILE, line: 0, column: 0, message })
  }
  return new ConfigError(problems, toProblems(duplicateKeys(document), document, file))
}

function notAnObject(document: Document, file: string): ConfigError {
  const message = 'failed parsing declarative configuration: expected an object'
  const hint =
    document.value === null
      ? 'the file holds nothing; begin it with _format_version: "3.0"'
      : 'a file is a map that begins with _format_version: "3.0"'
  const fault = { path: [WHOLE_FILE], place: [], message, hint }
  return new ConfigError(toProblems([fault], document, file))
}
