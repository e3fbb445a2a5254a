// The figures in results/latest.json as Markdown tables.
//
//   node dist/test/bench/summary.js
import {
  readResults,
  type HandshakeResult,
  type IdleResult,
  type RequestResult,
  type RouterResult,
} from './results.js'
import { scenarios } from './scenarios.js'

const { machine, requests, handshakes, idle, router } = readResults()

console.log(`\n${machine.cpu}, ${machine.cores} cores`)
table(
  ['CPU per request', 'engine', 'µs', 'nginx µs', 'ratio', 'target', 'requests/s'],
  requests.toSorted((a, b) => placeOf(a) - placeOf(b)).map(requestRow),
)
table(
  ['New TLS connection and a request', 'session', 'µs', 'resumed', 'connections/s'],
  handshakes.map(handshakeRow),
)
table(
  [
    'Idle connections',
    'KB each',
    'held',
    'lost',
    'memory, MB',
    'requests beside them',
    'p50 / p99 / longest, ms',
  ],
  idle.map(idleRow),
)
table(
  ['Look-up of a route', 'routes', 'ns', 'ns, one route', 'built in, ms', 'bytes per route'],
  router.map(routerRow),
)

/** Where a scenario stands in the list of all; what has been measured later may have been kept earlier. */
function placeOf({ scenario }: RequestResult): number {
  return scenarios.findIndex(({ name }) => name === scenario)
}

/** References that are the gateway itself. */
const ITSELF: Readonly<Record<string, string>> = {
  bare: 'one route',
  'bare-unguarded': 'one target without a breaker',
}

function requestRow(line: RequestResult): string[] {
  const itself = ITSELF[line.reference]
  return [
    `${line.scenario}, against ${itself ?? line.reference}`,
    line.engine,
    line.subjectMicroseconds.toFixed(1),
    itself === undefined ? line.referenceMicroseconds.toFixed(1) : '',
    line.ratio.toFixed(2),
    line.target === null
      ? ''
      : `${line.target.toFixed(2)}${line.ratio <= line.target ? '' : ' missed'}`,
    line.requestsPerSecond.toFixed(0),
  ]
}

function handshakeRow(line: HandshakeResult): string[] {
  return [
    line.server,
    line.isResuming ? 'shown' : 'none',
    line.microseconds.toFixed(0),
    `${(line.resumedShare * 100).toFixed(0)} %`,
    line.connectionsPerSecond.toFixed(0),
  ]
}

function idleRow({ server, bytesPerConnection, hold }: IdleResult): string[] {
  const [p50 = Number.NaN, , p99 = Number.NaN, , longest = Number.NaN] = hold.latencyMs
  return [
    server,
    (bytesPerConnection / 1_024).toFixed(1),
    String(hold.idle),
    // The library's clock, not a fault: see README.
    server === 'uws' && hold.lost > 0 ? `${hold.lost} (its 10 s clock)` : String(hold.lost),
    (hold.residentBytes / 2 ** 20).toFixed(0),
    `${hold.answered - hold.not200} of ${hold.sent} answered 200`,
    [p50, p99, longest].map((ms) => ms.toFixed(1)).join(' / '),
  ]
}

function routerRow(line: RouterResult): string[] {
  return [
    line.table,
    line.routes.toLocaleString('en'),
    line.nanoseconds.toFixed(0),
    line.nanosecondsOfOne.toFixed(0),
    line.buildMs.toFixed(0),
    // Of a single one the heap's own noise is more than the route.
    line.routes === 1 ? '' : line.bytesPerRoute.toFixed(0),
  ]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  console.log(['', line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n'))
}
