// Two services behind one gateway: what becomes of one while the target of the other is dead, silent or slow.
import type { Sample } from '../bench/clients/pacer.js'
import { cpuTimeNs } from '../bench/cpu.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { freePort } from '../support/ports.js'
import { ok, startRecordingTarget } from '../support/recording-target.js'
import { latencies, rateThatHolds, startPacer, startTarget, type Latencies } from './reloads.js'

/** What the target of the one service does. */
export const STATES = ['healthy', 'refusing', 'silent', 'slow'] as const
export type State = (typeof STATES)[number]

/** What stands before it. */
export const GUARDS = ['breaker', 'bulkhead'] as const
export type Guard = (typeof GUARDS)[number]

export interface NeighbourOptions {
  /** Of a second each, all states in turn: what else the machine does meets them all. */
  readonly rounds: number
  /** Requests to the service whose target is well, at the most; those to the other one are a fifth. */
  readonly perSecond: number
  readonly workers: number
  readonly guards?: readonly Guard[]
}

/** One second of one state behind one guard. */
export interface Slice {
  readonly guard: Guard
  readonly state: State
  /** Of the service whose target is well. */
  readonly well: Latencies
  /** Its requests that were not answered 200. */
  readonly failed: number
  /** Of requests to the other service, 0 for no answer. */
  readonly statuses: readonly number[]
  /** The gateway's, of one core. */
  readonly cpuPercent: number
}

/** `read_timeout` of the other service, and how late a slow target is. */
const SECOND_MS = 1_000
/** As many of its requests may be under way at the client: all that come while one waits for its time-out. */
const CONNECTIONS = 400
const OTHER_PACER = '127.0.0.22'

/** So that the bulkhead is alone. */
const OFF = { name: 'circuit-breaker', config: { enabled: false } }
const PLUGINS: Readonly<Record<Guard, readonly object[]>> = {
  breaker: [],
  bulkhead: [
    OFF,
    { name: 'bulkhead', config: { max_connections: 20, max_queued: 20, queue_timeout: 0.1 } },
  ],
}

/** Every state behind every guard, one after the other, at a rate that the machine can hold at present. */
export async function neighbours(
  options: NeighbourOptions,
): Promise<{ readonly perSecond: number; readonly slices: readonly Slice[] }> {
  const target = await startTarget()
  const silent = await startRecordingTarget(() => undefined)
  const slow = await startRecordingTarget((socket, request) => {
    setTimeout(() => ok(socket, request), SECOND_MS)
  })
  const [healthy, refusing] = [target.port, await freePort()]
  const ports = { healthy, refusing, silent: silent.port, slow: slow.port }
  const gateway = await startGateway({
    config: fileOf(ports),
    env: { NODE_OPTIONS: '--v8-pool-size=0', KONG_NGINX_WORKER_PROCESSES: `${options.workers}` },
  })
  try {
    return await measure(gateway, options)
  } finally {
    await gateway.stop()
    await Promise.all([target.stop(), silent.close(), slow.close()])
  }
}

async function measure(gateway: RunningGateway, options: NeighbourOptions) {
  const { rounds, guards = GUARDS } = options
  const pacer = startPacer(gateway)
  const other = startPacer(gateway, OTHER_PACER)
  const slice = async (perSecond: number, guard: Guard, state: State): Promise<Slice> => {
    const path = pathOf(guard, state)
    const cpuBefore = cpuTimeNs(gateway.child.pid)
    const from = performance.now()
    const few = { perSecond: perSecond / 5, seconds: 1, connections: CONNECTIONS }
    const asking = other.ask({ ...few, path })
    const samples = await pacer.ask({ perSecond, seconds: 1, path: WELL })
    const cpuMs = (cpuTimeNs(gateway.child.pid) - cpuBefore) / 1e6
    const cpuPercent = (100 * cpuMs) / (performance.now() - from)
    return { guard, state, cpuPercent, ...tell(samples, await asking) }
  }
  try {
    const perSecond = await rateThatHolds(pacer, options.perSecond, WELL)
    const slices: Slice[] = []
    for (const guard of guards) {
      for (let round = 1; round <= rounds; round++) {
        for (const state of STATES) slices.push(await slice(perSecond, guard, state))
      }
    }
    return { perSecond, slices }
  } finally {
    await Promise.all([pacer.stop(), other.stop()])
  }
}

function tell(samples: readonly Sample[], others: readonly Sample[]) {
  const good = samples.filter(({ status }) => status === 200)
  return {
    well: latencies(good),
    failed: samples.length - good.length,
    statuses: others.map(({ status }) => status),
  }
}

const WELL = '/well'

const pathOf = (guard: Guard, state: State): string => `/${guard}-${state}`

function fileOf(ports: Readonly<Record<State, number>>): object {
  const others = GUARDS.flatMap((guard) =>
    STATES.map((state) => ({
      name: `${guard}-${state}`,
      url: `http://127.0.0.1:${ports[state]}`,
      retries: 0,
      // A slow target is in time.
      read_timeout: state === 'silent' ? SECOND_MS : 10 * SECOND_MS,
      plugins: PLUGINS[guard],
      routes: [{ paths: [pathOf(guard, state)] }],
    })),
  )
  const url = `http://127.0.0.1:${ports.healthy}`
  const well = { name: 'well', url, routes: [{ paths: [WELL] }] }
  return { _format_version: '3.0', services: [well, ...others] }
}
