// `make faults`: what a dead or slow target costs the other services, and the requests to its own, in about two minutes.
//
//   node dist/test/soak/faults.js [--rounds 3] [--per-second 1000] [--upstream-per-second 2000] [--workers 1,2]
import { parseArgs } from 'node:util'
import { deaths, type Round } from './deaths.js'
import { median } from '../bench/stats.js'
import { GUARDS, neighbours, STATES, type Slice } from './neighbours.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    'per-second': { type: 'string', default: '1000' },
    'upstream-per-second': { type: 'string', default: '2000' },
    workers: { type: 'string', default: '1,2' },
  },
})

const ROUNDS: readonly Round[] = [
  { checks: 'both', retries: 0 },
  { checks: 'both', retries: 2 },
  { checks: 'active', retries: 2 },
  { checks: 'passive', retries: 2 },
]

for (const workers of values.workers.split(',').map(Number)) {
  await tellNeighbours(workers)
  await tellDeaths(workers)
}

async function tellNeighbours(workers: number): Promise<void> {
  const rounds = Number(values.rounds)
  const wanted = Number(values['per-second'])
  const { perSecond, slices } = await neighbours({ rounds, workers, perSecond: wanted })
  console.log(`\n${workers} worker(s), ${perSecond} requests/s to B, ${perSecond / 5} to A\n`)
  printTable(
    ['before A', 'A is', 'B p50', 'B p99', 'least p99', 'B failed', 'CPU %', 'A was told'],
    GUARDS.flatMap((guard) =>
      STATES.map((state) => {
        const those = slices.filter((slice) => slice.guard === guard && slice.state === state)
        return [guard, state, ...summary(those)]
      }),
    ),
  )
}

/** Medians of the rounds, in ms; the least p99 is that of the round that was disturbed least. */
function summary(slices: readonly Slice[]): readonly string[] {
  const p99 = slices.map(({ well }) => well.p99)
  const ms = [median(slices.map(({ well }) => well.p50)), median(p99), Math.min(...p99)]
  const failed = slices.reduce((sum, slice) => sum + slice.failed, 0)
  const statuses = new Map<number, number>()
  for (const status of slices.flatMap((slice) => slice.statuses)) {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  return [
    ...ms.map((value) => value.toFixed(1)),
    String(failed),
    median(slices.map(({ cpuPercent }) => cpuPercent)).toFixed(0),
    Array.from(statuses, ([status, count]) => `${count} x ${status}`).join(', '),
  ]
}

async function tellDeaths(workers: number): Promise<void> {
  const wanted = Number(values['upstream-per-second'])
  const died = await deaths({ perSecond: wanted, workers, rounds: ROUNDS })
  console.log(`\n${workers} worker(s), ${died.perSecond} requests/s to three targets\n`)
  const ms = (value: number): string => `${value.toFixed(0)} ms`
  printTable(
    ['checks', 'retries', 'sent', 'failed', 'under way', 'noticed', 'back', 'p99 ms', 'longest'],
    died.deaths.map((death) => [
      ...[death.checks, String(death.retries), String(death.sent), String(death.failed)],
      ...[String(death.underWay), ms(death.noticedMs), ms(death.returnMs)],
      ...[death.answered.p99.toFixed(1), ms(death.answered.longest)],
    ]),
  )
}

function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of [heads, heads.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`)
}
