// gw diff: says what changes in meaning from one declarative file to another.
import { REPORT_FORMATS, type ProblemReport } from '../config/report/index.js'
import { diffFiles } from '../gateway/diff/diff-files.js'
import { exitCodeOf, NO_COMPARISON } from '../gateway/diff/exit-code.js'
import { DIFF_FORMATS, type DiffFormatName } from '../gateway/diff/formats.js'
import { markdownRefusal } from '../gateway/diff/markdown.js'
import { readSettings } from '../gateway/settings.js'
import { hasColor, print, printError } from './output.js'

export interface DiffFlags {
  readonly format: DiffFormatName
  readonly expandEnv?: boolean
}

/** Returns the exit code: 2 when there is nothing to compare, otherwise by what has changed. */
export async function diff(old: string, now: string, flags: DiffFlags): Promise<number> {
  const { format } = flags
  try {
    const { expandEnv, ...rest } = readSettings(process.env)
    const settings = { ...rest, expandEnv: flags.expandEnv ?? expandEnv }
    const comparison = await diffFiles([old, now], settings, process.stdin)
    if ('refusal' in comparison) {
      await refuse(comparison.refusal, format)
      return NO_COMPARISON
    }
    const { difference } = comparison
    const options = { hasColor: hasColor(process.stdout, process.env) }
    await print(process.stdout, DIFF_FORMATS[format](difference, options))
    return exitCodeOf(difference.verdict)
  } catch (error) {
    await printError(error)
    return NO_COMPARISON
  }
}

/** As `gw validate` says it; for people, what is wrong goes to standard error. */
async function refuse(report: ProblemReport, format: DiffFormatName): Promise<void> {
  if (format === 'markdown') return print(process.stdout, markdownRefusal(report))
  const options = { hasColor: hasColor(process.stderr, process.env), root: process.cwd() }
  const stream = format === 'json' ? process.stdout : process.stderr
  await print(stream, REPORT_FORMATS[format](report, options))
}
