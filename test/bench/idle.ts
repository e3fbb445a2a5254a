// What idle keep-alive connections cost, and whether traffic goes through beside as many as a process may hold.
//
//   node dist/test/bench/idle.js [--engine uws|http1|both] [--connections N] [--per-second 2000] [--seconds 10]
//
// Memory per connection is the slope of resident memory over several steps, each behind a full collection. Then
// connections are opened up to N (without it, as many as the limit of open files allows), and requests go through at a
// steady rate. nginx is measured next to the engines. uWebSockets.js closes idle connections after some 10 s by a clock
// of its own, so there the most of them are lost.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { ClientProcess } from './clients/process.js'
import type { HolderProtocol } from './clients/holder.js'
import type { PacerProtocol } from './clients/pacer.js'
import { residentBytes } from './cpu.js'
import { chosenEngines, startEngine } from './engines.js'
import { openFilesLimit } from './limits.js'
import { startProxy, startTarget } from './nginx.js'
import { keep, measuredNow, type HoldResult, type IdleResult } from './results.js'
import { bareConfig } from './scenarios.js'
import { percentile, slope } from './stats.js'
import { runWrk } from './wrk.js'

/** The listeners, the log, the connections to the target and those that bring the traffic. */
const OTHER_FILES = 200

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    connections: { type: 'string', default: String(openFilesLimit() - OTHER_FILES) },
    'per-second': { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '10' },
  },
})
const most = Math.min(Number(options.connections), 50_000)
const perSecond = Number(options['per-second'])
const seconds = Number(options.seconds)

/** Of resident memory over connections; all are done before the clock of uWebSockets.js strikes. */
const STEPS = 4
const STEP_CONNECTIONS = Math.floor(Math.min(most, 12_000) / STEPS)
const SETTLE_MS = 300
/** Each has an address of its own, and so ports of its own. */
const HOLDERS = ['127.0.0.11', '127.0.0.12', '127.0.0.13']
const PACER = '127.0.0.21'
const PERCENTILES = [0.5, 0.9, 0.99, 0.999, 1]
/** Bytes that an idle connection may cost on http1. */
const HTTP1_TARGET_BYTES = 12 * 1_024

interface Subject {
  readonly name: string
  readonly pid: number
  readonly port: number
  /** Asks for a full collection, where there is garbage. */
  collect(): void
  stop(): Promise<unknown>
}

await main()

async function main(): Promise<void> {
  const engines = chosenEngines(options.engine)
  const target = await startTarget()
  try {
    const starts: (() => Promise<Subject>)[] = [
      () => nginx(target.port),
      ...engines.map((engine) => () => gateway(engine, target.port)),
    ]
    for (const start of starts) {
      const result = await measure(await start())
      print(result)
      keep({ idle: [result] })
    }
  } finally {
    await target.stop()
  }
}

async function nginx(targetPort: number): Promise<Subject> {
  const proxy = await startProxy(targetPort, 'same')
  return { ...proxy, name: 'nginx', collect: () => undefined }
}

async function gateway(engine: EngineKind, targetPort: number): Promise<Subject> {
  const nodeOptions = [
    '--expose-gc',
    '--import',
    new URL('collect-on-signal.js', import.meta.url).pathname,
  ]
  const running = await startEngine({ engine, config: bareConfig(targetPort), nodeOptions })
  return {
    name: engine,
    pid: running.child.pid,
    port: running.proxyPort,
    collect: () => running.child.signal('SIGUSR2'),
    stop: () => running.stop(),
  }
}

async function measure(subject: Subject): Promise<IdleResult> {
  const holders = HOLDERS.map((address) => {
    return new ClientProcess<HolderProtocol>('holder', [String(subject.port), address])
  })
  try {
    // The compiler and the pools have their part of the memory before the first step.
    await runWrk(subject.port, { path: '/' }, 3)
    const steps: { connections: number; residentBytes: number }[] = []
    for (let step = 0; step <= STEPS; step++) {
      await holdAll(holders, step * STEP_CONNECTIONS)
      subject.collect()
      await sleep(SETTLE_MS)
      steps.push({
        connections: await countOpen(holders),
        residentBytes: residentBytes(subject.pid),
      })
    }
    const bytesPerConnection = slope(
      steps.map(({ connections, residentBytes: bytes }) => [connections, bytes]),
    )
    const hold = await holdUnderLoad(subject, holders)
    return { ...measuredNow(), server: subject.name, bytesPerConnection, steps, hold }
  } finally {
    await Promise.all(holders.map((holder) => holder.stop()))
    await subject.stop()
  }
}

type Holder = ClientProcess<HolderProtocol>

/** Opens connections until so many have been opened in all; gives how many are open. */
async function holdAll(holders: readonly Holder[], wanted: number): Promise<number> {
  const share = Math.floor(wanted / holders.length)
  const first = wanted - share * (holders.length - 1)
  const replies = await Promise.all(
    holders.map((holder, i) => holder.ask({ wanted: i === 0 ? first : share })),
  )
  return replies.reduce((sum, { open }) => sum + open, 0)
}

function countOpen(holders: readonly Holder[]): Promise<number> {
  return holdAll(holders, 0)
}

async function holdUnderLoad(subject: Subject, holders: readonly Holder[]): Promise<HoldResult> {
  const pacer = new ClientProcess<PacerProtocol>('pacer', [String(subject.port), PACER])
  try {
    const idle = await holdAll(holders, most)
    const asked = { perSecond, seconds, path: '/' }
    const samples = await pacer.ask(asked, (seconds + 30) * 1_000)
    const answered = samples.filter(({ status }) => status > 0)
    const latenciesMs = answered.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
    const left = await countOpen(holders)
    return {
      idle,
      lost: idle - left,
      seconds,
      sent: samples.length,
      answered: answered.length,
      not200: answered.filter(({ status }) => status !== 200).length,
      latencyMs: PERCENTILES.map((part) => percentile(latenciesMs, part)),
      residentBytes: residentBytes(subject.pid),
    }
  } finally {
    await pacer.stop()
  }
}

function print({ server, bytesPerConnection, hold }: IdleResult): void {
  const kilobytes = (bytesPerConnection / 1_024).toFixed(1)
  const isMissed = server === 'http1' && bytesPerConnection > HTTP1_TARGET_BYTES
  const verdict =
    server === 'http1' ? ` (target ${HTTP1_TARGET_BYTES / 1_024}${isMissed ? ', MISSED' : ''})` : ''
  const latencies = hold.latencyMs.map((ms) => ms.toFixed(1)).join(' / ')
  console.log(
    `${server}: ${kilobytes} KB per idle connection${verdict}; ` +
      `beside ${hold.idle} idle ones, of which ${hold.lost} were lost, ` +
      `${hold.answered} of ${hold.sent} requests answered at ${perSecond}/s, ${hold.not200} not 200; ` +
      `p50 / p90 / p99 / p99.9 / longest ${latencies} ms; ` +
      `${(hold.residentBytes / 2 ** 20).toFixed(0)} MB`,
  )
}
