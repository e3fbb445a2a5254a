// How soon a gateway is ready, and how much memory it holds when nothing happens.
//
//   node dist/test/bench/startup.js [--times 9] [--gw 'CMD ...']
import { parseArgs } from 'node:util'
import { isReady, launch } from '../support/gateway.js'
import { gwCommand } from '../support/root.js'
import { sleep, waitFor } from '../support/wait.js'
import { residentBytes } from './cpu.js'
import { median } from './stats.js'

const { values: options } = parseArgs({
  options: { times: { type: 'string', default: '9' }, gw: { type: 'string' } },
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

const readyMs: number[] = []
const idleMb: number[] = []
for (let i = 0; i < Number(options.times); i++) {
  // Memory needs a rest to show itself; one look is enough.
  const isLast = i === Number(options.times) - 1
  const start = performance.now()
  const gateway = await launch({
    config,
    command: options.gw?.split(' ') ?? [process.execPath, gwCommand, 'start'],
  })
  try {
    await waitFor('/status/ready', () => isReady(gateway.statusPort), 20_000)
    readyMs.push(performance.now() - start)
    if (isLast) {
      await sleep(IDLE_MS)
      idleMb.push(residentBytes(gateway.child.pid) / 2 ** 20)
    }
  } finally {
    await gateway.stop()
  }
}

const ready = median(readyMs)
const idle = median(idleMb)
console.log(
  `ready after ${ready.toFixed(0)} ms (median of ${readyMs.length}; target < ${READY_TARGET_MS})`,
)
console.log(`idle memory ${idle.toFixed(0)} MB (target < ${MEMORY_TARGET_MB})`)
