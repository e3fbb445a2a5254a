// gw validate: says what is wrong with declarative files, where, and what to do about it.
import { formatProblemsAsJson, formatProblemsForPeople } from '../config/index.js'
import { validateFiles } from '../gateway/validate.js'

export type ReportFormat = 'pretty' | 'json'

/** Returns the exit code: 0 right, 1 faults (when strict, warnings too), 2 a file cannot be read. */
export async function validate(
  files: readonly string[],
  { format, strict = false }: { readonly format: ReportFormat; readonly strict?: boolean },
): Promise<number> {
  const verdict = await validateFiles(files, process.env)
  const isValid = verdict.errors.length === 0
  if (format === 'json') process.stdout.write(`${formatProblemsAsJson(verdict)}\n`)
  else {
    const text = formatProblemsForPeople(verdict, verdict.texts)
    if (text !== '') process.stderr.write(`${text}\n`)
    if (isValid) process.stdout.write(`${files.join(', ')}: valid\n`)
  }
  const isGood = isValid && !(strict && verdict.warnings.length > 0)
  return verdict.isUnreadable ? 2 : isGood ? 0 : 1
}
