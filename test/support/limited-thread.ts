// A thread that sends requests through a plugin that limits, and tells how many passed.
import { parentPort, workerData } from 'node:worker_threads'
import { bundledPlugins } from '../../plugins/index.js'
import { CounterTable } from '../../src/plugin/counter-table.js'
import { fakeContext } from './fake-context.js'
import { prepared, UNBOUND } from './plugin-config.js'
import { silentEnv } from './plugin-env.js'
import { meet, type Crew } from './threads.js'

export interface Limited {
  readonly plugin: string
  readonly buffer: SharedArrayBuffer
  /** For plugins that keep fill levels. */
  readonly buckets?: SharedArrayBuffer
  readonly now: number
  readonly config: object
  readonly requests: number
}

const job = workerData as Limited & Crew
const plugin = bundledPlugins.find(({ name }) => name === job.plugin)
if (plugin === undefined) throw new Error(`no plugin ${job.plugin}`)
const buckets = CounterTable.attach(job.buckets ?? job.buffer)
void plugin.init?.(silentEnv(job.now, CounterTable.attach(job.buffer), buckets))
// eslint-disable-next-line @typescript-eslint/no-unsafe-argument -- whichever it is, it gets what it has prepared itself
const use: unknown = prepared(plugin, job.config, UNBOUND)
let passed = 0
meet(job)
for (let i = 0; i < job.requests; i++) {
  const ctx = fakeContext()
  void plugin.access?.(ctx, use)
  if (ctx.answer === null) passed++
}
parentPort?.postMessage(passed)
