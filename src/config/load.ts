// A declarative file -> a frozen snapshot and what each use of a plugin has made of its configuration.
import type { RouterFlavour } from '../../schemas/route.js'
import { ConfigError, WHOLE_FILE, type Problem } from '../errors/config-error.js'
import type { ServedCertificate } from '../model/entities.js'
import { createSnapshot, type SnapshotContent } from '../model/create-snapshot.js'
import type { Snapshot } from '../model/snapshot.js'
import { advise } from './advice.js'
import { buildContent } from './build.js'
import { readDocument, type Document, type Format } from './document.js'
import { expandVariables, type Environment } from './expand.js'
import { formatPath, toProblems, type Fault } from './faults.js'
import type { Draft } from './draft.js'
import { unservedRoutes } from './entities/unserved-routes.js'
import { flatten } from './flatten.js'
import { addHints, duplicateKeys, unexpandedVariables } from './hints/index.js'
import { migrate } from './migrate.js'
import { checkPlugins, type CheckedPlugins } from './plugins.js'
import type { PluginLookup } from './plugin-lookup.js'
import { resolve } from './resolve.js'
import type { Moved } from './schema-check.js'
import { authoritiesOf, servedCertificates } from './served-certificates.js'
import { Secrets, type SecretSource } from './vault-secrets.js'
import { isRecord } from './settle.js'

export interface ConfigText {
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
  /** What the snapshot was made from, for those who make one elsewhere. */
  readonly content: SnapshotContent
  /**
   * By id of the plugin entry, for each enabled one that can run: what `prepare` returned, or `config` without it.
   * Without a source of secrets, those that refer to some are left out.
   */
  readonly prepared: ReadonlyMap<string, unknown>
  /** What `prepare` was given where that is not the entry's own `config`: references to secrets are filled in. */
  readonly filled: ReadonlyMap<string, object>
  /** For listeners with TLS, in file order. Without a source of secrets, those that refer to some are left out. */
  readonly certificates: readonly ServedCertificate[]
  /** The ca_certificates, PEM by id. */
  readonly authorities: ReadonlyMap<string, string>
  /** What is legal but hardly meant, in file order. */
  readonly warnings: readonly Problem[]
  /** What Kong would run and this version cannot, in file order. */
  readonly unsupported: readonly Problem[]
  /** What its routes were checked under. */
  readonly routerFlavour: RouterFlavour
  /** For a closer look at what the file says: see lint/. */
  readonly origin: Origin
}

export interface Origin {
  /** Checked and resolved. */
  readonly drafts: readonly Draft[]
  /** The time of loading, Unix seconds. */
  readonly seconds: number
  /** Whether values are as a user writes them; false for what an export holds. */
  readonly transforms: boolean
  /** In file order. */
  readonly problemsOf: (faults: readonly Fault[]) => Problem[]
}

/** @throws ConfigError with every fault of the file, in file order */
export function loadConfig(source: ConfigText, context: LoadContext): LoadedConfig {
  const checked = checkSource(source, context)
  const { document, drafts, advice, plugins, text, transforms, seconds, problemsOf } = checked
  const { routerFlavour = 'traditional_compatible' } = context
  const unserved = routerFlavour === 'traditional_compatible' ? [] : unservedRoutes(drafts)
  const content = buildContent(drafts, text, { seconds, transforms })
  const doubts = [
    ...advice,
    ...onceEach(plugins.warnings),
    ...advise(drafts),
    ...duplicateKeys(document),
    ...unexpandedVariables(document),
  ]
  return {
    snapshot: createSnapshot(content),
    content,
    prepared: plugins.prepared,
    filled: plugins.filled,
    certificates: checked.certificates,
    authorities: authoritiesOf(drafts),
    warnings: problemsOf(doubts),
    unsupported: problemsOf(
      onceEach([...unserved, ...plugins.unsupported]).map((fault) => ({
        ...fault,
        rule: 'unsupported',
      })),
    ),
    routerFlavour,
    origin: { drafts, seconds, transforms, problemsOf },
  }
}

/** A file without a fault, before it becomes a snapshot. */
export interface CheckedSource {
  /** With the variables put in. */
  readonly text: string
  readonly document: Document
  readonly drafts: readonly Draft[]
  readonly advice: readonly Fault[]
  readonly certificates: readonly ServedCertificate[]
  readonly plugins: CheckedPlugins
  /** The time of loading, Unix seconds. */
  readonly seconds: number
  /** Whether values are as a user writes them. */
  readonly transforms: boolean
  readonly problemsOf: (faults: readonly Fault[]) => Problem[]
}

/**
 * Checks the text with its variables put in; what is said of it is said of the text as it is written.
 * @throws ConfigError with every fault of the file, in file order
 */
export function checkSource(source: ConfigText, context: LoadContext): CheckedSource {
  const { text, file, variables } = source
  if (variables === undefined) return checkText(source, context)
  const expansion = expandVariables(text, file, variables)
  const restore = (problem: Problem) => expansion.restore(problem)
  try {
    const checked = checkText({ ...source, text: expansion.text }, context)
    return { ...checked, problemsOf: (faults) => checked.problemsOf(faults).map(restore) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(error.problems.map(restore), error.warnings.map(restore))
  }
}

function checkText({ text, file, format }: ConfigText, context: LoadContext): CheckedSource {
  const document = readDocument(text, file, format)
  if (!isRecord(document.value)) throw notAnObject(document, file)
  migrate(document.value)
  const now = context.now()
  const { plugins } = context
  const { drafts, faults, warnings } = flatten(document.value, {
    now,
    isEnabled: (name) => plugins.spec(name) !== undefined,
    routerFlavour: context.routerFlavour ?? 'traditional_compatible',
  })
  const references = resolve(drafts)
  const secrets = context.secrets === undefined ? null : new Secrets(context.secrets, drafts)
  const checked = checkPlugins(drafts, plugins, secrets)
  const all: Fault[] = [...faults, ...references, ...checked.faults]
  if (all.length > 0) throw refusal(all, document, file, plugins)
  const served = servedCertificates(drafts, secrets)
  if (served.faults.length > 0) throw refusal(served.faults, document, file, plugins)
  return {
    text,
    document,
    drafts,
    advice: [...warnings, ...served.warnings],
    certificates: served.certificates,
    plugins: checked,
    seconds: Math.floor(now / 1000),
    transforms: document.value._transform !== false,
    problemsOf: (found) => toProblems(asWritten(found, checked.moved), document, file),
  }
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

/** One for each thing that is said, at its first place: a file may use a plugin a thousand times. */
function onceEach(faults: readonly Fault[]): Fault[] {
  const byMessage = new Map<string, { readonly fault: Fault; others: number }>()
  for (const fault of faults) {
    const known = byMessage.get(fault.message)
    if (known === undefined) byMessage.set(fault.message, { fault, others: 0 })
    else known.others++
  }
  return Array.from(byMessage.values(), ({ fault, others }) =>
    others === 0 ? fault : { ...fault, message: `${fault.message} (and ${others} more like it)` },
  )
}

/** Points at what the file has under an old name. */
function asWritten(faults: readonly Fault[], moved: readonly Moved[]): readonly Fault[] {
  if (moved.length === 0) return faults
  const places = new Map(moved.map(({ from, to }) => [formatPath(to), from]))
  return faults.map((fault) => {
    const place = fault.place === undefined ? places.get(formatPath(fault.path)) : undefined
    return place === undefined ? fault : { ...fault, place }
  })
}
