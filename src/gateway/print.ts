// A declarative file in canonical form, with the plugins that the settings name.
import { printConfig, type PrintFormat } from '../config/print.js'
import { loadRegistry, readConfigText } from './load.js'
import type { Settings } from './settings.js'

/** @throws ConfigError for a file that is wrong or cannot be read */
export async function printFile(
  file: string,
  format: PrintFormat,
  settings: Settings,
): Promise<string> {
  const plugins = await loadRegistry(settings)
  const { expandEnv, routerFlavour } = settings
  const source = { file, text: await readConfigText(file) }
  return printConfig(
    expandEnv ? { ...source, variables: process.env } : source,
    { plugins, routerFlavour, now: Date.now },
    format,
  )
}
