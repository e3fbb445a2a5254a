// gw validate: says what is wrong with declarative files, where, and what to do about it.
import { formatProblemsAsJson, formatProblemsForPeople } from '../config/index.js'
import { readSettings } from '../gateway/settings.js'
import { validateFiles } from '../gateway/validate.js'

export type ReportFormat = 'pretty' | 'json'

export interface ValidateOptions {
  readonly format: ReportFormat
  readonly expandEnv?: boolean
}

/** Returns the exit code: 0 right, 1 faults, 2 a file cannot be read. */
export async function validate(
  files: readonly string[],
  { format, expandEnv }: ValidateOptions,
): Promise<number> {
  const settings = readSettings(process.env)
  const verdict = await validateFiles(files, {
    ...settings,
    expandEnv: expandEnv ?? settings.expandEnv,
  })
  const isValid = verdict.errors.length === 0
  if (format === 'json') process.stdout.write(`${formatProblemsAsJson(verdict)}\n`)
  else {
    const text = formatProblemsForPeople(verdict, verdict.texts)
    if (text !== '') process.stderr.write(`${text}\n`)
    if (isValid) process.stdout.write(`${files.join(', ')}: valid\n`)
  }
  return verdict.isUnreadable ? 2 : isValid ? 0 : 1
}
