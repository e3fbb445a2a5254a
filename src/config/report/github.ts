// Workflow commands of GitHub Actions, which become annotations at the lines of a change.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import { visible } from '../../util/terminal-text.js'
import {
  adviceOf,
  findingsOf,
  pathFrom,
  placeOf,
  ruleOf,
  type Finding,
  type FormatOptions,
  type ProblemReport,
} from './format.js'

/** One line per problem: `::error file=…,line=…,col=…,title=…::message`. */
export function github(report: ProblemReport, { root }: FormatOptions): string {
  return findingsOf(report)
    .map((finding) => command(finding, root))
    .join('\n')
}

function command(finding: Finding, root: string): string {
  const { file, line, column } = finding.problem
  const place = line > 0 ? { line: String(line), col: String(column) } : {}
  const properties = { file: pathFrom(root, file), ...place, title: ruleOf(finding) }
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`)
  // The log shows the message alone, without the place that the properties name.
  const message = `${placeOf(finding.problem)}: ${adviceOf(finding.problem)}`
  return `::${finding.severity} ${list.join(',')}::${data(message)}`
}

function data(text: string): string {
  return visible(text, '\t\r\n')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
