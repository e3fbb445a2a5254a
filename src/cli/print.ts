// gw print: writes a declarative file in canonical form, as `kong config db_export` does.
import type { PrintFormat } from '../config/print.js'
import { printFile } from '../gateway/print.js'
import { loadSettings } from '../gateway/load-settings.js'
import { print } from './output.js'

export interface PrintFlags {
  readonly format: PrintFormat
  readonly expandEnv?: boolean
}

/** @throws ConfigError */
export async function printCommand(file: string, { format, ...flags }: PrintFlags): Promise<void> {
  const settings = { ...loadSettings(process.env), ...flags }
  await print(process.stdout, (await printFile(file, format, settings)).trimEnd())
}
