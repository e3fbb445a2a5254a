// Every fault of a target: what the client is told, how often which target is asked, what health checks and breakers make
// of it, and that another service of the same gateway answers as before.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ENGINES } from '../../../src/gateway/engine-settings.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { RawClient } from '../../support/raw-client.js'
import { ok } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'
import { AUTHORITY, replying, secure, type FaultyTarget } from './faulty-targets.js'
import { FAULTS, type Fault } from './table.js'

/** For targets that are well, time enough on a slow machine. */
const TIMEOUT_MS = 1_000
/** A circuit opens at so many. */
const FAILURES = 3
const CA_ID = '5b6f2d6e-8f2c-4a52-9d9e-3a3f9c3c9b31'

const BREAKER = {
  name: 'circuit-breaker',
  config: { volume_threshold: FAILURES, reset_timeout: 3600 },
}
const PASSIVE = {
  unhealthy: { tcp_failures: 1, timeouts: 1, http_failures: 1, http_statuses: [500, 502, 503] },
}

/** A target for each way in which a service may have it, so that what one sees does not matter to the others. */
interface Faulty {
  readonly fault: Fault
  readonly alone: FaultyTarget
  readonly once: FaultyTarget
  readonly withRetry: FaultyTarget
}

type Way = Exclude<keyof Faulty, 'fault'>

const nameOf = (fault: Fault, way: Way): string => `${way}-${FAULTS.indexOf(fault)}`

async function startFaulty(fault: Fault): Promise<Faulty> {
  const [alone, once, withRetry] = [await fault.start(), await fault.start(), await fault.start()]
  return { fault, alone, once, withRetry }
}

function serviceOf(fault: Fault, way: Way, host: string, port: number): object {
  const name = nameOf(fault, way)
  const { protocol = 'http', readTimeoutMs = TIMEOUT_MS } = fault
  return {
    ...{ name, host, port, protocol },
    connect_timeout: TIMEOUT_MS,
    read_timeout: readTimeoutMs,
    retries: way === 'once' ? 0 : 1,
    ...(protocol === 'https' && { tls_verify: true, ca_certificates: [CA_ID] }),
    ...(way === 'alone' && { plugins: [BREAKER] }),
    routes: [{ name, paths: [`/${name}`] }],
  }
}

function upstreamOf(name: string, ports: readonly number[]): object {
  const targets = ports.map((port) => ({ target: `127.0.0.1:${port}` }))
  return { name, targets, healthchecks: { passive: PASSIVE } }
}

function fileOf(faulty: readonly Faulty[], others: Record<'http' | 'https', number[]>): object {
  const services = [
    { name: 'well', url: `http://127.0.0.1:${others.http[0]}`, routes: [{ paths: ['/well'] }] },
  ] as object[]
  const upstreams: object[] = []
  for (const { fault, alone, once, withRetry } of faulty) {
    services.push(serviceOf(fault, 'alone', '127.0.0.1', alone.port))
    for (const [way, { port }] of [
      ['once', once],
      ['withRetry', withRetry],
    ] as const) {
      const name = nameOf(fault, way)
      services.push(serviceOf(fault, way, name, 80))
      upstreams.push(upstreamOf(name, [port, ...others[fault.protocol ?? 'http']]))
    }
  }
  const ca_certificates = [{ id: CA_ID, cert: AUTHORITY.cert }]
  return { _format_version: '3.0', ca_certificates, upstreams, services }
}

/** Lines of the log with such fields. */
function lines({ log }: RunningGateway, ...parts: readonly string[]): readonly string[] {
  return log.split('\n').filter((line) => parts.every((part) => line.includes(part)))
}

for (const engine of ENGINES) {
  describe(`a target that fails, on ${engine}`, { concurrency: true }, () => {
    const started: FaultyTarget[] = []
    let faulty: readonly Faulty[] = []
    let gateway: RunningGateway
    before(async () => {
      faulty = await Promise.all(FAULTS.map(startFaulty))
      const good = await Promise.all([replying(ok)(), replying(ok)(), secure(), secure()])
      started.push(...good, ...faulty.flatMap((each) => [each.alone, each.once, each.withRetry]))
      const [http, https] = [good.slice(0, 2), good.slice(2)].map((of) => of.map((t) => t.port))
      const config = fileOf(faulty, { http: http ?? [], https: https ?? [] })
      gateway = await startGateway({ config, env: { GW_ENGINE: engine } })
    })
    after(async () => {
      await gateway.stop()
      for (const target of started) await target.close()
    })

    /** The status, and `cut` behind it for an answer that is not whole. */
    async function ask(path: string): Promise<string> {
      const client = await RawClient.open(gateway.proxyPort)
      client.send(`GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
      try {
        return String((await client.answer()).status)
      } catch {
        return `${client.received.split(' ')[1] ?? 'nothing'} cut`
      } finally {
        client.destroy()
      }
    }

    async function askTimes(count: number, path: string): Promise<string[]> {
      const answers: string[] = []
      for (let i = 0; i < count; i++) answers.push(await ask(path))
      return answers
    }

    const find = (fault: Fault): Faulty =>
      faulty.find((each) => each.fault === fault) ?? assert.fail('not started')

    for (const fault of FAULTS) {
      const { name, answer, code, tries, isFailure } = fault
      const way = isFailure ? 'and its circuit opens' : 'and its circuit stays closed'
      it(`that ${name} is ${answer} by itself, after ${tries} of 2 tries, ${way}`, async () => {
        const { alone } = find(fault)
        const service = nameOf(fault, 'alone')
        const asked = tries * FAILURES
        // A connection that is replaced has been asked, too.
        const replaced = name === 'closes kept connections' ? FAILURES - 1 : 0
        assert.deepEqual(await askTimes(FAILURES, service), Array(FAILURES).fill(answer))
        assert.equal(await ask('well'), '200')
        if (!Number.isNaN(alone.tries)) assert.equal(alone.tries, asked + replaced)
        if (code !== null) {
          const failed = [`"code":"${code}"`, `"route":"${service}"`]
          await waitFor('the log', () => lines(gateway, ...failed).length === FAILURES)
          if (tries > 1) assert.equal(lines(gateway, ...failed, `, try ${tries}"`).length, FAILURES)
        }
        const circuits = (): readonly string[] =>
          lines(gateway, `"service":"${service}"`, 'circuit')
        if (!isFailure) {
          assert.deepEqual(circuits(), [])
          return
        }
        const seen = alone.tries
        assert.deepEqual(await askTimes(4, service), Array(4).fill('503'))
        assert.equal(alone.tries, seen)
        await waitFor('the circuit in the log', () => circuits().length > 0)
        assert.match(
          circuits()[0] ?? '',
          /"level":"warn".*"requests":3,"failures":3.*circuit open:/,
        )
        assert.equal(circuits().length, 1)
      })
    }

    for (const fault of FAULTS) {
      for (const way of ['once', 'withRetry'] as const) {
        const answer = fault[way]
        const event = way === 'once' ? fault.event : fault.eventWithRetry
        const what = event === null ? 'stays among them' : `is taken out (${event})`
        const many = way === 'once' ? 'without another try' : 'with another try'
        it(`that ${fault.name} is ${answer} among three ${many}, and ${what}`, async () => {
          const target = find(fault)[way]
          const upstream = nameOf(fault, way)
          const first = await askTimes(3, upstream)
          assert.deepEqual(first.toSorted(), ['200', '200', answer].toSorted())
          assert.equal(await ask('well'), '200')
          const changes = (): readonly string[] =>
            lines(gateway, 'health status changed', `"upstream":"${upstream}"`)
          if (event === null) {
            const more = await askTimes(3, upstream)
            assert.deepEqual(more.toSorted(), ['200', '200', answer].toSorted())
            assert.deepEqual(changes(), [])
            return
          }
          await waitFor('the change', () => changes().length > 0)
          assert.deepEqual(await askTimes(6, upstream), Array(6).fill('200'))
          if (!Number.isNaN(target.tries)) assert.equal(target.tries, 1)
          assert.equal(changes().length, 1)
          assert.match(
            changes()[0] ?? '',
            new RegExp(`"port":${target.port},"checks":"passive","event":"${event}","count":1`),
          )
        })
      }
    }
  })
}
