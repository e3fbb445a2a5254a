// gw validate: says what is wrong with declarative files, where, and what to do about it.
import { formatProblemsAsJson, formatProblemsForPeople } from '../config/index.js'
import { readSettings } from '../gateway/settings.js'
import { validateFiles } from '../gateway/validate.js'

export type ReportFormat = 'pretty' | 'json'

export interface ValidateOptions {
  readonly format: ReportFormat
  readonly expandEnv?: boolean
  readonly fix?: boolean
  readonly dryRun?: boolean
}

/** Returns the exit code: 0 right, 1 faults, 2 a file cannot be read. */
export async function validate(
  files: readonly string[],
  { format, expandEnv, fix = false, dryRun = false }: ValidateOptions,
): Promise<number> {
  if (dryRun && !fix) throw new Error('--dry-run goes with --fix')
  const settings = readSettings(process.env)
  const mended = fix ? await mend(files, dryRun, format) : undefined
  const checked = { ...settings, expandEnv: expandEnv ?? settings.expandEnv }
  const verdict = await validateFiles(files, checked, mended?.texts)
  const isValid = verdict.errors.length === 0
  if (format === 'json') process.stdout.write(`${formatProblemsAsJson(verdict)}\n`)
  else {
    const text = formatProblemsForPeople(verdict, verdict.texts)
    if (text !== '') process.stderr.write(`${text}\n`)
    if (isValid) process.stdout.write(`${files.join(', ')}: valid\n`)
  }
  return verdict.isUnreadable ? 2 : isValid && mended?.isRefused !== true ? 0 : 1
}

async function mend(files: readonly string[], isDryRun: boolean, format: ReportFormat) {
  // Loaded only here: what it needs takes time that checking alone should not cost.
  const { mendFiles } = await import('./fix.js')
  return mendFiles(files, isDryRun, format)
}
