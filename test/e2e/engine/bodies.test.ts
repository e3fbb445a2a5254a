// Request bodies, back-pressure both ways, clients that go away.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Exchange } from '../../../src/model/exchange.js'
import {
  aborted,
  closeAll,
  ENGINES,
  GET,
  nextExchange,
  observer,
  readWhole,
  request,
  run,
  type Running,
} from './setup.js'

const MB = 1024 * 1024
// Kernel buffers of both ends and what the engine may hold; far below the 100 MB that pass.
const GROWTH = 48 * MB

function post(length: number, ...lines: readonly string[]): string {
  return request('POST / HTTP/1.1', `Content-Length: ${length}`, ...lines)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Follows what the process takes beyond what it has now; garbage does not count. */
class Growth {
  readonly #before: number
  #calls = 0
  highest = 0

  constructor() {
    collectGarbage()
    this.#before = process.memoryUsage.rss()
  }

  look(): void {
    if (this.#calls++ % 16 !== 0) return
    collectGarbage()
    this.highest = Math.max(this.highest, process.memoryUsage.rss() - this.#before)
  }

  check(): void {
    const grown = `grew by ${Math.round(this.highest / MB)} MB`
    assert.ok(this.#calls > 0 && this.highest < GROWTH, grown)
  }
}

for (const kind of ENGINES) {
  describe(`${kind.name}: bodies`, () => {
    let running: Running
    before(async () => {
      running = await run(kind)
    })
    after(closeAll)

    function echo(exchange: Exchange): void {
      void readWhole(exchange).then((body) => exchange.respond(200, '', body))
    }

    it('hands over a body of known length', async () => {
      let length = -2
      running.handler = (exchange) => {
        length = exchange.bodyLength
        echo(exchange)
      }
      const client = await running.open()
      for (let i = 0; i < 3; i++) {
        const answer = await client.ask(`${post(5)}hello`)
        assert.equal(answer.body.toString(), 'hello')
        assert.equal(length, 5)
      }
    })

    it('hands over a body that comes byte by byte', async () => {
      running.handler = echo
      const client = await running.open()
      client.send(post(5))
      for (const byte of 'hello') {
        client.send(byte)
        await sleep(1)
      }
      assert.equal((await client.answer()).body.toString(), 'hello')
    })

    it('hands over a chunked body', async () => {
      let length = -2
      running.handler = (exchange) => {
        length = exchange.bodyLength
        echo(exchange)
      }
      const client = await running.open()
      client.send(`${request('POST / HTTP/1.1', 'Transfer-Encoding: Chunked')}5\r\nhello\r\n`)
      await sleep(10)
      client.send('6\r\n world\r\n0\r\n\r\n')
      const answer = await client.answer()
      assert.equal(answer.body.toString(), 'hello world')
      assert.equal(length, -1)
    })

    it('gives the last piece exactly once, also without a body', async () => {
      const requests = [GET, post(0), `${post(3)}abc`]
      requests.push(`${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}0\r\n\r\n`)
      for (const bytes of requests) {
        let ends = 0
        running.handler = (exchange) => {
          const reader = {
            onBodyChunk(_: Buffer, last: boolean) {
              if (last) setImmediate(() => exchange.respond(200, '', String(++ends)))
            },
          }
          exchange.readBody(reader)
        }
        const client = await running.open()
        assert.equal((await client.ask(bytes)).body.toString(), '1')
        await sleep(5)
        assert.equal(ends, 1)
      }
    })

    it('keeps a body for a reader who comes late, and lets chunks be kept', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      const body = Buffer.alloc(300_000, 'abcdefgh1')
      client.send(post(body.length)).send(body)
      const exchange = await coming
      await sleep(30)
      const whole = await readWhole(exchange)
      assert.ok(whole.equals(body))
      exchange.respond(200, '', 'ok')
      assert.equal((await client.answer()).body.toString(), 'ok')
      running.handler = (next) => next.respond(200, '', 'again')
      assert.equal((await client.ask(GET)).body.toString(), 'again')
    })

    it('hands no chunk over while the body is paused, and all of them afterwards', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      const body = Buffer.alloc(2 * MB, 'xyz')
      client.send(post(body.length)).send(body)
      const exchange = await coming
      const chunks: Buffer[] = []
      let isPaused = false
      const complete = new Promise<void>((resolve) => {
        exchange.readBody({
          onBodyChunk(chunk, last) {
            assert.ok(!isPaused, 'a chunk came while paused')
            chunks.push(chunk)
            isPaused = true
            exchange.pauseBody()
            setTimeout(() => {
              isPaused = false
              exchange.resumeBody()
            }, 1)
            if (last) resolve()
          },
        })
      })
      await complete
      assert.ok(Buffer.concat(chunks).equals(body))
      exchange.respond(200, '', 'ok')
      assert.equal((await client.answer()).body.toString(), 'ok')
      running.handler = (next) => next.respond(200, '', 'again')
      assert.equal((await client.ask(GET)).body.toString(), 'again')
    })

    it('answers the client who expects 100-continue', async () => {
      running.handler = echo
      const client = await running.open()
      client.send(post(5, 'Expect: 100-continue'))
      assert.match(
        await client.until((received) => received.includes('\r\n\r\n')),
        /^HTTP\/1.1 100 /,
      )
      client.send('hello')
      assert.equal((await client.answer()).body.toString(), 'hello')
    })

    it('keeps the connection when a small body was never read', async () => {
      running.handler = (exchange) => exchange.respond(401, '', 'no')
      const client = await running.open()
      assert.equal((await client.ask(`${post(5)}hello`)).status, 401)
      client.send(post(100_000))
      assert.equal((await client.answer()).status, 401)
      client.send(Buffer.alloc(100_000, 'x'))
      await sleep(10)
      assert.equal((await client.ask(GET)).status, 401)
    })

    it('keeps the connection when a held, paused body was never read', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(post(200_000)).send(Buffer.alloc(200_000, 'x'))
      const exchange = await coming
      await sleep(30)
      exchange.respond(401, '', 'no')
      assert.equal((await client.answer()).status, 401)
      running.handler = (next) => next.respond(200, '', 'again')
      assert.equal((await client.ask(GET)).body.toString(), 'again')
    })

    it('lets the client of a large upload have the answer that refuses it', async () => {
      running.handler = (exchange) => exchange.respond(413, '', 'too large')
      const client = await running.open()
      client.send(post(50 * MB)).send(Buffer.alloc(5 * MB))
      const answer = await client.answer()
      assert.equal(answer.status, 413)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(answer.body.toString(), 'too large')
    })

    it('tells of a client that goes within its upload', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(`${post(100)}part`)
      const exchange = await coming
      const gone = aborted(exchange)
      exchange.readBody({ onBodyChunk: (_, last) => assert.ok(!last) })
      client.destroy()
      await gone
      assert.equal(running.engine.pending, 0)
    })

    it('answers 500 when the reader throws', async () => {
      running.handler = (exchange) => {
        setImmediate(() => {
          exchange.readBody({
            onBodyChunk(_, last) {
              if (last) throw new Error('a reader at fault')
            },
          })
        })
      }
      const client = await running.open()
      client.send(post(5))
      await sleep(10)
      client.send('hello')
      assert.equal((await client.answer()).status, 500)
      assert.match(running.errors.join(), /a reader at fault/)
    })

    it('lets a body take longer than the timeout when its pieces do not', async () => {
      const hasty = await run(kind, { bodyTimeoutMs: 300 })
      hasty.handler = echo
      const client = await hasty.open()
      client.send(post(8))
      for (let i = 0; i < 8; i++) {
        await sleep(80)
        client.send('x')
      }
      assert.equal((await client.answer()).body.toString(), 'xxxxxxxx')
    })

    it('cuts a client that takes nothing of its answer for too long', async () => {
      const hasty = await run(kind, { sendTimeoutMs: 200 })
      for (const length of [30 * MB, -1]) {
        const coming = nextExchange(hasty)
        const client = await hasty.open()
        client.socket.pause()
        client.send(GET)
        const exchange = await coming
        const piece = Buffer.alloc(MB)
        const pump = (): void => {
          while (exchange.write(piece));
        }
        const gone = new Promise<void>((resolve) => {
          exchange.observer = observer({ onAborted: resolve, onDrain: pump })
        })
        exchange.start(200, '', length)
        pump()
        await gone
        client.destroy()
      }
      assert.equal(hasty.engine.pending, 0)
    })

    it('holds an upload of 100 MB back for a slow reader', { timeout: 20_000 }, async () => {
      const own = await run(kind)
      const total = 100 * MB
      const client = await own.open()
      const coming = nextExchange(own)
      const growth = new Growth()
      client.send(post(total))
      const exchange = await coming
      let received = 0
      const complete = new Promise<void>((resolve) => {
        exchange.readBody({
          onBodyChunk(chunk, last) {
            received += chunk.length
            growth.look()
            if (last) resolve()
            // A pause for each chunk: the reader is far slower than the client.
            exchange.pauseBody()
            setTimeout(() => exchange.resumeBody(), 2)
          },
        })
      })
      const piece = Buffer.alloc(MB)
      for (let sent = 0; sent < total; sent += MB) {
        if (!client.socket.write(piece)) {
          await new Promise((resolve) => client.socket.once('drain', resolve))
        }
      }
      await complete
      assert.equal(received, total)
      growth.check()
      exchange.respond(200, '', 'ok')
      assert.equal((await client.answer()).body.toString(), 'ok')
    })

    for (const length of [100 * MB, -1]) {
      const what = length < 0 ? 'unknown length' : 'known length'
      it(
        `holds a download of 100 MB and ${what} back for a slow client`,
        { timeout: 20_000 },
        async () => {
          const own = await run(kind)
          const client = await own.open()
          const coming = nextExchange(own)
          let received = 0
          client.socket.removeAllListeners('data')
          client.socket.on('data', (chunk: Buffer) => {
            received += chunk.length
            client.socket.pause()
            setTimeout(() => client.socket.resume(), 0)
          })
          const growth = new Growth()
          client.send(GET)
          const exchange = await coming
          let left = 100 * MB
          const piece = Buffer.alloc(64 * 1024)
          const pump = (): void => {
            growth.look()
            while (left > 0) {
              left -= piece.length
              if (!exchange.write(piece)) return
            }
            exchange.end()
          }
          exchange.observer = observer({ onDrain: pump })
          exchange.start(200, '', length)
          pump()
          while (received < 100 * MB || own.engine.pending > 0) await sleep(5)
          assert.ok(received < 101 * MB)
          growth.check()
        },
      )
    }

    it(
      'holds both ways back when an answer repeats the upload to a slow client',
      { timeout: 20_000 },
      async () => {
        const own = await run(kind)
        const total = 30 * MB
        const client = await own.open()
        const coming = nextExchange(own)
        let received = 0
        client.socket.removeAllListeners('data')
        client.socket.on('data', (chunk: Buffer) => {
          received += chunk.length
          client.socket.pause()
          setTimeout(() => client.socket.resume(), 1)
        })
        const growth = new Growth()
        client.send(post(total))
        const exchange = await coming
        exchange.observer = observer({ onDrain: () => exchange.resumeBody() })
        exchange.start(200, '', total)
        exchange.readBody({
          onBodyChunk(chunk, last) {
            growth.look()
            if (!exchange.write(chunk) && !last) exchange.pauseBody()
            if (last) exchange.end()
          },
        })
        const piece = Buffer.alloc(MB)
        for (let sent = 0; sent < total; sent += MB) {
          if (!client.socket.write(piece)) {
            await new Promise((resolve) => client.socket.once('drain', resolve))
          }
        }
        while (received < total || own.engine.pending > 0) await sleep(5)
        growth.check()
      },
    )

    it('survives 1000 clients that connect, ask and go', { timeout: 20_000 }, async () => {
      const own = await run(kind)
      const asked = [GET, `${post(100)}part`, 'GET / HT', `${post(5)}hello`]
      own.handler = (exchange) => {
        exchange.readBody({ onBodyChunk: () => undefined })
        setTimeout(() => {
          exchange.start(200, '', -1)
          exchange.write(Buffer.alloc(1000))
          exchange.end()
        }, 1)
      }
      for (let i = 0; i < 1000; i += 50) {
        const clients = await Promise.all(Array.from({ length: 50 }, () => own.open()))
        clients.forEach((client, at) => client.send(asked[at % asked.length] ?? GET))
        await sleep(i % 3)
        for (const client of clients) client.destroy()
      }
      while (own.engine.pending > 0) await sleep(5)
      own.handler = (exchange) => exchange.respond(200, '', 'alive')
      assert.equal((await (await own.open()).ask(GET)).body.toString(), 'alive')
    })
  })
}
