// How much later an answer comes for a limit that is counted in Redis: one request after the other, with it and without it
// in turns, all on this machine.
//
//   node dist/test/bench/redis-latency.js [--engine uws|http1|both] [--requests 3000]
import { parseArgs } from 'node:util'
import type { EngineKind } from '../../src/gateway/engine-settings.js'
import { RawClient } from '../support/raw-client.js'
import { startRedis } from '../support/redis.js'
import { chosenEngines, startEngine } from './engines.js'
import { startTarget } from './nginx.js'
import { bareConfig, withLimitInRedis } from './scenarios.js'
import { percentile } from './stats.js'

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    requests: { type: 'string', default: '3000' },
  },
})

const BLOCK = 300
const blocks = Math.ceil(Number(options.requests) / BLOCK)

const target = await startTarget()
const redis = await startRedis()
try {
  for (const engine of chosenEngines(options.engine)) await measure(engine)
} finally {
  await redis.stop()
  await target.stop()
}

async function measure(engine: EngineKind): Promise<void> {
  const configs = [bareConfig(target.port), withLimitInRedis(target.port, redis.port)]
  const gateways = []
  const clients: RawClient[] = []
  try {
    for (const config of configs) {
      const gateway = await startEngine({ engine, config })
      gateways.push(gateway)
      clients.push(await RawClient.open(gateway.proxyPort))
    }
    for (const client of clients) await askOften(client)
    const taken: number[][] = clients.map(() => [])
    for (let block = 0; block < blocks; block++) {
      for (const [i, client] of clients.entries()) taken[i]?.push(...(await askOften(client)))
    }
    const [without, counted] = taken.map(inWords)
    console.log(`${engine}: ${without ?? ''} without, ${counted ?? ''} with a limit in Redis`)
  } finally {
    for (const client of clients) client.destroy()
    for (const gateway of gateways) await gateway.stop()
  }
}

/** Milliseconds of each. */
async function askOften(client: RawClient): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < BLOCK; i++) {
    const start = performance.now()
    const { status } = await client.ask('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    if (status !== 200) throw new Error(`answered ${status}`)
    taken.push(performance.now() - start)
  }
  return taken
}

function inWords(taken: readonly number[]): string {
  const ascending = taken.toSorted((a, b) => a - b)
  const [half, most] = [0.5, 0.99].map((part) => percentile(ascending, part).toFixed(2))
  return `${half} ms (p99 ${most} ms)`
}
