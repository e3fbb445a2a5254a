// The formats that a difference is told in. Deciding which, and where it goes, is left to the command.
import { toJson } from '../../config/report/format.js'
import { exitCodeOf } from './exit-code.js'
import { LEVELS, type Difference } from './difference.js'
import { markdown } from './markdown.js'
import { pretty } from './pretty.js'

export interface DiffFormatOptions {
  readonly hasColor: boolean
}

/** Writes a report, without a line break at the end. */
type DiffFormat = (difference: Difference, options: DiffFormatOptions) => string

/** For programs: the difference as it is, with its counts. */
const json: DiffFormat = (difference) => {
  const { old, new: now, verdict, findings, changes, notes } = difference
  const counts = Object.fromEntries(
    LEVELS.map((level) => [level, findings.filter((finding) => finding.level === level).length]),
  )
  const exitCode = exitCodeOf(verdict)
  return toJson({ old, new: now, verdict, exitCode, counts, findings, changes, notes })
}

export const DIFF_FORMATS = { pretty, json, markdown } as const satisfies Readonly<
  Record<string, DiffFormat>
>

export type DiffFormatName = keyof typeof DIFF_FORMATS
