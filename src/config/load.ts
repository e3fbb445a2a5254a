// A declarative file -> a frozen snapshot and what each use of a plugin has made of its configuration.
import type { RouterFlavour } from '../../schemas/route.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import type { Snapshot } from '../model/snapshot.js'
import { advise } from './advice.js'
import { buildSnapshot } from './build.js'
import { readDocument, type Document, type Format } from './document.js'
import { expandVariables, type Environment } from './expand.js'
import { toProblems, type Fault } from './faults.js'
import type { Draft } from './draft.js'
import { flatten } from './flatten.js'
import { migrate } from './migrate.js'
import type { DocumentPath } from './places.js'
import { checkPlugins } from './plugins.js'
import type { PluginLookup } from './plugin-lookup.js'
import { resolve } from './resolve.js'
import { Secrets, type SecretSource } from './vault-secrets.js'
import { isRecord } from './settle.js'

export interface ConfigSource {
  readonly text: string
  /** The name for messages; its ending says what the text is, unless `format` does. */
  readonly file: string
  readonly format?: Format
  /** Given, variables in the text are put in from there; see expand.ts. */
  readonly variables?: Environment
}

export interface LoadContext {
  readonly plugins: PluginLookup
  /** Where references to secrets are looked up; left out, they are right by their form alone. */
  readonly secrets?: SecretSource
  /** Left out: traditional_compatible, as in Kong. */
  readonly routerFlavour?: RouterFlavour
  /** Milliseconds since the epoch. */
  now(): number
}

export interface LoadedConfig {
  readonly snapshot: Snapshot
  /**
   * By id of the plugin entry, for each enabled one that can run: what `prepare` returned, or `config` without it.
   * Without a source of secrets, those that refer to some are left out.
   */
  readonly prepared: ReadonlyMap<string, unknown>
  /** What is legal but hardly meant, in file order. */
  readonly warnings: readonly Problem[]
  /** What Kong would run and this version cannot, in file order. */
  readonly unsupported: readonly Problem[]
  /** For a closer look at what the file says: see lint/. */
  readonly origin: Origin
}

export interface Origin {
  /** Checked and resolved. */
  readonly drafts: readonly Draft[]
  /** Whether the file itself says something there: what a default has filled in does not stand anywhere. */
  isWritten(path: DocumentPath): boolean
  /** In file order. */
  problemsOf(faults: readonly Fault[]): Problem[]
}

/** @throws ConfigError with every fault of the file, in file order */
export function loadConfig(source: ConfigSource, context: LoadContext): LoadedConfig {
  const { text, file, variables } = source
  if (variables === undefined) return load(source, context)
  const expansion = expandVariables(text, file, variables)
  const restore = (problem: Problem) => expansion.restore(problem)
  try {
    const loaded = load({ ...source, text: expansion.text }, context)
    const { warnings, unsupported, origin } = loaded
    return {
      ...loaded,
      warnings: warnings.map(restore),
      unsupported: unsupported.map(restore),
      origin: { ...origin, problemsOf: (faults) => origin.problemsOf(faults).map(restore) },
    }
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(error.problems.map(restore)) : error
  }
}

function load({ text, file, format }: ConfigSource, context: LoadContext): LoadedConfig {
  const document = readDocument(text, file, format)
  if (!isRecord(document.value)) {
    const message = 'failed parsing declarative configuration: expected an object'
    throw new ConfigError(toProblems([{ path: [], message }], document, file))
  }
  migrate(document.value)
  const now = context.now()
  const { plugins } = context
  const flat = flatten(document.value, {
    now,
    isEnabled: (name) => plugins.spec(name) !== undefined,
    routerFlavour: context.routerFlavour ?? 'traditional_compatible',
  })
  const { drafts } = flat
  const references = resolve(drafts)
  const secrets = context.secrets === undefined ? null : new Secrets(context.secrets, drafts)
  const checked = checkPlugins(drafts, plugins, secrets)
  const all: Fault[] = [...flat.faults, ...references, ...checked.faults]
  if (all.length > 0) throw new ConfigError(toProblems(all, document, file))
  const advice = [...flat.warnings, ...checked.warnings, ...advise(drafts)]
  return {
    snapshot: buildSnapshot(drafts, text, {
      seconds: Math.floor(now / 1000),
      transforms: document.value._transform !== false,
    }),
    prepared: checked.prepared,
    warnings: toProblems(advice, document, file),
    unsupported: toProblems(
      [...expressions(drafts), ...checked.unsupported].map(asUnsupported),
      document,
      file,
    ),
    origin: {
      drafts,
      isWritten: (path) => isWritten(path, document),
      problemsOf: (faults) => toProblems(faults, document, file),
    },
  }
}

function asUnsupported(fault: Fault): Fault {
  return { ...fault, rule: 'unsupported' }
}

/** Read and held against the rules around them, but not yet understood. */
function expressions(drafts: readonly Draft[]): Fault[] {
  const message = 'routes by expression are not built yet: the expression itself was not checked'
  return drafts
    .filter(({ fields }) => typeof fields.expression === 'string')
    .map(({ path }) => ({ path: [...path, 'expression'], message }))
}

function isWritten(path: DocumentPath, document: Document): boolean {
  // What is not there has both at the nearest part around it.
  const [key, value] = [document.place(path, 'key'), document.place(path, 'value')]
  return key.line !== value.line || key.column !== value.column
}
