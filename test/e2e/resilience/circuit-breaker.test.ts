// A target that does not answer is left alone for a while, and clients are told so at once.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce, type Answer } from '../../support/http-client.js'
import { freePort } from '../../support/ports.js'
import {
  ok,
  startRecordingTarget,
  type RecordingTarget,
  type Reply,
} from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

const reset: Reply = (socket) => socket.resetAndDestroy()
const silent: Reply = () => undefined

/** A breaker that needs less than the default one. */
const quick = (config: object = {}): object => ({
  name: 'circuit-breaker',
  config: { volume_threshold: 4, reset_timeout: 3600, ...config },
})

let target: RecordingTarget
let deadPort = 0
let gateway: RunningGateway

before(async () => {
  target = await startRecordingTarget()
  deadPort = await freePort()
})
after(() => target.close())

interface ServiceOptions {
  readonly port?: number
  readonly plugins?: readonly object[]
  readonly routes?: readonly object[]
  readonly read_timeout?: number
}

function serviceAt(name: string, { port = target.port, plugins = [], ...more }: ServiceOptions) {
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    retries: 0,
    read_timeout: 100,
    plugins,
    routes: [{ name, paths: [`/${name}`] }],
    ...more,
  }
}

const file = (...services: object[]): object => ({ _format_version: '3.0', services })

async function start(config: object, env: Readonly<Record<string, string>> = {}): Promise<void> {
  gateway = await startGateway({ config, env })
}

const ask = (path: string): Promise<Answer> => requestOnce(gateway.proxyPort, 'GET', path)

async function statuses(path: string, count: number): Promise<number[]> {
  const seen: number[] = []
  for (let i = 0; i < count; i++) seen.push((await ask(path)).status)
  return seen
}

const times = (count: number, status: number): number[] => Array<number>(count).fill(status)

describe('a circuit breaker', () => {
  beforeEach(() => target.answer(ok))
  afterEach(() => gateway.stop())

  it('refuses, by default, what comes behind twenty refused connections', async () => {
    await start(file(serviceAt('dead', { port: deadPort }), serviceAt('well', {})))
    assert.deepEqual(await statuses('/dead', 21), [...times(20, 502), 503])
    const answer = await ask('/dead')
    const id = answer.header('x-kong-request-id') ?? ''
    assert.equal(
      answer.text,
      `{\n  "message":"service unavailable: circuit open",\n  "request_id":"${id}"\n}`,
    )
    assert.match(answer.header('retry-after') ?? '', /^([12]?\d|30)$/)
    assert.equal(answer.header('via'), undefined)
    assert.equal((await ask('/well')).status, 200, 'another service is none of its business')
    const lines = gateway.log.split('\n').filter((line) => line.includes('circuit'))
    assert.equal(lines.length, 1, gateway.log)
    assert.match(lines[0] ?? '', /"level":"warn".*"service":"dead".*"requests":20,"failures":20/)
  })

  it('tells each client in the form that it accepts', async () => {
    await start(file(serviceAt('dead', { port: deadPort, plugins: [quick()] })))
    await statuses('/dead', 4)
    const answer = await requestOnce(gateway.proxyPort, 'GET', '/dead', { Accept: 'text/plain' })
    assert.match(answer.text, /^service unavailable: circuit open\nrequest_id: [0-9a-f]{32}\n$/)
  })

  it('leaves a target alone that has stopped to answer', async () => {
    target.answer(silent)
    await start(file(serviceAt('slow', { plugins: [quick()] })))
    assert.deepEqual(await statuses('/slow', 5), [...times(4, 504), 503])
    const seen = target.requests.length
    assert.deepEqual(await statuses('/slow', 20), times(20, 503))
    assert.equal(target.requests.length, seen)
  })

  it('lets one of fifty requests try when its time is over, and all when that is answered', async () => {
    target.answer(reset)
    await start(file(serviceAt('flaps', { plugins: [quick({ reset_timeout: 0.2 })] })))
    await statuses('/flaps', 4)
    let answer = (): void => undefined
    target.answer((socket, request) => {
      answer = () => ok(socket, request)
    })
    const seen = target.requests.length
    await waitFor('the circuit to be half-open', () => gateway.log.includes('half-open'))
    const fifty = Array.from({ length: 50 }, () => ask('/flaps'))
    let refused = 0
    for (const each of fifty) void each.then(({ status }) => (refused += Number(status === 503)))
    await waitFor('49 to be refused', () => refused === 49)
    await waitFor('the other at the target', () => target.requests.length > seen)
    assert.equal(target.requests.length - seen, 1)
    target.answer(ok)
    answer()
    const answers = await Promise.all(fifty)
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    await waitFor('the circuit to be closed', () => gateway.log.includes('circuit closed'))
    assert.deepEqual(await statuses('/flaps', 5), times(5, 200))
  })

  it('opens again when the one that tries fails', async () => {
    target.answer(reset)
    await start(file(serviceAt('flaps', { plugins: [quick({ reset_timeout: 0.2 })] })))
    await statuses('/flaps', 4)
    await waitFor('the circuit to be half-open', () => gateway.log.includes('half-open'))
    assert.equal((await ask('/flaps')).status, 502)
    assert.match(gateway.log, /circuit open again/)
  })

  it('lets another one try when the client of the first has left', async () => {
    target.answer(reset)
    await start(
      file(
        serviceAt('flaps', {
          plugins: [quick({ reset_timeout: 0.2 })],
          read_timeout: 60_000,
        }),
      ),
    )
    await statuses('/flaps', 4)
    await waitFor('the circuit to be half-open', () => gateway.log.includes('half-open'))
    target.answer(silent)
    const seen = target.requests.length
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send('GET /flaps HTTP/1.1\r\nHost: a\r\n\r\n')
    await waitFor('the request to reach the target', () => target.requests.length > seen)
    assert.equal((await ask('/flaps')).status, 503)
    target.answer(ok)
    client.close()
    await waitFor('another one to pass', async () => (await ask('/flaps')).status === 200)
  })

  it('does not count clients that leave', async () => {
    target.answer(silent)
    await start(file(serviceAt('slow', { plugins: [quick()], read_timeout: 60_000 })))
    for (let i = 1; i <= 8; i++) {
      const seen = target.requests.length
      const client = await HttpClient.connect(gateway.proxyPort)
      client.send('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
      await waitFor('the request to reach the target', () => target.requests.length > seen)
      client.close()
    }
    target.answer(ok)
    assert.equal((await ask('/slow')).status, 200)
  })

  it('counts statuses that it is told of, and gives the fallback that it has', async () => {
    target.answer((socket) => socket.write('HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n'))
    const fallback = { status: 200, body: '[]', content_type: 'application/json' }
    const plugins = [quick({ failure_statuses: [500], fallback })]
    await start(file(serviceAt('fails', { plugins }), serviceAt('plain', { plugins: [quick()] })))
    assert.deepEqual(await statuses('/fails', 5), [...times(4, 500), 200])
    const answer = await ask('/fails')
    assert.equal(answer.text, '[]')
    assert.equal(answer.header('content-type'), 'application/json')
    assert.deepEqual(await statuses('/plain', 8), times(8, 500))
  })

  it('of a route with values of its own stands for that route alone', async () => {
    const routes = [
      { name: 'own', paths: ['/own'], plugins: [quick()] },
      { name: 'other', paths: ['/other'] },
    ]
    await start(file(serviceAt('dead', { port: deadPort, routes })))
    assert.deepEqual(await statuses('/own', 5), [...times(4, 502), 503])
    assert.deepEqual(await statuses('/other', 5), times(5, 502))
  })

  it('does nothing where it is switched off', async () => {
    const plugins = [quick({ enabled: false })]
    await start(file(serviceAt('dead', { port: deadPort, plugins })))
    assert.deepEqual(await statuses('/dead', 30), times(30, 502))
  })

  it('does nothing when GW_CIRCUIT_BREAKER is off', async () => {
    const config = file(serviceAt('dead', { port: deadPort, plugins: [quick()] }))
    await start(config, { GW_CIRCUIT_BREAKER: 'off' })
    assert.deepEqual(await statuses('/dead', 8), times(8, 502))
  })

  it('stays open over a reload that leaves its service alone', async () => {
    const dead = serviceAt('dead', { port: deadPort, plugins: [quick()] })
    await start(file(dead))
    assert.deepEqual(await statuses('/dead', 5), [...times(4, 502), 503])
    gateway.writeConfig(file(dead, serviceAt('new', {})))
    gateway.child.signal('SIGHUP')
    await waitFor('the new file', async () => (await ask('/new')).status === 200)
    assert.equal((await ask('/dead')).status, 503)
    gateway.writeConfig(file({ ...dead, url: `http://127.0.0.1:${target.port}` }))
    gateway.child.signal('SIGHUP')
    await waitFor('the new target', async () => (await ask('/dead')).status === 200)
  })

  for (const engine of ['uws', 'http1']) {
    it(`does not keep a gateway from ending (${engine})`, async () => {
      await start(file(serviceAt('dead', { port: deadPort, plugins: [quick()] })), {
        GW_ENGINE: engine,
      })
      await statuses('/dead', 5)
      gateway.child.signal('SIGQUIT')
      await waitFor('the gateway to end', () => !gateway.child.isRunning)
      assert.equal((await gateway.child.ended).code, 0)
    })
  }
})
