// A declarative file in canonical form, with the plugins that the settings name.
import { printConfig, type PrintFormat } from '../config/index.js'
import { loadRegistry, readConfigSource } from './load.js'
import { readSettings } from './settings.js'

/** @throws ConfigError for a file that is wrong or cannot be read, and for wrong settings */
export async function printFile(
  file: string,
  format: PrintFormat,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const plugins = await loadRegistry(readSettings(environment))
  return printConfig(await readConfigSource(file), { plugins, now: Date.now }, format)
}
