// CPU time per request, against nginx's proxy_pass in the same run: one that adds the headers a gateway adds (X-Real-IP,
// X-Forwarded-*, Via, request id, latency), and for information one that adds none.
//
//   node dist/test/bench/bench.js [--only NAME] [--rounds 5] [--seconds 4] [--gw 'CMD ...']
//
// Subject and reference take turns, round by round, so that a noisy machine is noisy for both; what counts is the median
// of the rounds' ratios. A missed target is marked and not an error: on a busy machine, look twice. --gw measures another
// gateway, which is started with Kong's settings in its environment.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { gwCommand, projectRoot } from '../support/root.js'
import { cpuTimeNs } from './cpu.js'
import { largeBody, smallBody, startProxy, startTarget } from './nginx.js'
import { pinned } from './pinning.js'
import { bareConfig, scenarios, type Scenario } from './scenarios.js'
import { median } from './stats.js'
import { runWrk, type Load } from './wrk.js'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    gw: { type: 'string' },
  },
})
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
/** The compiler needs a while of load until the code is what it will be. */
const WARM_UP_SECONDS = 3

/** Something that is under load: whose processor time, at which port, asked for what. */
interface Candidate {
  readonly pid: number
  readonly port: number
  readonly load: Load
}

interface Sample {
  readonly microseconds: number
  readonly requestsPerSecond: number
}

interface Result {
  readonly scenario: string
  readonly reference: string
  readonly subjectMicroseconds: number
  readonly referenceMicroseconds: number
  readonly requestsPerSecond: number
  readonly ratio: number
  readonly ratios: readonly number[]
  readonly target: number | null
}

await main()

async function main(): Promise<void> {
  const chosen = scenarios.filter(
    ({ name }) => options.only === undefined || name.includes(options.only),
  )
  if (chosen.length === 0) throw new Error(`no scenario has ${options.only ?? ''} in its name`)
  const folder = mkdtempSync(join(tmpdir(), 'gw-bench-'))
  const target = await startTarget()
  try {
    printRow(['scenario', 'µs/request', 'reference', 'its µs', 'requests/s', 'ratio', 'target'])
    const results: Result[] = []
    for (const scenario of chosen) {
      const result = await measure(scenario, target.port, folder)
      print(result)
      results.push(result)
    }
    write(results)
  } finally {
    await target.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(scenario: Scenario, targetPort: number, folder: string): Promise<Result> {
  const stops: (() => Promise<unknown>)[] = []
  try {
    const gateway = await startCandidate(scenario.config(targetPort))
    stops.push(() => gateway.stop())
    const subject = await candidate(gateway.child.pid, gateway.proxyPort, loadOf(scenario, folder))
    if (scenario.hasTwoPeers === true) {
      stops.push(holdConnection(gateway.proxyPort, '127.0.0.2'))
    }
    let reference: Candidate
    if (scenario.reference !== 'bare') {
      const nginx = await startProxy(targetPort, scenario.reference === 'nginx' ? 'same' : 'plain')
      stops.push(() => nginx.stop())
      reference = await candidate(nginx.pid, nginx.port, scenario.load)
    } else {
      const other = await startCandidate(bareConfig(targetPort))
      stops.push(() => other.stop())
      reference = await candidate(other.child.pid, other.proxyPort, loadOf(scenario, folder))
    }
    return await compare(scenario, subject, reference)
  } finally {
    for (const stop of stops) await stop()
  }
}

/** Keeps a connection from that address open, with a request now and then; returns what ends it. */
function holdConnection(port: number, localAddress: string): () => Promise<void> {
  let socket: Socket
  let isOver = false
  const open = (): void => {
    socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined) // it closes then, and is opened again
    socket.on('close', () => {
      if (!isOver) open()
    })
    socket.resume()
  }
  open()
  const timer = setInterval(() => socket.write('GET / HTTP/1.1\r\nHost: peer\r\n\r\n'), 2_000)
  return () => {
    isOver = true
    clearInterval(timer)
    socket.destroy()
    return Promise.resolve()
  }
}

function startCandidate(config: object): Promise<RunningGateway> {
  const command = options.gw?.split(' ') ?? [process.execPath, gwCommand, 'start']
  const env = { KONG_LOG_LEVEL: 'warn', NODE_ENV: 'production' }
  return startGateway({ config, env, command: pinned('measured', command) })
}

/** A script when the load goes over several paths. */
function loadOf(scenario: Scenario, folder: string): Load {
  if (scenario.paths === undefined) return scenario.load
  const script = join(folder, `${scenario.name}.lua`)
  const paths = scenario.paths.map((path) => `"${path}"`).join(', ')
  writeFileSync(
    script,
    `local all, i = {}, 0
function init(args)
  for n, path in ipairs({ ${paths} }) do all[n] = wrk.format("GET", path) end
end
function request()
  i = i % #all + 1
  return all[i]
end
`,
  )
  return { ...scenario.load, script }
}

/** Looks at one answer before anything is measured: fast and wrong is no result. */
async function candidate(pid: number, port: number, load: Load): Promise<Candidate> {
  const answer = await requestOnce(port, 'GET', load.path, load.headers)
  const expected = load.path === '/large' ? largeBody : smallBody
  if (answer.status !== 200 || answer.text !== expected) {
    throw new Error(`${load.path} is answered ${answer.status} ${answer.text.slice(0, 200)}`)
  }
  return { pid, port, load }
}

async function compare(
  scenario: Scenario,
  subject: Candidate,
  reference: Candidate,
): Promise<Result> {
  await runWrk(reference.port, reference.load, 1)
  await runWrk(subject.port, subject.load, WARM_UP_SECONDS)
  if (scenario.reference === 'bare') await runWrk(reference.port, reference.load, WARM_UP_SECONDS)
  const pairs: { own: Sample; other: Sample }[] = []
  for (let round = 0; round < rounds; round++) {
    // Each goes first every other time: what follows a round (a warm cache, a throttled core) is shared fairly.
    if (round % 2 === 0) {
      const other = await sample(reference)
      pairs.push({ other, own: await sample(subject) })
    } else {
      const own = await sample(subject)
      pairs.push({ own, other: await sample(reference) })
    }
  }
  const ratios = pairs.map(({ own, other }) => own.microseconds / other.microseconds)
  return {
    scenario: scenario.name,
    reference: scenario.reference,
    subjectMicroseconds: median(pairs.map(({ own }) => own.microseconds)),
    referenceMicroseconds: median(pairs.map(({ other }) => other.microseconds)),
    requestsPerSecond: median(pairs.map(({ own }) => own.requestsPerSecond)),
    ratio: median(ratios),
    ratios,
    target: scenario.target,
  }
}

async function sample({ pid, port, load }: Candidate): Promise<Sample> {
  const before = cpuTimeNs(pid)
  const { requests, requestsPerSecond } = await runWrk(port, load, seconds)
  return { microseconds: (cpuTimeNs(pid) - before) / 1_000 / requests, requestsPerSecond }
}

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(14))).join(''))
}

function print(result: Result): void {
  const { ratio, target } = result
  printRow([
    result.scenario,
    result.subjectMicroseconds.toFixed(1),
    result.reference,
    result.referenceMicroseconds.toFixed(1),
    result.requestsPerSecond.toFixed(0),
    ratio.toFixed(2),
    target === null ? '-' : `${target.toFixed(2)}${ratio <= target ? '' : ' MISSED'}`,
  ])
}

function write(results: readonly Result[]): void {
  const folder = join(projectRoot, 'test/bench/results')
  mkdirSync(folder, { recursive: true })
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
  }
  const gateway = options.gw ?? 'gw'
  const text = JSON.stringify(
    { date: new Date().toISOString(), machine, gateway, rounds, seconds, results },
    null,
    2,
  )
  writeFileSync(join(folder, 'latest.json'), `${text}\n`)
}
