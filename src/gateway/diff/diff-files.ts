// Reads and checks two declarative files, and compares them when both are right.
import { ConfigError, type Problem } from '../../errors/config-error.js'
import type { LoadedConfig } from '../../config/index.js'
import type { ProblemReport } from '../../config/report/index.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { checkConfig, loadRegistry } from '../load.js'
import type { Settings } from '../settings.js'
import { findSources } from '../sources.js'
import { compareConfigs } from './compare.js'
import type { Difference } from './difference.js'

export type Comparison =
  | { readonly difference: Difference }
  /** A file that cannot be read or is wrong, with all its faults. */
  | { readonly refusal: ProblemReport }

/**
 * @param names the old file and the new one; one of them may be `-`
 * @param input what `-` reads
 * @throws ConfigError for plugins that are wrong, which is no file's fault
 */
export async function diffFiles(
  names: readonly [old: string, now: string],
  settings: Settings,
  input: AsyncIterable<unknown>,
): Promise<Comparison> {
  const plugins = await loadRegistry(settings)
  const [oldName, newName] = names
  const old = await readChecked(oldName, settings, input, plugins)
  // Standard input can be read once.
  const isTwice = oldName === '-' && newName === '-'
  const now = isTwice
    ? refusalOf(atFile('<stdin>', 'both files cannot come from standard input'))
    : await readChecked(newName, settings, input, plugins)
  if ('config' in old && 'config' in now) return { difference: compareConfigs(old, now, plugins) }
  return { refusal: joined([old, now].flatMap((one) => ('config' in one ? [] : [one]))) }
}

interface Checked {
  readonly file: string
  readonly config: LoadedConfig
}

async function readChecked(
  name: string,
  settings: Settings,
  input: AsyncIterable<unknown>,
  plugins: PluginRegistry,
): Promise<Checked | ProblemReport> {
  const { sources, misses } = await findSources([name], input)
  const [miss] = misses
  if (miss !== undefined) return refusalOf({ ...atFile(miss.file, miss.message), ...miss })
  const [source] = sources
  if (source === undefined || sources.length > 1) {
    return refusalOf(atFile(name, `stands for ${sources.length} files; one is compared with one`))
  }
  const { file, format } = source
  let text = ''
  try {
    text = await source.read()
    return { file, config: checkConfig(text, file, plugins, settings, format) }
  } catch (error) {
    if (error instanceof ConfigError) {
      const { problems: errors, warnings } = error
      return { files: [file], errors, warnings, texts: new Map([[file, text]]) }
    }
    const reason = error instanceof Error ? error.message : String(error)
    return refusalOf(atFile(file, `cannot be read: ${reason}`))
  }
}

function refusalOf(problem: Problem): ProblemReport {
  return { files: [problem.file], errors: [problem], warnings: [], texts: new Map() }
}

function joined(reports: readonly ProblemReport[]): ProblemReport {
  return {
    files: reports.flatMap(({ files }) => files),
    errors: reports.flatMap(({ errors }) => errors),
    warnings: reports.flatMap(({ warnings }) => warnings),
    texts: new Map(reports.flatMap(({ texts }) => [...texts])),
  }
}

function atFile(file: string, message: string): Problem {
  return { file, path: '', line: 0, column: 0, message }
}
