// How soon a gateway is ready, and how much memory it holds when nothing happens.
//
//   node dist/test/bench/startup.js [--engine uws|http1|both] [--times 9] [--gw 'CMD ...']
import { parseArgs } from 'node:util'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { isReady, launch } from '../support/gateway.js'
import { gwCommand } from '../support/root.js'
import { sleep, waitFor } from '../support/wait.js'
import { residentBytes } from './cpu.js'
import { chosenEngines } from './engines.js'
import { median } from './stats.js'

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    times: { type: 'string', default: '9' },
    gw: { type: 'string' },
  },
})

const READY_TARGET_MS = 400
const MEMORY_TARGET_MB = 90
const IDLE_MS = 5_000

const config = {
  _format_version: '3.0',
  services: [
    {
      name: 'target',
      url: 'http://127.0.0.1:9',
      routes: Array.from({ length: 10 }, (_, i) => ({ name: `r${i}`, paths: [`/r${i}`] })),
    },
  ],
}

for (const engine of chosenEngines(options.engine)) await measure(engine)

async function measure(engine: EngineKind): Promise<void> {
  const readyMs: number[] = []
  let idleBytes = Number.NaN
  for (let i = 0; i < Number(options.times); i++) {
    const start = performance.now()
    const gateway = await launch({
      config,
      env: { GW_ENGINE: engine },
      command: options.gw?.split(' ') ?? [process.execPath, gwCommand, 'start'],
    })
    try {
      await waitFor('/status/ready', () => isReady(gateway.statusPort), 20_000)
      readyMs.push(performance.now() - start)
      // Memory needs a rest to show itself; one look is enough.
      if (i > 0) continue
      await sleep(IDLE_MS)
      idleBytes = residentBytes(gateway.child.pid)
    } finally {
      await gateway.stop()
    }
  }
  console.log(
    `${engine}: ready after ${median(readyMs).toFixed(0)} ms ` +
      `(median of ${readyMs.length}; target < ${READY_TARGET_MS}), ` +
      `idle memory ${(idleBytes / 2 ** 20).toFixed(0)} MB (target < ${MEMORY_TARGET_MB})`,
  )
}
