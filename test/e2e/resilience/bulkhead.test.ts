// A slow service holds as many connections as it may, and no more.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce, type Answer } from '../../support/http-client.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
let gateway: RunningGateway
/** Answers what the target holds back. */
let held: (() => void)[] = []

before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())
beforeEach(() => {
  held = []
  target.answer((socket, request) => held.push(() => ok(socket, request)))
})
afterEach(() => gateway.stop())

async function start(config: object, engine = 'uws'): Promise<void> {
  const plugins = [{ name: 'bulkhead', config }]
  const env = { GW_ENGINE: engine }
  gateway = await startGateway({ config: oneRoute(target.port, { plugins }), env })
}

const ask = (): Promise<Answer> => requestOnce(gateway.proxyPort, 'GET', '/')

async function leaveOne(path: string): Promise<HttpClient> {
  const client = await HttpClient.connect(gateway.proxyPort)
  client.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
  return client
}

const reached = (count: number): Promise<void> =>
  waitFor(`${count} requests to reach the target`, () => held.length === count)

/** Requests without a complete answer. */
async function pending(): Promise<number> {
  const { text } = await requestOnce(gateway.statusPort, 'GET', '/status')
  return (JSON.parse(text) as { server: { requests_pending: number } }).server.requests_pending
}

describe('a bulkhead', () => {
  for (const engine of ['uws', 'http1']) {
    it(`lets requests wait for a place, and takes no more connections (${engine})`, async () => {
      const connections = target.connections
      await start({ max_connections: 2, queue_timeout: 60 }, engine)
      const answers = Array.from({ length: 8 }, () => ask())
      for (let i = 0; i < 8; i++) {
        await waitFor('the next request', () => held[i] !== undefined)
        assert.ok(held.length <= i + 2, 'more than two are under way')
        held[i]?.()
      }
      const statuses = (await Promise.all(answers)).map(({ status }) => status)
      assert.deepEqual(statuses, Array<number>(8).fill(200))
      assert.equal(target.connections - connections, 2)
    })
  }

  it('refuses at once what would have to wait behind a full queue', async () => {
    await start({ max_connections: 1, max_queued: 0 })
    const first = ask()
    await reached(1)
    const answer = await ask()
    assert.equal(answer.status, 503)
    assert.match(answer.text, /"message":"service unavailable: too many requests under way"/)
    assert.equal(answer.header('via'), undefined)
    held[0]?.()
    assert.equal((await first).status, 200)
    assert.match(gateway.log, /"level":"warn".*"service":"target","refused":1,"max_connections":1/)
  })

  it('refuses what has waited for too long', async () => {
    await start({ max_connections: 1, queue_timeout: 0.05 })
    const first = ask()
    await reached(1)
    assert.equal((await ask()).status, 503)
    held[0]?.()
    assert.equal((await first).status, 200)
    assert.equal(held.length, 1)
  })

  it('forgets clients that leave the queue, and gives back the place of one that leaves', async () => {
    await start({ max_connections: 1, max_queued: 1, queue_timeout: 60 })
    const first = await leaveOne('/first')
    await reached(1)
    const second = await leaveOne('/second')
    await waitFor('the queue to be full', async () => (await ask()).status === 503)
    second.close()
    await waitFor('the gateway to notice', async () => (await pending()) === 1)
    target.answer(ok)
    first.close()
    await waitFor('the place to be free', async () => (await ask()).status === 200)
    assert.ok(!target.requests.some(({ path }) => path === '/second'))
  })

  it('keeps the body of a request that waits', async () => {
    await start({ max_connections: 1, queue_timeout: 60 })
    const first = ask()
    await reached(1)
    const body = 'x'.repeat(300_000)
    const client = await HttpClient.connect(gateway.proxyPort)
    const second = client.request('POST', '/', {}, body)
    await waitFor('both to be under way', async () => (await pending()) === 2)
    held[0]?.()
    await first
    await reached(2)
    held[1]?.()
    assert.equal((await second).status, 200)
    assert.equal(target.requests.at(-1)?.body.toString(), body)
    client.close()
  })
})
