// An upstream of three targets under load, of which one is killed and started again: what fails, and when it is asked again.
import { join } from 'node:path'
import type { Sample } from '../bench/clients/pacer.js'
import { Child } from '../support/child.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { projectRoot } from '../support/root.js'
import { sleep, waitFor } from '../support/wait.js'
import { latencies, rateThatHolds, startPacer, type Latencies } from './reloads.js'

/** What tells the gateway that a target is down, and up again. */
export const CHECKS = ['both', 'active', 'passive'] as const
export type Checks = (typeof CHECKS)[number]

export interface Round {
  readonly checks: Checks
  readonly retries: number
}

export interface DeathOptions {
  /** At the most. */
  readonly perSecond: number
  readonly workers: number
  readonly rounds: readonly Round[]
}

export interface Death extends Round {
  readonly sent: number
  /** Not answered 200. */
  readonly failed: number
  /** Failed, but sent when the gateway knew, or over before the death. */
  readonly unexcused: number
  /** Requests that the target had when it died. */
  readonly underWay: number
  /** From the death to the line in the log that it is down. */
  readonly noticedMs: number
  /**
   * From the moment that the target listens again to its first request. With passive checks alone nothing brings it back
   * but the Admin API, as in Kong: from that call on.
   */
  readonly returnMs: number
  /** Of requests that were answered 200. */
  readonly answered: Latencies
}

/** Seconds between probes. */
const INTERVAL = 0.5
const SECONDS = 5
/** Of the traffic before the death, and of that without the target. */
const CALM_MS = 1_000
const PATIENCE_MS = 20_000
/** The clocks of two processes may differ by so much. */
const CLOCKS_MS = 20

const passive = {
  unhealthy: { tcp_failures: 1, timeouts: 1, http_failures: 1, http_statuses: [500, 502, 503] },
}
const active = {
  timeout: 5,
  healthy: { interval: INTERVAL, successes: 1 },
  unhealthy: { interval: INTERVAL, tcp_failures: 1, timeouts: 1 },
}
const HEALTHCHECKS: Readonly<Record<Checks, object>> = {
  both: { active, passive },
  active: { active },
  passive: { passive },
}

/** One round after the other, at a rate that the machine can hold at present. */
export async function deaths(
  options: DeathOptions,
): Promise<{ readonly perSecond: number; readonly deaths: readonly Death[] }> {
  const { workers, rounds } = options
  const ports = await freePorts(3)
  const victims = await Promise.all(ports.map(startVictim))
  const gateway = await startGateway({
    config: fileOf(ports),
    env: { NODE_OPTIONS: '--v8-pool-size=0', KONG_NGINX_WORKER_PROCESSES: `${workers}` },
  })
  const pacer = startPacer(gateway)
  try {
    const perSecond = await rateThatHolds(pacer, options.perSecond, '/both-0')
    const died: Death[] = []
    for (const round of rounds) {
      const name = nameOf(round)
      await waitFor('all targets to be up', () => areUp(gateway, name), PATIENCE_MS)
      const asking = pacer.ask({ perSecond, seconds: SECONDS, path: `/${name}`, connections: 128 })
      const course = await killAndRestart(gateway, round, victims)
      died.push({ ...round, ...course, ...judge(await asking, course) })
    }
    return { perSecond, deaths: died }
  } finally {
    await pacer.stop()
    await gateway.stop()
    for (const victim of victims) await victim.child.stop()
  }
}

interface Victim {
  readonly port: number
  child: Child
}

async function startVictim(port: number): Promise<Victim> {
  const child = new Child(process.execPath, [
    join(projectRoot, 'dist/test/soak/victim.js'),
    String(port),
  ])
  await waitFor('a target', () => child.stdout.includes('listens'), PATIENCE_MS)
  return { port, child }
}

/** The number that a target has said behind these words. */
function said({ stdout }: Child, words: string): number {
  return Number(new RegExp(`${words} (\\d+)`).exec(stdout)?.[1] ?? Number.NaN)
}

interface Course {
  readonly diedAt: number
  readonly noticedAt: number
  readonly noticedMs: number
  readonly underWay: number
  readonly returnMs: number
}

async function killAndRestart(
  gateway: RunningGateway,
  round: Round,
  [victim]: readonly Victim[],
): Promise<Course> {
  if (victim === undefined) throw new Error('nobody to kill')
  const name = nameOf(round)
  await sleep(CALM_MS)
  const { child, port } = victim
  const before = gateway.log.length
  const diedAt = Date.now()
  child.signal('SIGUSR2')
  await child.ended
  const noticed = (): string | undefined =>
    gateway.log
      .slice(before)
      .split('\n')
      .find((line) => line.includes(`"upstream":"${name}"`) && line.includes('UNHEALTHY'))
  await waitFor('the gateway to notice', () => noticed() !== undefined, PATIENCE_MS)
  const { time } = JSON.parse(noticed() ?? '') as { time: string }
  const noticedAt = Date.parse(time)
  await sleep(CALM_MS)
  Object.assign(victim, await startVictim(port))
  const up =
    round.checks === 'passive'
      ? await switchOn(gateway, round, port)
      : said(victim.child, 'listens')
  await waitFor('requests to the target', () => serves(victim, gateway, name), PATIENCE_MS)
  return {
    ...{ diedAt, noticedAt, noticedMs: noticedAt - diedAt },
    underWay: said(child, 'under way'),
    returnMs: said(victim.child, 'serves') - up,
  }
}

/** Asks for itself, too: on a slow machine the traffic may be over by now. */
async function serves({ child }: Victim, gateway: RunningGateway, name: string): Promise<boolean> {
  await requestOnce(gateway.proxyPort, 'GET', `/${name}`)
  return said(child, 'serves') > 0
}

async function areUp({ adminPort }: RunningGateway, upstream: string): Promise<boolean> {
  const { text } = await requestOnce(adminPort, 'GET', `/upstreams/${upstream}/health`)
  const { data } = JSON.parse(text) as { data: readonly { readonly health: string }[] }
  return data.every(({ health }) => health === 'HEALTHY')
}

/** By hand; gives the time of that. */
async function switchOn(gateway: RunningGateway, round: Round, port: number): Promise<number> {
  const path = `/upstreams/${nameOf(round)}/targets/127.0.0.1:${port}/healthy`
  const at = Date.now()
  const { status, text } = await requestOnce(gateway.adminPort, 'PUT', path)
  if (status !== 204) throw new Error(`the Admin API answered ${status}: ${text}`)
  return at
}

/** A request is excused that was under way between the death and the moment when the gateway knew. */
function judge(samples: readonly Sample[], { diedAt, noticedAt }: Course) {
  const good = samples.filter(({ status }) => status === 200)
  const bad = samples.filter(({ status }) => status !== 200)
  const isExcused = ({ dueAt, latencyMs }: Sample): boolean =>
    dueAt <= noticedAt + CLOCKS_MS && dueAt + latencyMs >= diedAt
  return {
    sent: samples.length,
    failed: bad.length,
    unexcused: bad.filter((sample) => !isExcused(sample)).length,
    answered: latencies(good),
  }
}

const nameOf = ({ checks, retries }: Round): string => `${checks}-${retries}`

/** A service and an upstream for each round, so that none begins with what another one has left. */
function fileOf(ports: readonly number[]): object {
  const rounds = CHECKS.flatMap((checks) => [0, 2].map((retries) => ({ checks, retries })))
  const targets = ports.map((port) => ({ target: `127.0.0.1:${port}` }))
  return {
    _format_version: '3.0',
    upstreams: rounds.map((round) => ({
      ...{ name: nameOf(round), targets },
      healthchecks: HEALTHCHECKS[round.checks],
    })),
    services: rounds.map((round) => ({
      ...{ name: nameOf(round), host: nameOf(round), retries: round.retries },
      routes: [{ paths: [`/${nameOf(round)}`] }],
    })),
  }
}
