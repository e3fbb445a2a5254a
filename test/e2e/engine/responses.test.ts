// What a client gets: heads, framing, streams, the end of the connection.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from '../../../src/model/exchange.js'
import {
  aborted,
  closeAll,
  ENGINES,
  GET,
  nextExchange,
  request,
  run,
  type Running,
} from './setup.js'

const HEAD = request('HEAD / HTTP/1.1')

for (const kind of ENGINES) {
  describe(`${kind.name}: answers`, () => {
    let running: Running
    before(async () => {
      running = await run(kind)
    })
    after(closeAll)

    it('sends status, fields as they are, Date and Content-Length', async () => {
      running.handler = (exchange) =>
        exchange.respond(201, 'X-A: 1\r\nx-a:  2\r\nSet-Cookie: a\r\n', 'h\u00e9')
      const answer = await (await running.open()).ask(GET)
      assert.equal(answer.statusLine, 'HTTP/1.1 201 Created')
      assert.deepEqual(answer.headerLines.slice(0, 3), ['X-A: 1', 'x-a:  2', 'Set-Cookie: a'])
      assert.deepEqual(Object.keys(answer.headers).sort(), [
        'content-length',
        'date',
        'set-cookie',
        'x-a',
      ])
      assert.equal(answer.headers['content-length'], '3')
      assert.ok(Math.abs(Date.parse(answer.headers.date ?? '') - Date.now()) < 5000)
      assert.equal(answer.body.toString(), 'h\u00e9')
    })

    it('leaves the reason phrase of 426 empty', async () => {
      running.handler = (exchange) => exchange.respond(426, '', 'x')
      const answer = await (await running.open()).ask(GET)
      assert.equal(answer.statusLine, 'HTTP/1.1 426 ')
    })

    it('sends header bytes beyond ASCII one for one and lets no character become a line break', async () => {
      running.handler = (exchange) =>
        exchange.respond(200, 'X-A: caf\u00e9\r\nX-B: a\u010aX-Evil: 1\r\n', '')
      const answer = await (await running.open()).ask(GET)
      assert.equal(answer.headers['x-a'], 'caf\u00e9')
      assert.equal(answer.headers['x-b'], 'a?X-Evil: 1')
      assert.equal(answer.headers['x-evil'], undefined)
    })

    it('sends bytes and empty bodies', async () => {
      const client = await running.open()
      running.handler = (exchange) => exchange.respond(200, '', Buffer.from([0, 255, 10]))
      assert.deepEqual((await client.ask(GET)).body, Buffer.from([0, 255, 10]))
      running.handler = (exchange) => exchange.respond(200, '', null)
      assert.equal((await client.ask(GET)).headers['content-length'], '0')
      running.handler = (exchange) => exchange.respond(200, '', '')
      assert.equal((await client.ask(GET)).headers['content-length'], '0')
    })

    it('sends a large whole answer', async () => {
      const body = Buffer.alloc(3_000_000, 'abcdefg')
      running.handler = (exchange) => exchange.respond(200, '', body)
      const client = await running.open()
      assert.ok((await client.ask(GET)).body.equals(body))
      running.handler = (exchange) => exchange.respond(200, '', body.toString())
      assert.ok((await client.ask(GET)).body.equals(body))
    })

    it('answers HEAD with the length and no body, and keeps the connection in step', async () => {
      const client = await running.open()
      running.handler = (exchange) => exchange.respond(200, 'X-A: 1\r\n', 'h\u00e9llo')
      assert.equal((await client.ask(HEAD)).headers['content-length'], '6')
      running.handler = (exchange) => {
        exchange.start(200, '', 1234)
        exchange.write(Buffer.from('never sent'))
        exchange.end()
      }
      assert.equal((await client.ask(HEAD)).headers['content-length'], '1234')
      running.handler = (exchange) => {
        exchange.start(200, '', -1)
        exchange.end()
      }
      const unknown = await client.ask(HEAD)
      assert.equal(unknown.headers['content-length'], undefined)
      running.handler = (exchange) => exchange.respond(200, '', 'ok')
      assert.equal((await client.ask(GET)).body.toString(), 'ok')
      assert.equal(client.received, '')
    })

    for (const status of [204, 304]) {
      it(`sends ${status} without a body, and keeps the connection in step`, async () => {
        const client = await running.open()
        running.handler = (exchange) => exchange.respond(status, 'ETag: x\r\n', 'never sent')
        const whole = await client.ask(GET)
        assert.equal(whole.status, status)
        assert.equal(whole.headers.etag, 'x')
        if (status === 204) assert.equal(whole.headers['content-length'], undefined)
        running.handler = (exchange) => {
          exchange.start(status, '', -1)
          exchange.write(Buffer.from('never sent'))
          exchange.end()
        }
        assert.equal((await client.ask(GET)).status, status)
        running.handler = (exchange) => exchange.respond(200, '', 'ok')
        assert.equal((await client.ask(GET)).body.toString(), 'ok')
        assert.equal(client.received, '')
      })
    }

    it('streams a body of known length', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(GET)
      const exchange = await coming
      exchange.start(200, 'X-A: 1\r\n', 6)
      await client.until((received) => received.includes('\r\n\r\n'))
      exchange.write(Buffer.from('abc'))
      await client.until((received) => received.endsWith('abc'))
      exchange.write(Buffer.from('def'))
      exchange.end()
      const answer = await client.answer()
      assert.equal(answer.headers['content-length'], '6')
      assert.equal(answer.body.toString(), 'abcdef')
      assert.equal(running.engine.pending, 0)
    })

    it('streams a body of unknown length', async () => {
      const client = await running.open()
      running.handler = (exchange) => {
        exchange.start(200, '', -1)
        exchange.write(Buffer.alloc(0))
        exchange.write(Buffer.from('abc'))
        setImmediate(() => {
          exchange.write(Buffer.from('def'))
          exchange.end()
        })
      }
      for (let i = 0; i < 3; i++) {
        const answer = await client.ask(GET)
        assert.equal(answer.headers['transfer-encoding'], 'chunked')
        assert.equal(answer.body.toString(), 'abcdef')
      }
    })

    it('sends a stream without any piece as an empty body', async () => {
      const client = await running.open()
      for (const length of [0, -1]) {
        running.handler = (exchange) => {
          exchange.start(200, '', length)
          setImmediate(() => exchange.end())
        }
        assert.equal((await client.ask(GET)).body.length, 0)
      }
      assert.equal(running.engine.pending, 0)
    })

    it('sends the head of an event stream before there is an event', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(GET)
      const exchange = await coming
      exchange.start(200, 'Content-Type: text/event-stream\r\n', -1)
      await client.until((received) => received.includes('\r\n\r\n'), 2000)
      exchange.write(Buffer.from('data: 1\n\n'))
      await client.until((received) => received.includes('data: 1'))
      await sleep(50)
      exchange.write(Buffer.from('data: 2\n\n'))
      exchange.end()
      const events = (await client.answer()).body.toString().split('\n\n')
      assert.deepEqual(
        events.filter((event) => event !== '' && !event.startsWith(':')),
        ['data: 1', 'data: 2'],
      )
    })

    it('adds nothing to an event stream whose first event is there at once', async () => {
      running.handler = (exchange) => {
        exchange.start(200, 'Content-Type: text/event-stream\r\n', -1)
        exchange.write(Buffer.from('data: 1\n\n'))
        exchange.end()
      }
      const answer = await (await running.open()).ask(GET)
      assert.equal(answer.body.toString(), 'data: 1\n\n')
    })

    it('cuts the connection when a body ends short of its length', async () => {
      running.handler = (exchange) => {
        exchange.start(200, '', 10)
        exchange.write(Buffer.from('12345'))
        exchange.end()
      }
      const client = await running.open()
      await client.send(GET).until((received) => received.endsWith('12345'))
      await client.untilEnd()
      assert.equal(running.engine.pending, 0)
    })

    it('sends no more than the announced length', async () => {
      running.handler = (exchange) => {
        exchange.start(200, '', 3)
        exchange.write(Buffer.from('abcdef'))
        exchange.write(Buffer.from('ghi'))
        exchange.end()
      }
      const client = await running.open()
      assert.equal((await client.ask(GET)).body.toString(), 'abc')
      assert.equal((await client.ask(GET)).body.toString(), 'abc')
      assert.equal(client.received, '')
    })

    it('cuts the connection at close, before and within an answer', async () => {
      running.handler = (exchange) => exchange.close()
      const first = await running.open()
      assert.equal(await first.send(GET).untilEnd(), '')
      running.handler = (exchange) => {
        exchange.start(200, '', -1)
        exchange.write(Buffer.from('abc'))
        setTimeout(() => exchange.close(), 20)
      }
      const second = await running.open()
      const received = await second.send(GET).untilEnd()
      assert.match(received, /abc/)
      assert.doesNotMatch(received, /\r\n0\r\n/)
      assert.equal(running.engine.pending, 0)
    })

    it('ignores every call after the answer is complete', async () => {
      let late: Exchange | undefined
      running.handler = (exchange) => {
        late = exchange
        exchange.respond(200, '', 'once')
        callEverything(exchange)
      }
      const client = await running.open()
      assert.equal((await client.ask(GET)).body.toString(), 'once')
      assert.ok(late !== undefined)
      callEverything(late)
      assert.equal((await client.ask(GET)).body.toString(), 'once')
      assert.equal(running.engine.pending, 0)
    })

    it('ignores every call after the client has gone', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(request('POST / HTTP/1.1', 'Content-Length: 10'))
      const exchange = await coming
      const gone = aborted(exchange)
      client.destroy()
      await gone
      callEverything(exchange)
      assert.equal(running.engine.pending, 0)
    })

    it('tells of a client that goes within a streamed answer', async () => {
      const client = await running.open()
      const coming = nextExchange(running)
      client.send(GET)
      const exchange = await coming
      const gone = aborted(exchange)
      exchange.start(200, '', 1000)
      exchange.write(Buffer.from('abc'))
      await client.until((received) => received.endsWith('abc'))
      client.destroy()
      await gone
      callEverything(exchange)
    })

    for (const connection of ['close', 'Close', 'x-hop, close']) {
      it(`closes the connection behind the answer on Connection: ${connection}`, async () => {
        const client = await running.open()
        running.handler = (exchange) => exchange.respond(200, '', 'bye')
        const answer = await client.ask(request('GET / HTTP/1.1', `Connection: ${connection}`))
        assert.equal(answer.headers.connection, 'close')
        assert.equal(answer.body.toString(), 'bye')
        assert.equal(await client.untilEnd(), '')
        assert.equal(client.ending, 'fin')
      })
    }

    it('keeps the framing of a stream when the connection is to be closed behind it', async () => {
      const ways: Record<string, string> = {
        'asked for by the client': request('GET / HTTP/1.1', 'Connection: close'),
        'asked for in a list': request('GET / HTTP/1.1', 'Connection: x-hop, close'),
      }
      for (const [what, bytes] of Object.entries(ways)) {
        for (const length of [6, -1]) {
          running.handler = (exchange) => {
            exchange.start(200, '', length)
            exchange.write(Buffer.from('abc'))
            setTimeout(() => {
              exchange.write(Buffer.from('def'))
              exchange.end()
            }, 5)
          }
          const client = await running.open()
          const answer = await client.ask(bytes)
          assert.equal(answer.headers.connection, 'close', what)
          assert.equal(answer.body.toString(), 'abcdef', what)
          assert.equal(client.received, '', what)
          client.send(GET)
          await sleep(20)
          assert.equal(client.received, '', `${what}: a further request is served`)
          client.destroy()
        }
      }
    })
  })
}

function callEverything(exchange: Exchange): void {
  exchange.respond(500, '', 'twice')
  exchange.start(500, '', -1)
  exchange.write(Buffer.from('x'))
  exchange.end()
  exchange.pauseBody()
  exchange.resumeBody()
  exchange.close()
}
