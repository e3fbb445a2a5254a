// `make test`: everything that must hold before a change is good. Runs from source, because whether the sources compile
// is one of the questions. The last line counts everything: `N passed, N failed`.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { ENGINES, type EngineName } from './conformance/cases.js'
import { runToEnd } from './support/child.js'
import { projectRoot } from './support/root.js'
import { findTests, runSuite, type Count } from './support/suite.js'

const bin = (name: string): string => join(projectRoot, 'node_modules/.bin', name)
const cores = availableParallelism()
const total = { passed: 0, failed: 0 }
/** Folders whose tests start a real gateway. */
const endToEnd = [join('test', 'e2e'), join('test', 'smuggling')]

process.chdir(projectRoot)
process.exitCode = await main(process.argv.slice(2))

/** @param wanted names of the steps to run; none for all */
async function main(wanted: readonly string[]): Promise<number> {
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name)
  const checks: Promise<Count>[] = []
  if (isWanted('check')) {
    checks.push(tool('format', bin('prettier'), ['--check', '.']))
    checks.push(tool('lint', bin('eslint'), ['.']))
  }
  const compiled = await tool('compile', bin('tsc'), ['-p', 'tsconfig.json'])
  add(compiled)
  // Without a build, the tests would tell about an older state.
  const isBuilt = compiled.failed === 0
  if (isBuilt) {
    await publish()
    // Linting takes one core for long: these tests have no times to keep, and take the others meanwhile.
    if (isWanted('unit')) await step('unit', unitTests)
  }
  for (const count of await Promise.all(checks)) add(count)
  if (isBuilt) {
    if (isWanted('e2e')) await step('e2e', endToEndTests)
    if (isWanted('conformance')) {
      for (const engine of ENGINES) {
        await step(`conformance on ${engine}`, () => conformance(engine))
      }
    }
  }
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

/** The rest of a build; first asks whether the published schema is fresh, as writing it would hide that. */
async function publish(): Promise<void> {
  add(await tool('schemas are fresh', process.execPath, ['dist/schemas/publish.js', '--check']))
  add(await tool('publish', process.execPath, ['dist/schemas/publish.js']))
  add(await tool('bundle', process.execPath, ['dist/deploy/bundle.js']))
}

function unitTests(): Promise<Count> {
  const folders = ['src', 'plugins', 'schemas', 'examples', 'test']
  const isUnit = (file: string): boolean => !endToEnd.some((folder) => file.startsWith(folder))
  const files = findTests(folders).filter(isUnit)
  return runSuite(files, { concurrency: cores, fileTimeoutMs: 120_000 })
}

/** These wait for time-outs and processes a good deal of their time: one file more than there are cores fills it. */
function endToEndTests(): Promise<Count> {
  return runSuite(findTests(endToEnd), { concurrency: cores + 1, fileTimeoutMs: 180_000 })
}

async function conformance(engine: EngineName): Promise<Count> {
  const args = ['dist/test/conformance/run.js', '--engine', engine]
  const { output } = await runToEnd(process.execPath, args)
  console.log(output.trimEnd())
  const last = /^conformance on \w+: (\d+) passed, (\d+) failed$/m
  const [, passed, failed] = last.exec(output) ?? []
  return { passed: Number(passed ?? 0), failed: Number(failed ?? 1) }
}

/** A tool counts as one test: it says yes or no. */
function tool(name: string, command: string, args: readonly string[]): Promise<Count> {
  return timed(name, async () => {
    const { code, output } = await runToEnd(command, args)
    if (code === 0) return { passed: 1, failed: 0 }
    console.log(`FAIL ${name}\n${output.trimEnd()}`)
    return { passed: 0, failed: 1 }
  })
}

async function step(name: string, work: () => Promise<Count>): Promise<void> {
  add(await timed(name, work))
}

async function timed(name: string, work: () => Promise<Count>): Promise<Count> {
  const start = performance.now()
  const count = await work()
  const seconds = ((performance.now() - start) / 1_000).toFixed(1)
  console.log(`--- ${name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`)
  return count
}

function add({ passed, failed }: Count): void {
  total.passed += passed
  total.failed += failed
}
