// proxy-cache with `strategy: redis`: what gateways share, and what becomes of requests while Redis is away.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startCaching } from '../support/caching.js'
import { ENGINES } from '../support/engine-listeners.js'
import type { RunningGateway } from '../support/gateway.js'
import { requestOnce, type Answer } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { startRedis, type RunningRedis } from '../support/redis.js'
import { waitFor } from '../support/wait.js'

const TIMEOUT_MS = 1_000
const MEGABYTE = 1024 * 1024

let target: RecordingTarget
let redis: RunningRedis
let ports: readonly number[]
let gateways: readonly RunningGateway[]

before(async () => {
  target = await startRecordingTarget()
  redis = await startRedis()
  ports = await freePorts(ENGINES.length * 2)
  const settings = { host: '127.0.0.1', port: redis.port, timeout: TIMEOUT_MS }
  const strategy = { strategy: 'redis', redis: settings }
  gateways = [
    await startCaching(target, ports.slice(0, ENGINES.length), strategy),
    await startCaching(target, ports.slice(ENGINES.length), strategy),
  ]
})
after(async () => {
  for (const gateway of gateways) await gateway.stop()
  await redis.stop()
  await target.close()
})
beforeEach(() => target.answer(ok))

const statusOf = (answer: Answer): string | undefined => answer.header('x-cache-status')

for (const [i, engine] of ENGINES.entries()) {
  describe(`proxy-cache in Redis on ${engine}`, () => {
    const [first = 0, second = 0] = [0, ENGINES.length].map((from) => from + i)
    const get = (place: number, path: string): Promise<Answer> =>
      requestOnce(ports[place] ?? 0, 'GET', `${path}?engine=${engine}`)
    /** An answer goes out before Redis has it. */
    const hit = async (place: number, path: string): Promise<Answer> => {
      let answer = await get(place, path)
      await waitFor('a kept answer', async () => {
        answer = await get(place, path)
        return statusOf(answer) === 'Hit'
      })
      return answer
    }

    it('gives one gateway what another one has brought, byte for byte', async () => {
      const lines =
        'Content-Type: text/plain\r\nX-Name: \xc3\xa9\xff\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2'
      target.answer((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${lines}\r\nContent-Length: 2\r\n\r\n\0\xff`, 'latin1'),
      )
      const brought = await get(first, '/plain/shared')
      assert.equal(statusOf(brought), 'Miss')
      await hit(first, '/plain/shared')
      const earlier = target.requests.length
      const found = await get(second, '/plain/shared')
      assert.equal(statusOf(found), 'Hit')
      assert.equal(target.requests.length, earlier)
      assert.equal(found.header('x-name'), '\xc3\xa9\xff')
      assert.equal(found.header('x-cache-key'), brought.header('x-cache-key'))
      assert.match(found.header('age') ?? '', /^\d+$/)
      const cookies = found.headers.filter(([name]) => name.toLowerCase() === 'set-cookie')
      assert.deepEqual(
        cookies.map(([, value]) => value),
        ['a=1', 'b=2'],
      )
      assert.deepEqual([...found.body], [0, 255])
    })

    it('is emptied for both by the Admin API of one', async () => {
      const admin = (method: string, path: string): Promise<Answer> =>
        requestOnce(gateways[0]?.adminPort ?? 0, method, `/proxy-cache${path}`)
      const key = (await hit(first, '/plain/forgotten')).header('x-cache-key') ?? ''
      const shown = await admin('GET', `/${key}`)
      assert.equal((JSON.parse(shown.text) as { body: string }).body, '{"ok":true}')
      assert.equal((await admin('DELETE', `/${key}`)).status, 204)
      assert.equal((await admin('DELETE', `/${key}`)).status, 404)
      assert.equal(statusOf(await get(second, '/plain/forgotten')), 'Miss')
      await hit(second, '/plain/forgotten')
      assert.equal((await admin('DELETE', '')).status, 204)
      assert.equal(statusOf(await get(second, '/plain/forgotten')), 'Miss')
    })

    it('asks the target once for many who come at the same time', async () => {
      const answers = Array.from({ length: 20 }, () => get(first, '/coalesced'))
      const all = await Promise.all(answers)
      assert.ok(all.every(({ text }) => text === '{"ok":true}'))
      assert.deepEqual(
        all.map(statusOf).filter((status) => status !== 'Hit'),
        ['Miss'],
      )
    })

    it('lets a body over 1 MiB through, and does not keep it', async () => {
      const body = Buffer.alloc(MEGABYTE + 1, 'x')
      target.answer((socket) => {
        const head = `Content-Type: text/plain\r\nContent-Length: ${body.length}`
        socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`)
        socket.write(body)
      })
      for (let round = 0; round < 2; round++) {
        const url = `http://127.0.0.1:${ports[first] ?? 0}/plain/large?engine=${engine}`
        const answer = await fetch(url)
        assert.equal(answer.headers.get('x-cache-status'), 'Miss')
        assert.ok(Buffer.from(await answer.arrayBuffer()).equals(body))
      }
    })

    it('answers from what another gateway has brought when the target fails', async () => {
      await hit(first, '/faithful')
      target.answer((socket) => socket.destroy())
      let answer = await get(second, '/faithful')
      while (statusOf(answer) === 'Hit') answer = await get(second, '/faithful')
      assert.equal(statusOf(answer), 'Stale')
      assert.deepEqual([answer.status, answer.text], [200, '{"ok":true}'])
    })
  })
}

describe('proxy-cache, when Redis', () => {
  const get = (path: string): Promise<Answer> => requestOnce(ports[0] ?? 0, 'GET', path)
  const isBack = (path: string): Promise<void> =>
    waitFor('Redis to keep answers again', async () => statusOf(await get(path)) === 'Hit', 20_000)

  it('hangs, asks the target after no longer than the timeout, and at once from then on', async () => {
    await isBack('/plain/hanging')
    redis.pause()
    try {
      const begun = performance.now()
      const crowd = await Promise.all(Array.from({ length: 50 }, () => get('/plain/hanging')))
      const waited = performance.now() - begun
      assert.ok(crowd.every((answer) => answer.status === 200 && statusOf(answer) === 'Bypass'))
      assert.ok(waited < TIMEOUT_MS * 5, `waited ${waited} ms`)
      const next = performance.now()
      assert.equal(statusOf(await get('/plain/hanging')), 'Bypass')
      assert.ok(performance.now() - next < TIMEOUT_MS * 0.9)
    } finally {
      redis.resume()
    }
    await isBack('/plain/hanging')
  })

  it('dies, asks the target, says so to the Admin API, and keeps again when it is back', async () => {
    await isBack('/plain/dying')
    await redis.stop()
    for (let round = 0; round < 20; round++) {
      const answer = await get('/plain/dying')
      assert.deepEqual([answer.status, statusOf(answer)], [200, 'Bypass'])
    }
    const { status } = await requestOnce(gateways[0]?.adminPort ?? 0, 'DELETE', '/proxy-cache')
    assert.equal(status, 503)
    redis = await startRedis([], redis.port)
    await isBack('/plain/dying')
  })
})
