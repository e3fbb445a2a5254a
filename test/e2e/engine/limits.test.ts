// The limits of EngineSettings: long lines, large bodies, slow bodies, and what the pipeline hears of them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode } from '../../../src/errors/codes.js'
import type { Exchange } from '../../../src/model/exchange.js'
import {
  closeAll,
  ENGINES,
  nextExchange,
  observer,
  readWhole,
  request,
  run,
  type Running,
} from './setup.js'

const MB = 1024 * 1024

function post(length: number): string {
  return request('POST / HTTP/1.1', `Content-Length: ${length}`)
}

const CHUNKED = request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')

/** What ends the body of that exchange before its time; it is answered, or cut, as the pipeline would do. */
function bodyFault(exchange: Exchange, answer: () => void): Promise<ErrorCode> {
  return new Promise((resolve) => {
    exchange.observer = observer({
      onBodyFault(code) {
        answer()
        resolve(code)
      },
    })
  })
}

for (const kind of ENGINES) {
  describe(`${kind.name}: limits of a head`, () => {
    let running: Running
    before(async () => {
      running = await run(kind, { lineBytes: 1024, lineBuffers: 2, headerLines: 20 })
    })
    after(closeAll)

    /** The fault that those bytes are handed over with; a faulty request is the last of its connection. */
    async function faultOf(bytes: string): Promise<ErrorCode | null | undefined> {
      let seen: ErrorCode | null | undefined
      running.handler = (exchange) => {
        seen = exchange.fault
        exchange.respond(exchange.fault === null ? 200 : 400, '', 'x')
      }
      const client = await running.open()
      const answer = await client.ask(bytes)
      assert.equal(answer.headers.connection, seen === null ? undefined : 'close')
      if (seen !== null) assert.equal(await client.untilEnd(), '')
      client.destroy()
      return seen
    }

    /** A line of so many bytes, its end counted. */
    const lineOf = (start: string, bytes: number, end = ''): string =>
      start + 'x'.repeat(bytes - start.length - end.length - 2) + end

    it('takes a request line that fits, and marks a longer one', async () => {
      const line = (bytes: number) => request(lineOf('GET /', bytes, ' HTTP/1.1'))
      assert.equal(await faultOf(line(1024)), null)
      assert.equal(await faultOf(line(1025)), 'URI_TOO_LONG')
      assert.equal(await faultOf(line(3000)), 'URI_TOO_LONG')
    })

    it('takes a header line that fits, and marks a longer one', async () => {
      const get = (bytes: number) => request('GET / HTTP/1.1', lineOf('X-Long: ', bytes))
      assert.equal(await faultOf(get(1024)), null)
      assert.equal(await faultOf(get(1025)), 'HEADERS_TOO_LARGE')
      assert.equal(await faultOf(get(2000)), 'HEADERS_TOO_LARGE')
    })

    it('counts bytes and not characters', async () => {
      const text = Buffer.from('\u00e9'.repeat(600)).toString('latin1')
      assert.equal(await faultOf(request(`GET /${text} HTTP/1.1`)), 'URI_TOO_LONG')
      assert.equal(
        await faultOf(request('GET / HTTP/1.1', `X-Long: .${text}.`)),
        'HEADERS_TOO_LARGE',
      )
    })

    it('marks header lines that are too long together', async () => {
      const get = (bytes: number) =>
        request('GET / HTTP/1.1', lineOf('X-A: ', 1000), lineOf('X-B: ', bytes - 1000))
      assert.equal(await faultOf(get(1900)), null)
      assert.equal(await faultOf(get(2100 - 14)), 'HEADERS_TOO_LARGE')
    })

    it('marks more header lines than it is told to take', async () => {
      const get = (lines: number) =>
        request('GET / HTTP/1.1', 'Host: a', ...Array.from({ length: lines - 1 }, () => 'X-A: 1'))
      assert.equal(await faultOf(get(20)), null)
      assert.equal(await faultOf(get(21)), 'HEADERS_TOO_LARGE')
    })
  })

  describe(`${kind.name}: limits of a body`, () => {
    let running: Running
    before(async () => {
      running = await run(kind, { maxBodyBytes: 10, bodyTimeoutMs: 200 })
    })
    after(closeAll)

    it('takes a body of just the limit', async () => {
      running.handler = (exchange) => {
        void readWhole(exchange).then((body) => exchange.respond(200, '', body))
      }
      for (const bytes of [
        `${post(10)}0123456789`,
        `${CHUNKED}4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n`,
      ]) {
        const client = await running.open()
        assert.equal((await client.ask(bytes)).body.toString(), '0123456789')
      }
    })

    it('hands a request that announces more over as faulty, without its body', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${post(11)}01234567890`)
      const exchange = await coming
      assert.equal(exchange.fault, 'BODY_TOO_LARGE')
      assert.equal(exchange.bodyLength, 0)
      exchange.respond(413, '', 'too large')
      const answer = await client.answer()
      assert.equal(answer.status, 413)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(await client.untilEnd(), '')
    })

    it('lets the answer reach a client that is still sending', async () => {
      running.handler = (exchange) => exchange.respond(413, '', 'too large')
      const client = await running.open()
      client.send(post(8 * MB)).send(Buffer.alloc(8 * MB))
      assert.equal((await client.answer()).body.toString(), 'too large')
    })

    it('never takes what follows for another request', async () => {
      const targets: string[] = []
      running.handler = (exchange) => {
        targets.push(exchange.target)
        exchange.respond(413, '', null)
      }
      const smuggled = request('GET /smuggled HTTP/1.1')
      const client = await running.open()
      await client.send(post(smuggled.length) + smuggled + smuggled).untilEnd()
      assert.deepEqual(targets, ['/'])
    })

    it('tells of a chunked body that grows too large, once, and hands nothing of the rest over', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${CHUNKED}6\r\n012345\r\n`)
      const exchange = await coming
      assert.equal(exchange.fault, null)
      let faults = 0
      let bytes = 0
      const found = new Promise<ErrorCode>((resolve) => {
        exchange.observer = observer({
          onBodyFault(code) {
            faults++
            exchange.respond(413, '', 'too large')
            resolve(code)
          },
        })
      })
      exchange.readBody({
        onBodyChunk(chunk, last) {
          bytes += chunk.length
          assert.ok(!last)
        },
      })
      client.send('6\r\n678901\r\n6\r\n678901\r\n0\r\n\r\n')
      assert.equal(await found, 'BODY_TOO_LARGE')
      const answer = await client.answer()
      assert.equal(answer.status, 413)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(await client.untilEnd(), '')
      assert.equal(faults, 1)
      assert.ok(bytes <= 10, `${bytes} bytes`)
      assert.equal(running.engine.pending, 0)
    })

    for (const [what, bytes] of [
      ['of known length', `${post(8)}part`],
      ['in chunks', `${CHUNKED}4\r\npart\r\n`],
      [
        'of a client that wants the connection closed',
        `${request('POST / HTTP/1.1', 'Content-Length: 8', 'Connection: close')}part`,
      ],
    ] as const) {
      it(`tells of a body ${what} that pauses for too long, and closes behind the answer`, async () => {
        const coming = nextExchange(running)
        const client = await running.open()
        client.send(bytes)
        const exchange = await coming
        const found = bodyFault(exchange, () => exchange.respond(408, '', 'too slow'))
        exchange.readBody({ onBodyChunk: (_, last) => assert.ok(!last) })
        assert.equal(await found, 'REQUEST_TIMEOUT')
        const answer = await client.answer()
        assert.equal(answer.status, 408)
        assert.equal(answer.headers.connection, 'close')
        assert.equal(await client.untilEnd(3000), '')
        assert.equal(running.engine.pending, 0)
      })
    }

    it('tells of a slow body behind the start of an answer, which can only be cut', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${post(8)}part`)
      const exchange = await coming
      exchange.start(200, '', 100)
      exchange.write(Buffer.from('begun'))
      assert.equal(await bodyFault(exchange, () => exchange.close()), 'REQUEST_TIMEOUT')
      assert.match(await client.untilEnd(3000), /begun$/)
      assert.equal(running.engine.pending, 0)
    })

    it('tells nothing behind an answer that is complete', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${post(8)}part`)
      const exchange = await coming
      exchange.observer = observer({ onBodyFault: (code) => assert.fail(code) })
      exchange.respond(200, '', 'done')
      assert.equal((await client.answer()).body.toString(), 'done')
      await sleep(500)
      assert.deepEqual(running.errors, [])
    })

    it('cuts a slow client when nobody has cared', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${post(8)}part`)
      await coming
      assert.equal(await client.untilEnd(3000), '')
      assert.equal(running.engine.pending, 0)
    })

    it('closes the connection when the observer throws', async () => {
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(`${post(8)}part`)
      const exchange = await coming
      exchange.observer = observer({
        onBodyFault() {
          throw new Error('an observer at fault')
        },
      })
      await client.untilEnd(3000)
      assert.match(running.errors.join(), /an observer at fault/)
      assert.equal(running.engine.pending, 0)
    })
  })
}
