// A thread that sends requests through rate-limiting, and tells how many passed.
import { parentPort, workerData } from 'node:worker_threads'
import rateLimiting from '../../plugins/rate-limiting/index.js'
import { CounterTable } from '../../src/plugin/counter-table.js'
import { fakeContext } from './fake-context.js'
import { prepared, UNBOUND } from './plugin-config.js'
import { silentEnv } from './plugin-env.js'
import { meet, type Crew } from './threads.js'

export interface Limited {
  readonly buffer: SharedArrayBuffer
  readonly now: number
  readonly config: object
  readonly requests: number
}

const job = workerData as Limited & Crew
void rateLimiting.init?.(silentEnv(job.now, CounterTable.attach(job.buffer)))
const use = prepared(rateLimiting, job.config, UNBOUND)
let passed = 0
meet(job)
for (let i = 0; i < job.requests; i++) {
  const ctx = fakeContext()
  void rateLimiting.access?.(ctx, use)
  if (ctx.answer === null) passed++
}
parentPort?.postMessage(passed)
