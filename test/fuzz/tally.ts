// What became of the inputs, counted; plain data, so that the counts of several processes can be added.
import type { Comparison } from './compare-requests.js'
import { isOursAlone } from './check-input.js'

type Counts = Record<string, number>

export interface Tally {
  inputs: number
  bytes: number
  /** Requests read to their end, and inputs that have one, or that have been read to their end without a fault. */
  requests: number
  withRequest: number
  taken: number
  /** How reading ended. */
  readonly endings: Counts
  /** Faults and their words: refused by both, and by us alone. */
  readonly both: Counts
  readonly oursAlone: Counts
  /** Where we wait for more and llhttp refuses already. */
  readonly earlier: Counts
  /** Known differences that were met. */
  readonly met: Counts
}

export function emptyTally(): Tally {
  const tables = { endings: {}, both: {}, oursAlone: {}, earlier: {}, met: {} }
  return { inputs: 0, bytes: 0, requests: 0, withRequest: 0, taken: 0, ...tables }
}

export function count(tally: Tally, bytes: number, comparison: Comparison): void {
  const { reading, judgement, met } = comparison
  const complete = reading.requests.filter(({ end }) => end >= 0).length
  tally.inputs++
  tally.bytes += bytes
  tally.requests += complete
  if (complete > 0) tally.withRequest++
  for (const name of met) increase(tally.met, name)
  increase(tally.endings, endingOf(comparison, complete))
  if (reading.fault !== null) {
    const words = `${reading.fault}: ${reading.reason.replace(/\d{2,}/, 'N')}`
    increase(isOursAlone(comparison) ? tally.oursAlone : tally.both, words)
    return
  }
  if (complete > 0 && complete === reading.requests.length) tally.taken++
  if (judgement.error !== '' && !reading.isClosed) increase(tally.earlier, judgement.error)
}

function endingOf({ reading }: Comparison, complete: number): string {
  if (reading.fault !== null) return complete > 0 ? 'refused behind a request' : 'refused'
  if (reading.isClosed) return 'closed'
  if (reading.requests.length > complete) return 'in a body'
  return complete > 0 ? 'behind a request or in a head' : 'in the first head'
}

/** Adds the counts of one to those of the other. */
export function add(sum: Tally, more: Tally): void {
  for (const key of ['inputs', 'bytes', 'requests', 'withRequest', 'taken'] as const) {
    sum[key] += more[key]
  }
  for (const key of ['endings', 'both', 'oursAlone', 'earlier', 'met'] as const) {
    for (const [name, times] of Object.entries(more[key])) increase(sum[key], name, times)
  }
}

function increase(counts: Counts, name: string, times = 1): void {
  counts[name] = (counts[name] ?? 0) + times
}

export function print(tally: Tally): void {
  const share = (part: number): string => `${((part / tally.inputs) * 100).toFixed(1)} %`
  console.log(`${tally.inputs} inputs, ${(tally.bytes / 1e6).toFixed(0)} MB`)
  console.log(
    `${tally.requests} requests taken whole, in ${share(tally.withRequest)} of the inputs`,
  )
  console.log(`${share(tally.taken)} of the inputs taken to their end`)
  table('how reading ended', tally.endings)
  table('refused by us and by llhttp', tally.both)
  table('refused by us alone, or by us first', tally.oursAlone)
  table('refused by llhttp, where we wait for more', tally.earlier)
  table('known differences met', tally.met)
}

function table(title: string, counts: Counts): void {
  console.log(`\n${title}`)
  for (const [name, times] of Object.entries(counts).sort(([, a], [, b]) => b - a)) {
    console.log(`${String(times).padStart(10)}  ${name}`)
  }
}
