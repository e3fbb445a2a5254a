// gw validate: says what is wrong with declarative files, where, and what to do about it.
import { REPORT_FORMATS, type FormatOptions, type ReportFormat } from '../config/report/index.js'
import { loadSettings } from '../gateway/load-settings.js'
import { findFiles, validateFiles, type Verdict } from '../gateway/validate.js'
import { visible } from '../util/terminal-text.js'
import { hasColor, print, printError } from './output.js'

export interface ValidateFlags {
  readonly format: ReportFormat
  /** Errors alone: no warnings, no word about what is right. */
  readonly quiet?: boolean
  /** Warnings count as faults. */
  readonly strict?: boolean
  readonly expandEnv?: boolean
  /** Mend the files first; with `dryRun`, only show how. */
  readonly fix?: boolean
  readonly dryRun?: boolean
}

/** Returns the exit code: 0 right, 1 faults, 2 something is in the way of a verdict: a file, the settings, a plugin. */
export async function validate(names: readonly string[], flags: ValidateFlags): Promise<number> {
  if (flags.dryRun === true && flags.fix !== true) throw new Error('--dry-run goes with --fix')
  try {
    const { expandEnv, ...rest } = loadSettings(process.env)
    const settings = { ...rest, expandEnv: flags.expandEnv ?? expandEnv }
    const found = await findFiles(names, settings, process.stdin)
    // Loaded only here: what it needs takes time that checking alone should not cost.
    const mended = flags.fix === true ? await (await import('./fix.js')).mend(found, flags) : null
    const verdict = await validateFiles(mended?.found ?? found, settings)
    await show(flags.quiet === true ? { ...verdict, warnings: [] } : verdict, flags)
    if (verdict.isUnreadable) return 2
    const isGood = isRight(verdict, flags) && mended?.isRefused !== true
    return isGood ? 0 : 1
  } catch (error) {
    await printError(error)
    return 2
  }
}

function isRight({ errors, warnings }: Verdict, { strict }: ValidateFlags): boolean {
  return errors.length === 0 && (strict !== true || warnings.length === 0)
}

/** For programs everything goes to standard output; for people, what is wrong goes to standard error. */
async function show(verdict: Verdict, flags: ValidateFlags): Promise<void> {
  const { format, quiet } = flags
  const options: FormatOptions = {
    hasColor: hasColor(process.stderr, process.env),
    // Where the repository lies in GitHub's workflows, whatever folder a step works in.
    root: process.env.GITHUB_WORKSPACE ?? process.cwd(),
  }
  const text = REPORT_FORMATS[format](verdict, options)
  if (format !== 'pretty') return print(process.stdout, text)
  await print(process.stderr, text)
  if (!isRight(verdict, flags) || quiet === true) return
  const [first = ''] = verdict.files
  const what = verdict.files.length === 1 ? visible(first) : `${verdict.files.length} files`
  await print(process.stdout, `${what}: valid`)
}
