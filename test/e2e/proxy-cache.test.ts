// proxy-cache on real sockets: requests that come at the same time, bodies that are too large, targets that fail, and what
// stays of an answer's framing.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startCaching } from '../support/caching.js'
import { ENGINES } from '../support/engine-listeners.js'
import type { RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce, type Answer } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import type { Socket } from 'node:net'

const MEGABYTE = 1024 * 1024

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  gateway = await startCaching(target, ports, { strategy: 'memory' })
})
after(async () => {
  await gateway.stop()
  await target.close()
})
beforeEach(() => target.answer(ok))

const statusOf = (answer: Answer): string | undefined => answer.header('x-cache-status')

/** A text of that size, whose length is announced. */
function send(socket: Socket, body: string | Buffer): void {
  socket.write(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  socket.write(body)
}

for (const [i, engine] of ENGINES.entries()) {
  describe(`proxy-cache on ${engine}`, () => {
    const get = (path: string): Promise<Answer> =>
      requestOnce(ports[i] ?? 0, 'GET', `${path}?engine=${engine}`)

    /** Megabytes: those who read byte by byte take too long. */
    async function getLarge(path: string): Promise<{ headers: Headers; body: Buffer }> {
      const answer = await fetch(`http://127.0.0.1:${ports[i] ?? 0}${path}?engine=${engine}`)
      return { headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
    }

    it('leaves the length of an answer that it keeps', async () => {
      const first = await get('/plain/length')
      const second = await get('/plain/length')
      assert.deepEqual([statusOf(first), statusOf(second)], ['Miss', 'Hit'])
      for (const answer of [first, second]) {
        assert.equal(answer.header('content-length'), '11')
        assert.equal(answer.text, '{"ok":true}')
      }
      assert.match(second.header('x-kong-proxy-latency') ?? '', /^\d+$/)
      assert.equal(second.header('x-kong-upstream-latency'), '0')
    })

    it('goes on with the next request behind a Hit, HEAD too', async () => {
      const client = await HttpClient.connect(ports[i] ?? 0)
      try {
        const path = `/plain/next?engine=${engine}`
        const seen: unknown[] = []
        for (const method of ['GET', 'GET', 'HEAD', 'GET']) {
          seen.push(statusOf(await client.request(method, path)))
        }
        assert.deepEqual(seen, ['Miss', 'Hit', 'Miss', 'Hit'])
      } finally {
        client.close()
      }
    })

    it('gives back the bytes of headers and body as they were', async () => {
      const lines =
        'Content-Type: text/plain\r\nX-Name: \xc3\xa9\xff\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2'
      target.answer((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${lines}\r\nContent-Length: 2\r\n\r\n\0\xff`, 'latin1'),
      )
      const [first, second] = [await get('/plain/bytes'), await get('/plain/bytes')]
      assert.deepEqual([statusOf(first), statusOf(second)], ['Miss', 'Hit'])
      for (const { body, headers, ...answer } of [first, second]) {
        assert.equal(answer.header('x-name'), '\xc3\xa9\xff')
        assert.equal(headers.filter(([name]) => name.toLowerCase() === 'set-cookie').length, 2)
        assert.deepEqual([...body], [0, 255])
      }
    })

    it('forgets what the Admin API is told to', async () => {
      const admin = (method: string, path: string): Promise<Answer> =>
        requestOnce(gateway.adminPort, method, `/proxy-cache${path}`)
      const key = (await get('/plain/forgotten')).header('x-cache-key') ?? ''
      const shown = await admin('GET', `/${key}`)
      assert.equal((JSON.parse(shown.text) as { body: string }).body, '{"ok":true}')
      assert.equal((await admin('DELETE', `/${key}`)).status, 204)
      assert.equal((await admin('GET', `/${key}`)).status, 404)
      assert.equal(statusOf(await get('/plain/forgotten')), 'Miss')
      assert.equal((await admin('DELETE', '')).status, 204)
      assert.equal(statusOf(await get('/plain/forgotten')), 'Miss')
    })

    it('asks the target once for many who come at the same time', async () => {
      const earlier = target.requests.length
      const waiting: Socket[] = []
      target.answer((socket, request) => {
        if (request.path.startsWith('/last')) ok(socket, request)
        else waiting.push(socket)
      })
      const answers = Array.from({ length: 20 }, () => get('/coalesced'))
      // Whoever would ask the target has done so by the time that a later request is answered.
      assert.equal((await get('/plain/last')).status, 200)
      await get('/coalesced/last')
      for (const socket of waiting) send(socket, 'one')
      const all = await Promise.all(answers)
      assert.ok(all.every(({ text }) => text === 'one'))
      assert.deepEqual(
        all.map(statusOf).filter((status) => status !== 'Hit'),
        ['Miss'],
      )
      const asked = target.requests.slice(earlier).filter(({ path }) => !path.startsWith('/last'))
      assert.equal(asked.length, 1)
    })

    it('lets a large body through, and does not keep it', async () => {
      const body = Buffer.alloc(9 * MEGABYTE, 'x')
      target.answer((socket) => send(socket, body))
      for (let round = 0; round < 2; round++) {
        const { headers, ...answer } = await getLarge('/plain/large')
        assert.equal(headers.get('x-cache-status'), 'Miss')
        assert.equal(headers.get('content-length'), String(body.length))
        assert.ok(answer.body.equals(body))
      }
    })

    it('gives up what was not used for longest when there is too much', async () => {
      const body = Buffer.alloc(4 * MEGABYTE, 'x')
      target.answer((socket) => send(socket, body))
      for (let place = 0; place < 20; place++) await getLarge(`/plain/many/${place}`)
      const [last, first] = [await getLarge('/plain/many/19'), await getLarge('/plain/many/0')]
      assert.equal(last.headers.get('x-cache-status'), 'Hit')
      assert.ok(last.body.equals(body))
      assert.equal(first.headers.get('x-cache-status'), 'Miss')
    })

    it('answers from what is kept when the target fails, be it late', async () => {
      assert.equal(statusOf(await get('/faithful')), 'Miss')
      target.answer((socket) => socket.destroy())
      // For a second or so it is fresh.
      let answer = await get('/faithful')
      while (statusOf(answer) === 'Hit') answer = await get('/faithful')
      assert.equal(statusOf(answer), 'Stale')
      assert.equal(answer.status, 200)
      assert.equal(answer.text, '{"ok":true}')
      assert.equal(answer.header('content-type'), 'application/json')
      target.answer((socket) =>
        socket.write('HTTP/1.1 503 Out\r\nContent-Length: 5\r\nX-Bad: 1\r\n\r\nsorry'),
      )
      answer = await get('/faithful')
      assert.deepEqual([answer.status, answer.text], [200, '{"ok":true}'])
      assert.equal(answer.header('x-bad'), undefined)
    })
  })
}
