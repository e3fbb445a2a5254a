// A thread that counts in a table it shares with others, and tells how many of its steps a limit let through.
import { parentPort, workerData } from 'node:worker_threads'
import { CounterTable } from '../../src/plugin/counter-table.js'
import { meet, type Crew } from './threads.js'

export interface Counting {
  readonly buffer: SharedArrayBuffer
  /** One after the other, and in each of them `rounds` times over all identifiers. */
  readonly windows: readonly number[]
  readonly identifiers: number
  readonly rounds: number
  readonly limit: number
  /** Steps that are taken back at once: one in so many. */
  readonly takeBackEvery?: number
}

const job = workerData as Counting & Crew
const table = CounterTable.attach(job.buffer)
const scope = table.scope('test')
let passed = 0
for (const end of job.windows) {
  meet(job)
  for (let round = 0; round < job.rounds; round++) {
    for (let i = 0; i < job.identifiers; i++) step(i, end)
  }
}
parentPort?.postMessage(passed)

function step(i: number, end: number): void {
  const client = table.identify(`client ${i}`)
  if (table.addBelow(scope, client, end, job.limit, end - 1000) >= job.limit) return
  passed++
  if (job.takeBackEvery === undefined || passed % job.takeBackEvery !== 0) return
  table.takeBack(scope, client, end)
  passed--
}
