// Checks its share of the inputs, and tells the main thread where it is, so that one that hangs is found out.
import { parentPort, workerData } from 'node:worker_threads'
import { checkInput } from './check-input.js'
import type { Comparison } from './compare-requests.js'
import { kindOf, minimise } from './minimise.js'
import { inputAt, type Input } from './request-inputs.js'
import { count, emptyTally, type Tally } from './tally.js'

export interface Work {
  readonly seed: number
  /** Inputs from `first` up to and without `end`, every `step`th. */
  readonly first: number
  readonly end: number
  readonly step: number
  /** The number of the input that is being read. */
  readonly at: SharedArrayBuffer
}

export interface Found {
  readonly index: number
  readonly failure: string
  readonly input: Input
}

export type Message = { readonly found: Found } | { readonly tally: Tally }

/** Reading an input, thrice in a row: far more than any takes, and less than what would hurt. */
const SLOW_MS = 100
/** One example of each kind is enough. */
const MAX_FOUND = 20

if (parentPort === null) throw new Error('this is a worker: run requests.js')
const post = (message: Message): void => parentPort?.postMessage(message)

run(workerData as Work)

function run({ seed, first, end, step, at }: Work): void {
  const place = new Int32Array(at)
  const tally = emptyTally()
  const kinds = new Set<string>()
  for (let index = first; index < end; index += step) {
    Atomics.store(place, 0, index)
    const input = inputAt(seed, index)
    const check = timed(input)
    if (check.failure === '') {
      count(tally, input.text.length, check)
      continue
    }
    const kind = kindOf(input)
    if (kinds.has(kind) || kinds.size >= MAX_FOUND) continue
    kinds.add(kind)
    post({ found: { index, failure: check.failure, input: minimise(input) } })
  }
  post({ tally })
}

function timed(input: Input): Comparison {
  for (let tries = 3; ; tries--) {
    const start = performance.now()
    const check = checkInput(input)
    const ms = performance.now() - start
    if (ms < SLOW_MS) return check
    // The machine may be busy.
    if (tries === 0) return { ...check, failure: `it takes ${ms.toFixed(0)} ms` }
  }
}
