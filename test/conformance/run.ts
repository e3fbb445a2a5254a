// Holds the gateway against what was recorded from Kong 3.9, several cases side by side.
//
//   node dist/test/conformance/run.js [--engine uws|http1] [--all] [--write] [--only PART] [--slots N] [--gw 'CMD ...']
//
// Without options it runs the cases of passing.txt on the uws engine, and each must pass; the http1 engine has
// passing-http1.txt. --all runs every case; --write does that too and adds to the engine's list what passes. The lists only
// grow: nothing here takes a name out of one.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { runBatch, type Candidate, type Outcome } from './batch.js'
import { casesOf, ENGINES, passingListFile, readPassing, type Case } from './cases.js'

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
    slots: { type: 'string' },
    gw: { type: 'string' },
    engine: { type: 'string', default: ENGINES[0] },
  },
})

const engine = ENGINES.find((name) => name === options.engine)
if (engine === undefined) throw new Error(`--engine must be one of ${ENGINES.join(', ')}`)
const candidate: Candidate = { engine, gateway: options.gw }
const listFile = passingListFile(engine)

// Most cases wait rather than compute, so more than one fits on a core.
const slots = Number(options.slots ?? availableParallelism() * 2)
/** With more failures than this it is not the machine's mood: they are not tried again. */
const MAX_RETRIES = 20

process.exitCode = await main()

async function main(): Promise<number> {
  const everything = casesOf(candidate.engine)
  const listed = new Set(readPassing(candidate.engine))
  const gone = [...listed].filter((name) => !everything.some((one) => one.name === name))
  for (const name of gone) console.log(`FAIL ${name}: listed as passing, but there is no such case`)
  const isAll = options.all || options.write
  const chosen = everything
    .filter((one) => isAll || listed.has(one.name))
    .filter((one) => options.only === undefined || one.name.includes(options.only))
  const outcomes = await runAll(chosen)
  await retryAlone(chosen, listed, outcomes)

  const names = chosen.map((one) => one.name)
  const passed = names.filter((name) => outcomes.get(name)?.passed)
  const broken = names.filter((name) => listed.has(name) && !outcomes.get(name)?.passed)
  const fresh = passed.filter((name) => !listed.has(name))
  printTable(everything, listed, outcomes)
  report('cases that differ from Kong and are not listed as passing', notIn(names, passed, broken))
  report('cases that pass and are not listed yet', fresh)
  if (options.write) write([...listed, ...fresh])
  // Who asks for a few cases wants to see the differences of those that are not listed, too.
  const shown = options.only === undefined ? broken : notIn(names, passed)
  for (const name of shown) console.log(`\nFAIL ${name}\n${outcomes.get(name)?.detail ?? ''}`)
  // A run that proves nothing is not a success.
  const failures = broken.length + gone.length + (chosen.length === 0 ? 1 : 0)
  if (chosen.length === 0) console.log(`no case was run: ${basename(listFile)} names none`)
  console.log(`conformance on ${candidate.engine}: ${passed.length} passed, ${failures} failed`)
  return failures === 0 ? 0 : 1
}

async function runAll(cases: readonly Case[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const queue = batches(cases)
  const worker = async (): Promise<void> => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      for (const [name, outcome] of await runBatch(batch, candidate)) outcomes.set(name, outcome)
    }
  }
  await Promise.all(Array.from({ length: slots }, worker))
  return outcomes
}

/** The longest first, in batches of a few seconds: few process starts, and no slot is left with a long tail. */
function batches(cases: readonly Case[]): Case[][] {
  const BATCH_MS = 6_000
  const all: Case[][] = []
  const open = new Map<Case['kind'], { batch: Case[]; costMs: number }>()
  for (const one of cases.toSorted((a, b) => b.costMs - a.costMs)) {
    let current = open.get(one.kind)
    if (current === undefined || current.costMs + one.costMs > BATCH_MS) {
      current = { batch: [], costMs: 0 }
      open.set(one.kind, current)
      all.push(current.batch)
    }
    current.batch.push(one)
    current.costMs += one.costMs
  }
  return all
}

/** A listed case that failed in the crowd gets one try by itself; it says so when that one passes. */
async function retryAlone(
  cases: readonly Case[],
  listed: ReadonlySet<string>,
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const failed = cases.filter((one) => listed.has(one.name) && !outcomes.get(one.name)?.passed)
  if (failed.length > MAX_RETRIES) return
  for (const one of failed) {
    const first = outcomes.get(one.name)?.detail ?? ''
    for (const [name, outcome] of await runBatch([one], candidate)) {
      outcomes.set(name, outcome)
      if (outcome.passed) console.log(`${name} failed among others and passed alone:\n${first}`)
    }
  }
}

function printTable(
  everything: readonly Case[],
  listed: ReadonlySet<string>,
  outcomes: ReadonlyMap<string, Outcome>,
): void {
  const folderOf = (one: Case): string => one.name.split('/')[0] ?? ''
  const row = (title: string, cells: readonly (number | string)[]): void =>
    console.log(title.padEnd(26) + cells.map((cell) => String(cell).padStart(8)).join(''))
  const count = (title: string, cases: readonly Case[]): void => {
    const run = cases.filter((one) => outcomes.has(one.name))
    const passed = run.filter((one) => outcomes.get(one.name)?.passed)
    const inList = cases.filter((one) => listed.has(one.name))
    row(title, [passed.length, run.length, inList.length, cases.length])
  }
  row('folder', ['passed', 'run', 'listed', 'all'])
  const asked = everything.filter((one) => options.only === undefined || outcomes.has(one.name))
  for (const folder of new Set(asked.map(folderOf))) {
    count(
      folder,
      everything.filter((one) => folderOf(one) === folder),
    )
  }
  count('total', everything)
}

function notIn(names: readonly string[], ...others: readonly string[][]): string[] {
  const without = new Set(others.flat())
  return names.filter((name) => !without.has(name))
}

function report(title: string, names: readonly string[]): void {
  if (names.length > 0) console.log(`\n${title} (${names.length}):\n  ${names.join('\n  ')}`)
}

function write(names: readonly string[]): void {
  const how = `make conformance-update-passing ENGINE=${candidate.engine}`
  const head = `# Cases that behave as Kong 3.9 does on ${candidate.engine}. Written by \`${how}\`; it only grows.`
  writeFileSync(listFile, `${[head, ...names.toSorted()].join('\n')}\n`)
}
