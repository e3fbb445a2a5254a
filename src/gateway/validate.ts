// Checks declarative files as `start` would read them, without opening a port.
import { ConfigError, type Problem } from '../errors/config-error.js'
import { checkConfig, loadRegistry } from './load.js'
import { readSource } from './read-text.js'
import { readSettings } from './settings.js'

export interface Verdict {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
  /** By file name, for excerpts. */
  readonly texts: ReadonlyMap<string, string>
  /** A file could not be read. */
  readonly isUnreadable: boolean
}

/** @throws ConfigError for settings or plugins that are wrong, which are no file's fault */
export async function validateFiles(
  files: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Verdict> {
  const plugins = await loadRegistry(readSettings(environment))
  const errors: Problem[] = []
  const warnings: Problem[] = []
  const texts = new Map<string, string>()
  let isUnreadable = false
  for (const file of files) {
    try {
      const source = await readSource(file)
      texts.set(source.file, source.text)
      warnings.push(...checkConfig(source, plugins).warnings)
    } catch (error) {
      if (error instanceof ConfigError) {
        errors.push(...error.problems)
        warnings.push(...error.warnings)
      } else {
        isUnreadable = true
        const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`
        errors.push({ file, path: '', line: 0, column: 0, message })
      }
    }
  }
  return { errors, warnings, texts, isUnreadable }
}
