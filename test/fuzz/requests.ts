// The parser of requests against llhttp, on millions of mangled requests:
//
//   node dist/test/fuzz/requests.js [--count 1000000] [--seed 1] [--first 0] [--workers 2]
//
// The same seed gives the same inputs, however many workers there are; `--first N --count 1` runs one of them alone.
// Prints what became of them. Ends with 1 when there is a difference that is not known, and prints its bytes.
import { Worker } from 'node:worker_threads'
import { parseArgs } from 'node:util'
import { add, emptyTally, print } from './tally.js'
import type { Found, Message, Work } from './worker.js'

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: '2' },
  },
})
const seed = Number(options.seed)
const first = Number(options.first)
const end = first + Number(options.count)
const workers = Number(options.workers)

/** A worker that reads one input for so long will never end. */
const HANG_MS = 60_000
const LOOK_MS = 5_000

const sum = emptyTally()
let failures = 0
const start = performance.now()
await Promise.all(Array.from({ length: workers }, (_, index) => runWorker(index)))
const seconds = (performance.now() - start) / 1_000
if (sum.inputs > 0) print(sum)
console.log(`\nNode ${process.version}, llhttp ${process.versions.llhttp ?? ''}, seed ${seed}`)
console.log(`${((end - first) / seconds).toFixed(0)} inputs a second on ${workers} threads`)
console.log(`${failures} kinds of failures`)
process.exitCode = failures === 0 ? 0 : 1

function runWorker(offset: number): Promise<void> {
  const at = new SharedArrayBuffer(4)
  const work: Work = { seed, first: first + offset, end, step: workers, at }
  const worker = new Worker(new URL('worker.js', import.meta.url), { workerData: work })
  const watch = watchFor(worker, new Int32Array(at))
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if ('tally' in message) add(sum, message.tally)
      else report(message.found)
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      clearInterval(watch)
      resolve()
    })
  })
}

function watchFor(worker: Worker, place: Int32Array): NodeJS.Timeout {
  let [last, since] = [-1, performance.now()]
  return setInterval(() => {
    const now = Atomics.load(place, 0)
    if (now !== last) [last, since] = [now, performance.now()]
    else if (performance.now() - since > HANG_MS) {
      failures++
      console.log(`FAIL input ${last}: it hangs; run --seed ${seed} --first ${last} --count 1`)
      void worker.terminate()
    }
  }, LOOK_MS)
}

function report({ index, failure, input }: Found): void {
  failures++
  const { text, cuts, limits } = input
  console.log(`FAIL input ${index}: ${failure}`)
  console.log(`  bytes ${literal(text)}`)
  console.log(`  cuts [${cuts.join(', ')}], lineBytes ${limits.lineBytes}\n`)
}

/** As it can stand in a test. */
function literal(text: string): string {
  const code = (char: string): string => char.charCodeAt(0).toString(16).padStart(2, '0')
  return JSON.stringify(text)
    .replace(/\\u00/g, '\\x')
    .replace(/[\x7f-\xff]/g, (char) => `\\x${code(char)}`)
}
