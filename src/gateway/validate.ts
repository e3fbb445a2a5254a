// Checks declarative files as `start` would read them, without opening a port.
import type { Format } from '../config/index.js'
import type { ProblemReport } from '../config/report/index.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import type { PluginRegistry } from '../plugin/registry.js'
import { warningsOf } from './lint/lint.js'
import { checkConfig, loadRegistry } from './load.js'
import { findSources, type FoundSources } from './sources.js'
import type { Settings } from './settings.js'

export interface Verdict extends ProblemReport {
  /** Something could not be read, or was not there. */
  readonly isUnreadable: boolean
}

/**
 * @param names files, folders, patterns and `-`; without any, the file that the settings name
 * @param input what `-` reads
 * @throws ConfigError when there is nothing to look for
 */
export function findFiles(
  names: readonly string[],
  settings: Settings,
  input: AsyncIterable<unknown>,
): Promise<FoundSources> {
  return findSources(namesOr(names, settings.declarativeConfig), input)
}

/** @throws ConfigError for plugins that are wrong, which is no file's fault */
export async function validateFiles(
  { sources, misses }: FoundSources,
  settings: Settings,
): Promise<Verdict> {
  const plugins = await loadRegistry(settings)
  const files = [...misses, ...sources].map((each) => each.file)
  const errors: Problem[] = misses.map((miss) => ({ ...atFile(miss.file, miss.message), ...miss }))
  const warnings: Problem[] = []
  const texts = new Map<string, string>()
  let isUnreadable = misses.length > 0
  for (const source of sources) {
    const { file, format } = source
    let text: string
    try {
      text = await source.read()
    } catch (error) {
      // Too large is a fault of the file, and no reason to say that it cannot be read.
      if (error instanceof ConfigError) errors.push(...error.problems)
      else {
        isUnreadable = true
        errors.push(atFile(file, `cannot be read: ${reasonOf(error)}`))
      }
      continue
    }
    const found = validateText(text, file, { plugins, settings, format })
    errors.push(...found.errors)
    warnings.push(...found.warnings)
    // The text of a good file is not kept: there may be many.
    if (found.errors.length + found.warnings.length > 0) texts.set(file, text)
  }
  return { files, errors, warnings, texts, isUnreadable }
}

interface TextOptions {
  readonly plugins: PluginRegistry
  readonly settings: Settings
  readonly format: Format | undefined
}

/** What is wrong with one text, and what is doubtful. */
function validateText(
  text: string,
  file: string,
  { plugins, settings, format }: TextOptions,
): Pick<ProblemReport, 'errors' | 'warnings'> {
  try {
    const config = checkConfig(text, file, plugins, settings, format)
    return { errors: [], warnings: warningsOf(config, plugins, settings) }
  } catch (error) {
    if (error instanceof ConfigError) return { errors: error.problems, warnings: error.warnings }
    // A fault of the gateway; the other files are checked all the same.
    const message = `the check itself failed: ${reasonOf(error)}`
    return { errors: [atFile(file, message)], warnings: [] }
  }
}

function namesOr(names: readonly string[], configured: string | undefined): readonly string[] {
  if (names.length > 0) return names
  if (configured !== undefined) return [configured]
  const message = 'no declarative file'
  const hint = 'give one, as in gw validate kong.yml, or - for standard input'
  throw new ConfigError([
    { ...atFile('', message), hint: `${hint}, or set KONG_DECLARATIVE_CONFIG` },
  ])
}

function atFile(file: string, message: string): Problem {
  return { file, path: '', line: 0, column: 0, message }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
