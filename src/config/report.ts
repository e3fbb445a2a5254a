// Problems for people and for tools. Deciding what to print where is left to the commands.
import { describeProblem, type Problem } from '../errors/config-error.js'
import { excerpt } from './excerpt.js'
import { LineIndex } from './places.js'

export interface ProblemReport {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** `{"valid": …, "errors": […], "warnings": […]}` on several lines, without a line break at the end. */
export function formatProblemsAsJson({ errors, warnings }: ProblemReport): string {
  return JSON.stringify({ valid: errors.length === 0, errors, warnings }, null, 2)
}

/**
 * For each problem its place and message, the line it points at with a caret below, and the way out.
 * @param texts by file name, for the excerpts
 */
export function formatProblemsForPeople(
  { errors, warnings }: ProblemReport,
  texts: ReadonlyMap<string, string>,
): string {
  const lines = new Map<string, LineIndex>()
  for (const [file, text] of texts) lines.set(file, new LineIndex(text.replace(/^\uFEFF/, '')))
  const blocks = [
    ...errors.map((problem) => formatOne('error', problem, lines)),
    ...warnings.map((problem) => formatOne('warning', problem, lines)),
  ]
  return blocks.join('\n')
}

function formatOne(
  kind: 'error' | 'warning',
  problem: Problem,
  sources: ReadonlyMap<string, LineIndex>,
): string {
  const { file, line, column, hint } = problem
  const place = line > 0 ? `${file}:${line}:${column}` : file
  const lines = [`${place}: ${kind}: ${describeProblem(problem)}`]
  const source = sources.get(file)
  if (source !== undefined && line > 0) lines.push(...excerpt(source, problem))
  if (hint !== undefined) lines.push(`  hint: ${hint}`)
  return lines.join('\n')
}
