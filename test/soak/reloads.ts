// What a gateway does while its file changes all the time and a worker dies: is any request lost, does any wait.
import { join } from 'node:path'
import { ClientProcess } from '../bench/clients/process.js'
import type { PacerProtocol, Sample } from '../bench/clients/pacer.js'
import { percentile } from '../bench/stats.js'
import { bigConfig } from '../support/big-config.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { startNginx, type RunningServer } from '../support/nginx.js'
import { projectRoot } from '../support/root.js'
import { sleep, waitFor } from '../support/wait.js'

export interface SoakOptions {
  readonly seconds: number
  readonly perSecond: number
  readonly reloads: number
  /** In the file, each with a service and plugins. */
  readonly routes: number
  readonly workers: number
}

export interface SoakResult {
  readonly sent: number
  readonly answered200: number
  /** Without a whole answer, or with another status, beyond those that were under way on the worker that was killed. */
  readonly failed: number
  /** Under way on that worker. */
  readonly cut: number
  /** From the signal to the line in the log, in ms, ascending. */
  readonly reloadMs: readonly number[]
  /** Of the requests that were due while a reload was under way, in ms. */
  readonly duringReload: Latencies
  readonly without: Latencies
}

export interface Latencies {
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

/** Where a request is sent that is to be answered whatever changes. */
const STEADY = '/steady'
const PACER = '127.0.0.21'
/** About a death: requests that were under way, and those that came before the clients knew. */
const DEATH_MS = 300

interface Span {
  readonly from: number
  readonly to: number
}

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seconds, perSecond, reloads, workers } = options
  const target = await startTarget()
  const gateway = await startSoaked(fileOf(0, options, target.port), workers)
  const pacer = startPacer(gateway)
  try {
    // The compiler has its part before anything is measured.
    await pacer.ask({ perSecond, seconds: 2, path: STEADY })
    const asking = pacer.ask({ perSecond, seconds, path: STEADY }, (seconds + 30) * 1_000)
    const spans: Span[] = []
    let death: Span = { from: 0, to: 0 }
    const pauseMs = (seconds * 1_000) / (reloads + 2)
    for (let number = 1; number <= reloads; number++) {
      await sleep(pauseMs)
      spans.push(await reload(gateway, fileOf(number, options, target.port)))
      if (number === Math.ceil(reloads / 2)) {
        await sleep(pauseMs / 2)
        death = await killOne(gateway)
      }
    }
    return report(await asking, spans, death)
  } finally {
    await pacer.stop()
    await gateway.stop()
    await target.stop()
  }
}

/** @param from the address that it comes from */
export function startPacer(
  { proxyPort }: RunningGateway,
  from = PACER,
): ClientProcess<PacerProtocol> {
  return new ClientProcess<PacerProtocol>('pacer', [String(proxyPort), from], false)
}

/** Half of the requests later than this: they pile up. A busy machine makes a few late at any rate. */
const HOLDS_MS = 10
const LEAST_PER_SECOND = 50

/** The wanted rate, or a half or a quarter of it: what the machine can hold at present. Warms the gateway up, too. */
export async function rateThatHolds(
  pacer: ClientProcess<PacerProtocol>,
  wanted: number,
  path: string,
): Promise<number> {
  await pacer.ask({ perSecond: wanted, seconds: 1, path })
  for (let perSecond = wanted; ; perSecond /= 2) {
    const samples = await pacer.ask({ perSecond, seconds: 1, path })
    const isHeld = latencies(samples).p50 < HOLDS_MS && samples.every((s) => s.status === 200)
    if (isHeld || perSecond / 2 < LEAST_PER_SECOND) return perSecond
  }
}

/** nginx, which takes the least of the processors. */
export function startTarget(): Promise<RunningServer> {
  return startNginx({
    http: (port) => `server { listen 127.0.0.1:${port}; location / { return 200 'ok'; } }`,
  })
}

export function startSoaked(config: string, workers: number): Promise<RunningGateway> {
  return startGateway({
    config,
    env: {
      // As the image and the unit of systemd have it.
      NODE_OPTIONS: '--v8-pool-size=0',
      KONG_NGINX_WORKER_PROCESSES: String(workers),
      KONG_PLUGINS: 'bundled,mortal',
      GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/workers'),
    },
  })
}

/** A large file in which each time something is different: a route, a limit, a key, a service that comes and goes. */
export function fileOf(
  number: number,
  { routes }: { readonly routes: number },
  target: number,
): string {
  const big = bigConfig(routes)
    .replace('/api/team-1/service-1', `/api/team-1/service-1-of-${number}`)
    .replace('minute: 102', `minute: ${1_000 + number}`)
    .replace('key-of-client-1', `key-${number}-of-client-1`)
  const more = number % 2 === 0 ? '' : '- name: now-and-then\n  url: http://127.0.0.1:9\n'
  const own = [
    '- name: steady',
    `  url: http://127.0.0.1:${target}`,
    '  routes:',
    `  - { name: steady, paths: [${STEADY}] }`,
    '  - name: exit',
    '    paths: [/exit]',
    '    plugins: [{ name: mortal, config: { deed: exit } }]',
  ]
  return big.replace('services:\n', `services:\n${own.join('\n')}\n${more}`)
}

export async function reload(gateway: RunningGateway, file: string): Promise<Span> {
  const before = count(gateway, 'configuration reloaded')
  gateway.writeConfig(file)
  const from = Date.now()
  gateway.child.signal('SIGHUP')
  await waitFor('the reload', () => count(gateway, 'configuration reloaded') > before, 20_000)
  return { from, to: Date.now() }
}

async function killOne(gateway: RunningGateway): Promise<Span> {
  const before = count(gateway, 'has taken the place')
  const from = Date.now()
  // It ends the worker that serves it.
  await requestOnce(gateway.proxyPort, 'GET', '/exit').catch(() => undefined)
  const to = Date.now() + DEATH_MS
  await waitFor('a successor', () => count(gateway, 'has taken the place') > before)
  return { from, to }
}

function count({ log }: RunningGateway, message: string): number {
  return log.split(message).length - 1
}

function report(samples: readonly Sample[], reloads: readonly Span[], death: Span): SoakResult {
  const isIn = ({ dueAt, latencyMs }: Sample, { from, to }: Span): boolean =>
    dueAt + latencyMs >= from && dueAt <= to
  const bad = samples.filter(({ status }) => status !== 200)
  const cut = bad.filter((sample) => sample.status === 0 && isIn(sample, death))
  const good = samples.filter(({ status }) => status === 200)
  const isDuring = (sample: Sample): boolean => reloads.some((span) => isIn(sample, span))
  return {
    sent: samples.length,
    answered200: good.length,
    failed: bad.length - cut.length,
    cut: cut.length,
    reloadMs: reloads.map(({ from, to }) => to - from).sort((a, b) => a - b),
    duringReload: latencies(good.filter(isDuring)),
    without: latencies(good.filter((sample) => !isDuring(sample) && !isIn(sample, death))),
  }
}

export function latencies(samples: readonly Sample[]): Latencies {
  const sorted = samples.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  return {
    requests: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    longest: percentile(sorted, 1),
  }
}
