// Runs some cases in one process of the recorded suite (kong/run.mjs or kong/validate.mjs) and reads from its output
// what became of each.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Child } from '../support/child.js'
import { startRedis } from '../support/redis.js'
import { recordings, type Case, type EngineName } from './cases.js'

export interface Outcome {
  readonly passed: boolean
  /** Where it differs from Kong, as the suite says it; empty for a case that passes. */
  readonly detail: string
}

/** A batch that takes so much longer than its guess hangs. */
const PATIENCE_MS = 120_000

export interface Candidate {
  readonly engine: EngineName
  /** Another gateway to ask: a command that understands `start` and `validate FILE`. */
  readonly gateway: string | undefined
}

export async function runBatch(
  cases: readonly Case[],
  candidate: Candidate,
): Promise<Map<string, Outcome>> {
  const folder = mkdtempSync(join(tmpdir(), 'gw-conformance-'))
  try {
    const parse = cases.filter((one) => one.kind === 'parse')
    const exchange = cases.filter((one) => one.kind === 'exchange')
    const found = new Map<string, Outcome>()
    if (exchange.length > 0) await runExchanges(exchange, folder, candidate, found)
    if (parse.length > 0) await runParses(parse, folder, candidate, found)
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runExchanges(
  cases: readonly Case[],
  folder: string,
  { engine, gateway }: Candidate,
  found: Map<string, Outcome>,
): Promise<void> {
  // run.mjs chooses by part of a name only, so it gets a folder with just these cases.
  for (const { name } of cases) linkFiles(join(recordings, 'cases', name), join(folder, name))
  const redis = cases.some((one) => one.usesRedis) ? await startRedis() : null
  try {
    const args = ['--cases', folder, '--verbose', ...gatewayOption(gateway, ' start')]
    const env = {
      GW_ENGINE: engine,
      ...(redis !== null && { REDIS_PORT: String(redis.port) }),
    }
    const output = await runSuite('run.mjs', args, env, cases)
    const blocks = splitBlocks(output)
    for (const { name } of cases) {
      const passed = output.includes(`\nok   ${name} (`)
      const own = blocks.filter((block) => isAbout(block, name))
      const detail = passed
        ? ''
        : own.join('\n') || `no result; the suite said: ${output.slice(-800)}`
      found.set(name, { passed, detail })
    }
  } finally {
    await redis?.stop()
  }
}

async function runParses(
  cases: readonly Case[],
  folder: string,
  { gateway }: Candidate,
  found: Map<string, Outcome>,
): Promise<void> {
  const files = cases.flatMap(({ name }) => {
    const base = name.slice('parse/'.length)
    return [`${base}.yml`, `${base}.kong.json`]
  })
  const parseFolder = join(folder, 'parse-files')
  mkdirSync(parseFolder)
  for (const file of files) symlinkSync(join(recordings, 'parse', file), join(parseFolder, file))
  const args = ['--dir', parseFolder, ...gatewayOption(gateway, '')]
  const output = await runSuite('validate.mjs', args, {}, cases)
  const isWhole = output.includes('\nverdicts: ')
  for (const { name } of cases) {
    const start = `VERDICT ${name.slice('parse/'.length)}.yml: `
    const detail = isWhole
      ? (output.split('\n').find((line) => line.startsWith(start)) ?? '')
      : `the suite broke off: ${output.slice(-800)}`
    found.set(name, { passed: detail === '', detail })
  }
}

function gatewayOption(gateway: string | undefined, command: string): string[] {
  return gateway === undefined ? [] : ['--gw', gateway + command]
}

/** @returns what it printed, with a line break in front, so that every line begins after one */
async function runSuite(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cases: readonly Case[],
): Promise<string> {
  const child = new Child(process.execPath, [join(recordings, script), ...args], env)
  const costMs = cases.reduce((sum, one) => sum + one.costMs, 0)
  const timer = setTimeout(() => child.signal('SIGTERM'), costMs + PATIENCE_MS)
  await child.ended
  clearTimeout(timer)
  return `\n${child.output}`
}

function linkFiles(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  mkdirSync(to)
  for (const file of readdirSync(from)) symlinkSync(join(from, file), join(to, file))
}

/** A block is a FAIL or skip line with what belongs to it. */
function splitBlocks(output: string): string[] {
  return output.split(/\n(?=FAIL |skip |ok {3}|cases that differ|conformance: )/)
}

function isAbout(block: string, name: string): boolean {
  const [, rest = ''] = /^(?:FAIL|skip) (.*)/s.exec(block) ?? []
  return rest.startsWith(`${name}: `) || rest.startsWith(`${name} / `)
}
