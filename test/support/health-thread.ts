// A thread that asks for the places of many addresses, and counts a failure at each, while others do the same.
import { parentPort, workerData } from 'node:worker_threads'
import { HealthChecks } from '../../src/upstream/health/health-checks.js'
import { HealthTable } from '../../src/upstream/health/health-table.js'
import { healthchecks, keptLog, type KeptLine } from './health.js'
import { meet, type Crew } from './threads.js'

export interface HealthJob {
  readonly buffer: SharedArrayBuffer
  readonly addresses: number
  /** Failures until an address falls. */
  readonly limit: number
  readonly failures: number
}

const job = workerData as HealthJob & Crew
const lines: KeptLine[] = []
const checks = new HealthChecks(HealthTable.attach(job.buffer), keptLog(lines), () => 0)
const rules = healthchecks({ passive: { unhealthy: { tcp_failures: job.limit } } })
const pool = checks.of({ name: 'pool', healthchecks: rules })
meet(job)
const peers = Array.from({ length: job.addresses }, (_, i) =>
  pool.peer({ ip: '10.0.0.1', port: i + 1, host: 'a.test' }),
)
for (let i = 0; i < job.failures; i++) for (const peer of peers) peer.onFailure('tcp')
meet(job)
parentPort?.postMessage({ down: peers.filter(({ isUp }) => !isUp).length, lines: lines.length })
