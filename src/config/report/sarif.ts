// SARIF 2.1.0, the format of results of static analysis, as GitHub's code scanning takes it.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { VERSION } from '../../util/version.js'
import {
  adviceOf,
  findingsOf,
  ruleOf,
  toJson,
  uriFrom,
  type Finding,
  type FormatOptions,
  type ProblemReport,
} from './format.js'

/** What the rules without a name of their own are about. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'invalid-config': 'The gateway refuses a file with this fault',
  'doubtful-config': 'The gateway accepts this, but it is hardly meant',
}

export function sarif(report: ProblemReport, { root }: FormatOptions): string {
  const findings = findingsOf(report)
  const rules = new Map<string, Finding>()
  for (const finding of findings) {
    const id = ruleOf(finding)
    if (!rules.has(id)) rules.set(id, finding)
  }
  const order = new Map([...rules.keys()].map((id, index) => [id, index]))
  const driver = {
    name: 'gw',
    version: VERSION,
    rules: [...rules].map(([id, { severity }]) => describeRule(id, severity)),
  }
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'unicodeCodePoints',
        results: findings.map((finding) => result(finding, order, root)),
      },
    ],
  })
}

function describeRule(id: string, level: Finding['severity']): object {
  const text = DESCRIPTIONS[id] ?? id
  return {
    id,
    shortDescription: { text },
    fullDescription: { text },
    help: { text },
    defaultConfiguration: { level },
  }
}

function result(finding: Finding, order: ReadonlyMap<string, number>, root: string): object {
  const { severity, problem } = finding
  const { file, path, line, column } = problem
  const ruleId = ruleOf(finding)
  // Without a place the first line stands in: GitHub shows no result without one.
  const region =
    line > 0 ? { startLine: line, startColumn: column } : { startLine: 1, startColumn: 1 }
  const physicalLocation = { artifactLocation: { uri: uriFrom(root, file) }, region }
  const logicalLocations = path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }
  return {
    ruleId,
    ruleIndex: order.get(ruleId),
    level: severity,
    message: { text: adviceOf(problem) },
    locations: [{ physicalLocation, ...logicalLocations }],
  }
}
