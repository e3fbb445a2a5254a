// What /status tells of circuit breakers and bulkheads.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

interface Resilience {
  readonly circuit_breakers: Readonly<Record<'opened' | 'open' | 'requests_refused', number>>
  readonly bulkheads: Readonly<Record<'requests_waiting' | 'requests_refused', number>>
}

let target: RecordingTarget
let gateway: RunningGateway
let dead: object
let narrow: object

before(async () => {
  target = await startRecordingTarget()
  target.answer(() => undefined)
  dead = {
    name: 'dead',
    url: `http://127.0.0.1:${await freePort()}`,
    retries: 0,
    // Of two routes, which share a circuit.
    routes: [
      { name: 'one', paths: ['/one'] },
      { name: 'two', paths: ['/two'] },
    ],
    plugins: [{ name: 'circuit-breaker', config: { volume_threshold: 4, reset_timeout: 3600 } }],
  }
  narrow = {
    name: 'narrow',
    url: `http://127.0.0.1:${target.port}`,
    routes: [{ name: 'narrow', paths: ['/narrow'] }],
    plugins: [
      { name: 'bulkhead', config: { max_connections: 1, max_queued: 1, queue_timeout: 60 } },
    ],
  }
  gateway = await startGateway({ config: file(dead, narrow) })
})
after(async () => {
  await gateway.stop()
  await target.close()
})

const file = (...services: object[]): object => ({ _format_version: '3.0', services })

async function resilience(): Promise<Resilience> {
  const { text } = await requestOnce(gateway.statusPort, 'GET', '/status/resilience')
  return JSON.parse(text) as Resilience
}

const ask = (path: string): Promise<unknown> => requestOnce(gateway.proxyPort, 'GET', path)

async function leaveOne(): Promise<HttpClient> {
  const client = await HttpClient.connect(gateway.proxyPort)
  client.send('GET /narrow HTTP/1.1\r\nHost: a\r\n\r\n')
  return client
}

describe('/status', () => {
  it('counts circuits that have opened, and what they refuse', async () => {
    for (let i = 0; i < 4; i++) await ask('/one')
    for (let i = 0; i < 3; i++) await ask('/two')
    await waitFor('the counts', async () => {
      const { opened, requests_refused } = (await resilience()).circuit_breakers
      return opened === 1 && requests_refused === 3
    })
    assert.equal((await resilience()).circuit_breakers.open, 1)
  })

  it('counts requests that wait before a bulkhead, and those that it refuses', async () => {
    const first = await leaveOne()
    await waitFor('it to be under way', () => target.requests.length === 1)
    const second = await leaveOne()
    await waitFor('one to wait', async () => (await resilience()).bulkheads.requests_waiting === 1)
    await ask('/narrow')
    await waitFor('a refusal', async () => (await resilience()).bulkheads.requests_refused === 1)
    first.close()
    second.close()
    await waitFor('none to wait', async () => (await resilience()).bulkheads.requests_waiting === 0)
  })

  it('forgets the open circuit of a service that is gone, and not that it had opened', async () => {
    gateway.writeConfig(file(narrow))
    gateway.child.signal('SIGHUP')
    await waitFor('none to be open', async () => (await resilience()).circuit_breakers.open === 0)
    assert.equal((await resilience()).circuit_breakers.opened, 1)
  })
})
