// `make soak`: a minute of traffic with reloads and a death in between, then a thousand reloads and what they leave behind.
//
//   node dist/test/soak/soak.js [--seconds 60] [--per-second 2000] [--reloads 20] [--routes 1000] [--many 1000]
import { parseArgs } from 'node:util'
import { residentBytes } from '../bench/cpu.js'
import { fileOf, reload, soak, startSoaked, startTarget, type Latencies } from './reloads.js'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    'per-second': { type: 'string', default: '2000' },
    reloads: { type: 'string', default: '20' },
    routes: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '2' },
    many: { type: 'string', default: '1000' },
  },
})
const routes = Number(values.routes)
const workers = Number(values.workers)

await underTraffic()
await manyReloads(Number(values.many))

async function underTraffic(): Promise<void> {
  const result = await soak({
    seconds: Number(values.seconds),
    perSecond: Number(values['per-second']),
    reloads: Number(values.reloads),
    routes,
    workers,
  })
  const { sent, answered200, failed, cut, reloadMs, duringReload, without } = result
  console.log(
    `${answered200} of ${sent} requests answered 200, ${cut} cut by the death, ${failed} failed`,
  )
  console.log(`reloads: ${reloadMs[0]} to ${reloadMs.at(-1)} ms`)
  console.log(`during a reload: ${text(duringReload)}`)
  console.log(`without:         ${text(without)}`)
  console.log(`p99 during a reload: ${(duringReload.p99 / without.p99).toFixed(2)} x without`)
}

function text({ requests, p50, p99, longest }: Latencies): string {
  const [a, b, c] = [p50, p99, longest].map((ms) => ms.toFixed(1))
  return `${requests} requests, p50 ${a}, p99 ${b}, longest ${c} ms`
}

async function manyReloads(many: number): Promise<void> {
  const target = await startTarget()
  const gateway = await startSoaked(fileOf(0, { routes }, target.port), workers)
  try {
    for (let number = 1; number <= many; number++) {
      await reload(gateway, fileOf(number, { routes }, target.port))
      if (number % (many / 10) !== 0) continue
      const megabytes = (residentBytes(gateway.child.pid) / 2 ** 20).toFixed(0)
      console.log(`after ${number} reloads: ${megabytes} MB`)
    }
  } finally {
    await gateway.stop()
    await target.stop()
  }
}
