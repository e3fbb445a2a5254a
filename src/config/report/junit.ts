// JUnit's XML, which GitLab and Jenkins show beside a build: a suite per file, in it a case per problem. An error is a
// case that failed; a warning is one that passed, with words; a file without any of both is one case that passed.
import { describeProblem } from '../../errors/config-error.js'
import { visible } from '../../util/terminal-text.js'
import { findingsOf, placeOf, ruleOf, type Finding, type ProblemReport } from './format.js'

export function junit(report: ProblemReport): string {
  const byFile = new Map<string, Finding[]>(report.files.map((file) => [file, []]))
  for (const finding of findingsOf(report)) {
    const { file } = finding.problem
    const found = byFile.get(file)
    if (found === undefined) byFile.set(file, [finding])
    else found.push(finding)
  }
  const suites = [...byFile]
  const all = suites.flatMap(([, findings]) => findings)
  const passed = suites.filter(([, findings]) => findings.length === 0).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'gw validate', ...totals(all.length + passed, all) })}>`,
    ...suites.map(([file, findings]) => suite(file, findings)),
    '</testsuites>',
  ].join('\n')
}

function totals(tests: number, findings: readonly Finding[]): Record<string, number> {
  const failures = findings.filter(({ severity }) => severity === 'error').length
  return { tests, failures, errors: 0, skipped: 0 }
}

function suite(file: string, findings: readonly Finding[]): string {
  // Jenkins takes what stands before the last dot for a package.
  const where = { classname: `gw.${file.replaceAll('.', '_')}`, file }
  const cases = findings.map((finding) => testcase(finding, where))
  if (cases.length === 0) cases.push(`    <testcase${attributes({ name: 'valid', ...where })}/>`)
  const total = totals(cases.length, findings)
  return [`  <testsuite${attributes({ name: file, ...total })}>`, ...cases, '  </testsuite>'].join(
    '\n',
  )
}

function testcase(finding: Finding, where: Readonly<Record<string, string>>): string {
  const { problem, severity } = finding
  const fault = describeProblem(problem)
  const way = problem.hint === undefined ? '' : `\nhint: ${problem.hint}`
  const words = escape(`${placeOf(problem)}: ${severity}: ${fault}${way}`)
  const line = problem.line > 0 ? { line: problem.line } : {}
  const name = severity === 'error' ? fault : `warning: ${fault}`
  const content =
    severity === 'error'
      ? `<failure${attributes({ message: fault, type: ruleOf(finding) })}>${words}</failure>`
      : `<system-out>${words}</system-out>`
  return `    <testcase${attributes({ name, ...where, ...line })}>\n      ${content}\n    </testcase>`
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** XML has no way to write most control characters, not even as references. */
function escape(text: string): string {
  return visible(text, '\n').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
