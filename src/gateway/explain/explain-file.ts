// Reads and checks the file that a gateway would run, and explains a request by it.
import { findConfig, type ConfigSource } from '../config-source.js'
import type { ProblemReport } from '../../config/report/index.js'
import type { PluginRegistry } from '../../plugin/registry.js'
import { loadRegistry } from '../load.js'
import { atFile, checkSource, readChecked, refusalOf, type Checked } from '../read-checked.js'
import type { Settings } from '../settings.js'
import { explain } from './explain.js'
import type { Explanation } from './explanation.js'
import { readRequest, type RequestWords } from './request.js'

export interface ExplainWords extends RequestWords {
  /** The declarative file, or `-`; left out, the settings say what to read. */
  readonly file?: string | undefined
  readonly consumer?: string | undefined
}

export type Explained =
  | { readonly explanation: Explanation }
  /** A file that cannot be read or is wrong, with all its faults. */
  | { readonly refusal: ProblemReport }

/**
 * @param input what `-` reads
 * @throws ConfigError for plugins that are wrong, Error for what is no request
 */
export async function explainFile(
  words: ExplainWords,
  settings: Settings,
  input: AsyncIterable<unknown>,
): Promise<Explained> {
  const request = readRequest(words, settings)
  const plugins = await loadRegistry(settings)
  const checked = await readWanted(words.file, settings, input, plugins)
  if (!('config' in checked)) return { refusal: checked }
  const { consumer } = words
  return { explanation: explain(request, { ...checked, plugins, settings, consumer }) }
}

/**
 * The file that is named, else what the settings say.
 * @param input what `-` reads
 */
export async function readWanted(
  file: string | undefined,
  settings: Settings,
  input: AsyncIterable<unknown>,
  plugins: PluginRegistry,
): Promise<Checked | ProblemReport> {
  const { source, looked } = findConfig(file, settings)
  const checked = await checkConfigSource(source, settings, input, plugins)
  if (checked !== null) return checked
  const hint = `name one with -c, or set KONG_DECLARATIVE_CONFIG; looked at ${looked.join(', ')}`
  return refusalOf({ ...atFile('', 'no declarative file'), hint })
}

/** Null where there is nothing to read. */
async function checkConfigSource(
  source: ConfigSource,
  settings: Settings,
  input: AsyncIterable<unknown>,
  plugins: PluginRegistry,
): Promise<Checked | ProblemReport | null> {
  switch (source.kind) {
    case 'file':
      return readChecked(source.path, settings, input, plugins)
    case 'text': {
      const { text, name: file } = source
      return checkSource(
        { file, format: 'auto', read: () => Promise.resolve(text) },
        settings,
        plugins,
      )
    }
    case 'empty':
      return null
  }
}
