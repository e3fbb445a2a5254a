// The figures of the last measurements, kept in results/latest.json: each tool replaces its own lines there and leaves
// those of others. `summary.ts` makes tables of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { projectRoot } from '../support/root.js'

interface Measured {
  /** When; ISO 8601. */
  readonly date: string
  readonly node: string
}

/** CPU time per request, of a subject and what it is compared with. */
export interface RequestResult extends Measured {
  readonly scenario: string
  /** The command of another gateway stands here as it was given to `--gw`. */
  readonly engine: EngineKind | (string & {})
  readonly reference: string
  readonly subjectMicroseconds: number
  readonly referenceMicroseconds: number
  readonly requestsPerSecond: number
  /** The median of the rounds' ratios. */
  readonly ratio: number
  readonly ratios: readonly number[]
  readonly target: number | null
}

/** New TLS connections, each with one request. */
export interface HandshakeResult extends Measured {
  readonly server: string
  readonly isResuming: boolean
  /** CPU time of the server for a connection and its request. */
  readonly microseconds: number
  readonly connectionsPerSecond: number
  /** The part of the connections that did resume a session. */
  readonly resumedShare: number
}

/** What idle keep-alive connections cost, and whether traffic goes through beside them. */
export interface IdleResult extends Measured {
  readonly server: string
  readonly bytesPerConnection: number
  /** Resident memory over open connections, as measured. */
  readonly steps: readonly { readonly connections: number; readonly residentBytes: number }[]
  readonly hold: HoldResult
}

export interface HoldResult {
  /** Idle connections when the traffic began, and of these lost when it was over. */
  readonly idle: number
  readonly lost: number
  readonly seconds: number
  readonly sent: number
  readonly answered: number
  readonly not200: number
  /** Milliseconds from the moment at which a request was due: p50, p90, p99, p99.9, the longest. */
  readonly latencyMs: readonly number[]
  readonly residentBytes: number
}

/** A look-up in a table of routes. */
export interface RouterResult extends Measured {
  readonly table: string
  readonly routes: number
  /** A thousand routes spread over the table, asked for in turn: large tables do not stay in the processor's cache. */
  readonly nanoseconds: number
  /** One route again and again. */
  readonly nanosecondsOfOne: number
  /** CPU time. */
  readonly buildMs: number
  readonly bytesPerRoute: number
}

export interface Results {
  machine: { readonly cpu: string; readonly cores: number }
  requests: readonly RequestResult[]
  handshakes: readonly HandshakeResult[]
  idle: readonly IdleResult[]
  router: readonly RouterResult[]
}

const file = join(projectRoot, 'test/bench/results/latest.json')

export function readResults(): Results {
  const empty: Results = {
    machine: thisMachine(),
    requests: [],
    handshakes: [],
    idle: [],
    router: [],
  }
  if (!existsSync(file)) return empty
  // This project alone writes the file.
  return { ...empty, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>) }
}

/** Puts new lines in the place of those with the same key; figures of another machine are dropped. */
export function keep(results: Partial<Omit<Results, 'machine'>>): void {
  const old = readResults()
  const machine = thisMachine()
  const isSame = JSON.stringify(old.machine) === JSON.stringify(machine)
  const merged: Results = {
    machine,
    requests: merge(isSame ? old.requests : [], results.requests, (line) => [
      line.scenario,
      line.engine,
    ]),
    handshakes: merge(isSame ? old.handshakes : [], results.handshakes, (line) => [
      line.server,
      String(line.isResuming),
    ]),
    idle: merge(isSame ? old.idle : [], results.idle, (line) => [line.server]),
    router: merge(isSame ? old.router : [], results.router, (line) => [
      line.table,
      String(line.routes),
    ]),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(merged, null, 2)}\n`)
}

export function measuredNow(): Measured {
  return { date: new Date().toISOString(), node: process.version }
}

function merge<Line>(
  old: readonly Line[],
  fresh: readonly Line[] = [],
  key: (line: Line) => readonly string[],
): Line[] {
  const lines = new Map<string, Line>()
  for (const line of [...old, ...fresh]) lines.set(key(line).join('\n'), line)
  return [...lines.values()]
}

function thisMachine(): Results['machine'] {
  return { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() }
}
