// Reads the token and the file that a gateway would run, and says what that gateway makes of the token.
import type { ProblemReport } from '../../config/report/index.js'
import { readWanted } from '../explain/explain-file.js'
import { loadRegistry } from '../load.js'
import { readStream } from '../read-text.js'
import type { Settings } from '../settings.js'
import { debugToken } from './debug.js'
import type { TokenReport } from './report.js'

export interface DebugWords {
  /** The token, or `-`. */
  readonly token: string
  /** The declarative file, or `-`; left out, the settings say what to read. */
  readonly file?: string | undefined
  readonly route?: string | undefined
}

export type Debugged =
  | { readonly report: TokenReport }
  /** A file that cannot be read or is wrong, with all its faults. */
  | { readonly refusal: ProblemReport }

const STDIN = '-'

/**
 * @param input what `-` reads
 * @throws ConfigError for plugins that are wrong, Error for words that make no sense
 */
export async function debugFile(
  { token, file, route }: DebugWords,
  settings: Settings,
  input: AsyncIterable<unknown>,
): Promise<Debugged> {
  if (token === STDIN && file === STDIN) {
    throw new Error('standard input is the token or the file, not both')
  }
  const text = token === STDIN ? await readStream(input, '<stdin>') : token
  if (text.trim() === '') throw new Error('the token is empty')
  const plugins = await loadRegistry(settings)
  const checked = await readWanted(file, settings, input, plugins)
  if (!('config' in checked)) return { refusal: checked }
  return { report: debugToken(text, { ...checked, plugins, route, nowMs: Date.now() }) }
}
