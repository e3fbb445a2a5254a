// gw print: writes a declarative file in canonical form, as `kong config db_export` does.
import type { PrintFormat } from '../config/index.js'
import { printFile } from '../gateway/print.js'

/** @throws ConfigError */
export async function print(file: string, format: PrintFormat): Promise<void> {
  process.stdout.write(await printFile(file, format, process.env))
}
