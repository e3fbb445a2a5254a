// For people at a terminal: each problem with its place, the line it points at and the way out; then how many.
import { styleText } from 'node:util'
import { describeProblem, type Problem } from '../../errors/config-error.js'
import { visible } from '../../util/terminal-text.js'
import { Excerpts } from './excerpt.js'
import {
  findingsOf,
  placeOf,
  type Finding,
  type FormatOptions,
  type ProblemReport,
} from './format.js'

type Style = Parameters<typeof styleText>[0]
type Paint = (style: Style, text: string) => string

/** A key may be as long as a file; beyond this nobody reads on. */
const MAX_WORDS = 2000

const COLORS = { error: 'red', warning: 'yellow' } as const

export function pretty(report: ProblemReport, { hasColor }: FormatOptions): string {
  const findings = findingsOf(report)
  if (findings.length === 0) return ''
  // Whether the stream is a terminal has been decided; newer versions of Node would look again, at standard output.
  const paint: Paint = (style, text) =>
    hasColor ? styleText(style, text, { validateStream: false }) : text
  const excerpts = new Map<string, Excerpts>()
  return [
    ...findings.flatMap((finding) => [
      headline(finding, paint),
      ...excerpt(finding, report.texts, excerpts, paint),
      ...hint(finding.problem, paint),
    ]),
    summary(report, paint),
  ].join('\n')
}

function headline({ severity, problem }: Finding, paint: Paint): string {
  const place = paint('bold', words(placeOf(problem)))
  const kind = paint(['bold', COLORS[severity]], `${severity}:`)
  const rule = problem.rule === undefined ? '' : ` [${words(problem.rule)}]`
  return `${place}: ${kind} ${words(describeProblem(problem))}${rule}`
}

function excerpt(
  { severity, problem }: Finding,
  texts: ReadonlyMap<string, string>,
  known: Map<string, Excerpts>,
  paint: Paint,
): string[] {
  const { file, line } = problem
  const text = texts.get(file)
  if (text === undefined || line <= 0) return []
  const excerpts = known.get(file) ?? new Excerpts(text)
  known.set(file, excerpts)
  const found = excerpts.of(problem)
  if (found === undefined) return []
  const { gutter, source, caret } = found
  return [
    `${paint('dim', gutter)}${source}`.trimEnd(),
    `${' '.repeat(gutter.length)}${paint(COLORS[severity], caret)}`,
  ]
}

function hint({ hint: way }: Problem, paint: Paint): string[] {
  return way === undefined ? [] : [`  ${paint('cyan', 'hint:')} ${words(way)}`]
}

/** `2 errors, 1 warning in 1 of 3 files` */
function summary({ files, errors, warnings }: ProblemReport, paint: Paint): string {
  const counts = [
    ...(errors.length > 0 ? [count(errors.length, 'error')] : []),
    ...(warnings.length > 0 ? [count(warnings.length, 'warning')] : []),
  ]
  const concerned = new Set([...errors, ...warnings].map(({ file }) => file)).size
  const where =
    files.length > concerned
      ? `${concerned} of ${count(files.length, 'file')}`
      : count(concerned, 'file')
  const color = COLORS[errors.length > 0 ? 'error' : 'warning']
  return paint(['bold', color], `${counts.join(', ')} in ${where}`)
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** On one line, with nothing that a terminal would obey: names and messages hold what was found in the file. */
function words(text: string): string {
  return visible(text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text)
}
