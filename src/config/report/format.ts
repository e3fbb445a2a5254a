// What every format is given, and the words they share.
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describeProblem, type Problem } from '../../errors/config-error.js'

export interface ProblemReport {
  /** Every file that was asked for, by the names that problems have. */
  readonly files: readonly string[]
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
  /** By file name, for excerpts; those without a problem may be missing. */
  readonly texts: ReadonlyMap<string, string>
}

export interface FormatOptions {
  /** Whether the reader is a terminal that shows colours. */
  readonly hasColor: boolean
  /** The folder that tools take names of files to be relative to: that of the repository. */
  readonly root: string
}

/** Writes a report, without a line break at the end; the empty text when there is nothing to say. */
export type Format = (report: ProblemReport, options: FormatOptions) => string

export type Severity = 'error' | 'warning'

export interface Finding {
  readonly severity: Severity
  readonly problem: Problem
}

/** Errors, then warnings. */
export function findingsOf({ errors, warnings }: ProblemReport): Finding[] {
  return [
    ...errors.map((problem): Finding => ({ severity: 'error', problem })),
    ...warnings.map((problem): Finding => ({ severity: 'warning', problem })),
  ]
}

/** A name for programs that sort by it; the same from version to version. */
export function ruleOf({ severity, problem }: Finding): string {
  return problem.rule ?? (severity === 'error' ? 'invalid-config' : 'doubtful-config')
}

/** `kong.yml:3:9` */
export function placeOf({ file, line, column }: Problem): string {
  return line > 0 ? `${file}:${line}:${column}` : file
}

/** What is wrong with the way out, for formats that have no place of their own for it. */
export function adviceOf(problem: Problem): string {
  const what = describeProblem(problem)
  return problem.hint === undefined ? what : `${what} (${problem.hint})`
}

/** A file as seen from `root`, with forward slashes; its absolute path when it lies elsewhere. */
export function pathFrom(root: string, file: string): string {
  const absolute = resolve(file)
  const path = relative(root, absolute)
  const isOutside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  return (isOutside ? absolute : path).split(sep).join('/')
}

/** The same as a URI reference. */
export function uriFrom(root: string, file: string): string {
  const path = pathFrom(root, file)
  if (isAbsolute(path)) return pathToFileURL(path).href
  return path.split('/').map(encodeURIComponent).join('/')
}

/** As JSON; what a terminal would obey or hide is written as an escape, which means the same. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]|\p{Cf}|\p{Zl}|\p{Zp}/gu, escapeUnits)
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}
