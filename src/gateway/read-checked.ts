// Reads and checks one declarative file for a command that looks into it: what is wrong comes back as a report.
import type { LoadedConfig } from '../config/index.js'
import type { ProblemReport } from '../config/report/index.js'
import { ConfigError, type Problem } from '../errors/config-error.js'
import type { PluginRegistry } from '../plugin/registry.js'
import { checkConfig } from './load.js'
import type { Settings } from './settings.js'
import { findSources, type Source } from './sources.js'

export interface Checked {
  readonly file: string
  readonly config: LoadedConfig
}

/**
 * @param name of one file, or `-`
 * @param input what `-` reads
 */
export async function readChecked(
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
    return refusalOf(atFile(name, `stands for ${sources.length} files; name one of them`))
  }
  return checkSource(source, settings, plugins)
}

export async function checkSource(
  source: Source,
  settings: Settings,
  plugins: PluginRegistry,
): Promise<Checked | ProblemReport> {
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

export function refusalOf(problem: Problem): ProblemReport {
  return { files: [problem.file], errors: [problem], warnings: [], texts: new Map() }
}

export function atFile(file: string, message: string): Problem {
  return { file, path: '', line: 0, column: 0, message }
}
