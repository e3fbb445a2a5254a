// CPU time per request, against nginx's proxy_pass in the same run: one that adds the headers a gateway adds (X-Real-IP,
// X-Forwarded-*, Via, request id, latency), and for information one that adds none.
//
//   node dist/test/bench/bench.js [--engine uws|http1|both] [--only NAME] [--rounds 5] [--seconds 4] [--gw 'CMD ...']
//
// Subjects and reference take turns, round by round, so that a noisy machine is noisy for all; what counts is the median
// of the rounds' ratios. A missed target is marked and not an error: on a busy machine, look twice. --gw measures another
// gateway, which is started with Kong's settings in its environment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { RawClient } from '../support/raw-client.js'
import { startRedis } from '../support/redis.js'
import { cpuTimeNs } from './cpu.js'
import { chosenEngines, startEngine } from './engines.js'
import { largeBody, smallBody, startProxy, startTarget } from './nginx.js'
import { keep, measuredNow, type RequestResult } from './results.js'
import { bareConfig, scenarios, type Scenario } from './scenarios.js'
import { median } from './stats.js'
import { runWrk, type Load } from './wrk.js'

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'uws' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    gw: { type: 'string' },
  },
})
const engines = chosenEngines(options.engine)
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
/** The compiler needs a while of load until the code is what it will be. */
const WARM_UP_SECONDS = 3

/** Something that is under load: whose processor time, at which port, asked for what. */
interface Contender {
  readonly pid: number
  readonly port: number
  readonly load: Load
}

/** A gateway that is measured. */
interface Subject extends Contender {
  readonly engine: EngineKind
}

interface Sample {
  readonly microseconds: number
  readonly requestsPerSecond: number
}

await main()

async function main(): Promise<void> {
  const chosen = scenarios.filter(
    ({ name }) => options.only === undefined || name.includes(options.only),
  )
  if (chosen.length === 0) throw new Error(`no scenario has ${options.only ?? ''} in its name`)
  const folder = mkdtempSync(join(tmpdir(), 'gw-bench-'))
  const target = await startTarget()
  const redis = await startRedis()
  try {
    printRow([
      'scenario',
      'engine',
      'µs/request',
      'reference',
      'its µs',
      'req/s',
      'ratio',
      'target',
    ])
    for (const scenario of chosen) {
      // A gateway is compared with itself on the same engine, so those engines do not share a run.
      const wanted = enginesFor(scenario)
      const runs = isItself(scenario) ? wanted.map((engine) => [engine]) : [wanted]
      for (const run of runs) {
        const results = await measure(
          scenario,
          run,
          { target: target.port, redis: redis.port },
          folder,
        )
        for (const result of results) print(result)
        keep({ requests: results })
      }
    }
  } finally {
    await redis.stop()
    await target.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function enginesFor({ isForBoth }: Scenario): readonly EngineKind[] {
  return isForBoth || engines.length === 1 ? engines : ['uws']
}

/** Whether a scenario is compared with the gateway itself. */
function isItself({ reference }: Scenario): boolean {
  return reference === 'bare' || reference === 'bare-unguarded'
}

async function measure(
  scenario: Scenario,
  wanted: readonly EngineKind[],
  ports: { readonly target: number; readonly redis: number },
  folder: string,
): Promise<RequestResult[]> {
  const stops: (() => Promise<unknown>)[] = []
  const load = loadOf(scenario, folder)
  const isSecure = load.isSecure === true
  const start = async (
    engine: EngineKind,
    config: object,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Subject> => {
    const gateway = await startEngine({ engine, config, isSecure, command: options.gw, env })
    stops.push(() => gateway.stop())
    const port = gateway.proxyPort
    return { engine, ...(await contender(gateway.child.pid, port, load)) }
  }
  try {
    const subjects: Subject[] = []
    const config = scenario.config(ports.target, ports.redis)
    for (const engine of wanted) subjects.push(await start(engine, config))
    if (scenario.hasTwoPeers === true) {
      for (const { port } of subjects) stops.push(holdConnection(port, '127.0.0.2'))
    }
    let reference: Contender
    if (!isItself(scenario)) {
      const duty = scenario.reference === 'nginx' ? 'same' : 'plain'
      const nginx = await startProxy(ports.target, duty, isSecure)
      stops.push(() => nginx.stop())
      reference = await contender(nginx.pid, nginx.port, load)
    } else {
      const isGuarded = scenario.reference === 'bare'
      const env = isGuarded ? {} : { GW_CIRCUIT_BREAKER: 'off' }
      reference = await start(wanted[0] ?? 'uws', bareConfig(ports.target), env)
    }
    return await compare(scenario, subjects, reference)
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
async function contender(pid: number, port: number, load: Load): Promise<Contender> {
  const lines = Object.entries(load.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
  const client = await RawClient.open(port, { tls: load.isSecure === true })
  try {
    const request = `GET ${load.path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`
    const { status, body } = await client.ask(request)
    const expected = load.path === '/large' ? largeBody : smallBody
    if (status !== 200 || body.toString('latin1') !== expected) {
      throw new Error(`${load.path} is answered ${status} ${body.toString('utf8', 0, 200)}`)
    }
    return { pid, port, load }
  } finally {
    client.destroy()
  }
}

async function compare(
  scenario: Scenario,
  subjects: readonly Subject[],
  reference: Contender,
): Promise<RequestResult[]> {
  const all = [reference, ...subjects]
  for (const { port, load } of all) await runWrk(port, load, WARM_UP_SECONDS)
  const samples = new Map<Contender, Sample[]>(all.map((one) => [one, []]))
  for (let round = 0; round < rounds; round++) {
    // Another one goes first every time: what follows a round (a warm cache, a throttled core) is shared fairly.
    for (let i = 0; i < all.length; i++) {
      const next = all[(round + i) % all.length] ?? reference
      samples.get(next)?.push(await sample(next))
    }
  }
  const others = samples.get(reference) ?? []
  return subjects.map((subject) =>
    resultOf(scenario, subject.engine, samples.get(subject) ?? [], others),
  )
}

async function sample({ pid, port, load }: Contender): Promise<Sample> {
  const before = cpuTimeNs(pid)
  const { requests, requestsPerSecond } = await runWrk(port, load, seconds)
  return { microseconds: (cpuTimeNs(pid) - before) / 1_000 / requests, requestsPerSecond }
}

function resultOf(
  scenario: Scenario,
  engine: EngineKind,
  own: readonly Sample[],
  others: readonly Sample[],
): RequestResult {
  const ratios = own.map(({ microseconds }, round) => {
    return microseconds / (others[round]?.microseconds ?? Number.NaN)
  })
  return {
    ...measuredNow(),
    scenario: scenario.name,
    engine: options.gw ?? engine,
    reference: scenario.reference,
    subjectMicroseconds: median(own.map(({ microseconds }) => microseconds)),
    referenceMicroseconds: median(others.map(({ microseconds }) => microseconds)),
    requestsPerSecond: median(own.map(({ requestsPerSecond }) => requestsPerSecond)),
    ratio: median(ratios),
    ratios,
    target: scenario.targets?.[engine] ?? null,
  }
}

function printRow([first = '', ...cells]: readonly string[]): void {
  console.log(first.padEnd(24) + cells.map((cell) => cell.padStart(13)).join(''))
}

function print(result: RequestResult): void {
  const { ratio, target } = result
  printRow([
    result.scenario,
    result.engine,
    result.subjectMicroseconds.toFixed(1),
    result.reference,
    result.referenceMicroseconds.toFixed(1),
    result.requestsPerSecond.toFixed(0),
    ratio.toFixed(2),
    target === null ? '-' : `${target.toFixed(2)}${ratio <= target ? '' : ' MISSED'}`,
  ])
}
