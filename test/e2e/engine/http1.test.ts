// What the engine of our own serves and uWebSockets.js does not.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { requestHead } from '../../../src/proxy/request-head.js'
import {
  closeAll,
  exchangeOf,
  GET,
  HTTP1,
  nextExchange,
  observer,
  readWhole,
  request,
  run,
  type Running,
} from './setup.js'

const CHUNKED_POST = request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')

describe('http1: requests', () => {
  let running: Running
  before(async () => {
    running = await run(HTTP1)
  })
  after(closeAll)

  it('answers pipelined requests in the order they came, whichever is ready first', async () => {
    const waits: Record<string, number> = { '/1': 20, '/2': 0, '/3': 10 }
    const started: string[] = []
    running.handler = (exchange) => {
      started.push(exchange.target)
      setTimeout(() => exchange.respond(200, '', exchange.target), waits[exchange.target])
    }
    const client = await running.open()
    client.send(['/1', '/2', '/3'].map((path) => request(`GET ${path} HTTP/1.1`)).join(''))
    for (const path of ['/1', '/2', '/3']) {
      assert.equal((await client.answer()).body.toString(), path)
    }
    assert.deepEqual(started, ['/1', '/2', '/3'])
  })

  it('answers pipelined requests with bodies, of known length and chunked', async () => {
    running.handler = (exchange) => {
      void readWhole(exchange).then((body) => exchange.respond(200, '', body))
    }
    const client = await running.open()
    const first = `${request('POST / HTTP/1.1', 'Content-Length: 3')}abc`
    const second = `${CHUNKED_POST}3;a="b"\r\ndef\r\n0\r\nX-Trailer: 1\r\n\r\n`
    client.send(first + second + first)
    for (const body of ['abc', 'def', 'abc']) {
      assert.equal((await client.answer()).body.toString(), body)
    }
  })

  it('serves ten thousand requests that were sent at once', async () => {
    let served = 0
    running.handler = (exchange) => {
      served++
      exchange.respond(200, '', 'x')
    }
    const client = await running.open()
    client.send(GET.repeat(10_000))
    for (let i = 0; i < 10_000; i++) await client.answer()
    assert.equal(served, 10_000)
  })

  it('does not read on while thousands of requests wait for an answer', async () => {
    const own = await run(HTTP1)
    const coming = nextExchange(own)
    const client = await own.open()
    client.send(request('GET /first HTTP/1.1'))
    const first = await coming
    own.handler = (exchange) => exchange.respond(200, '', 'x')
    const large = request('GET / HTTP/1.1', `X-Large: ${'v'.repeat(8000)}`)
    const count = 3000
    for (let i = 0; i < count; i++) client.send(large)
    await sleep(50)
    assert.ok(client.socket.writableLength > 0, 'all of 24 MB has been taken')
    first.respond(200, '', 'x')
    for (let i = 0; i < 1 + count; i++) await client.answer()
  })

  it('serves no request behind one that closes the connection', async () => {
    const seen: string[] = []
    running.handler = (exchange) => {
      seen.push(exchange.target)
      setTimeout(() => exchange.respond(200, '', exchange.target), 2)
    }
    const client = await running.open()
    const last = request('GET /last HTTP/1.1', 'Connection: close')
    client.send(last + request('GET /behind HTTP/1.1'))
    assert.equal((await client.answer()).headers.connection, 'close')
    assert.equal(await client.untilEnd(), '')
    assert.deepEqual(seen, ['/last'])
  })

  it('closes the connection of HTTP/1.0 behind the answer', async () => {
    running.handler = (exchange) => exchange.respond(200, '', exchange.httpVersion)
    const client = await running.open()
    const answer = await client.ask('GET / HTTP/1.0\r\n\r\n')
    assert.match(answer.statusLine, /^HTTP\/1\.1 200 /)
    assert.equal(answer.headers.connection, 'close')
    assert.equal(answer.body.toString(), '1.0')
    await client.untilEnd()
  })

  it('keeps the connection of HTTP/1.0 when asked to, and says so', async () => {
    running.handler = (exchange) => exchange.respond(200, '', 'x')
    const client = await running.open()
    for (let i = 0; i < 3; i++) {
      const answer = await client.ask('GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n')
      assert.equal(answer.headers.connection, 'keep-alive')
    }
  })

  it('ends a body of unknown length by closing in HTTP/1.0, also when asked to keep the connection', async () => {
    running.handler = (exchange) => {
      exchange.start(200, '', -1)
      exchange.write(Buffer.from('abc'))
      setTimeout(() => {
        exchange.write(Buffer.from('def'))
        exchange.end()
      }, 5)
    }
    const client = await running.open()
    client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    const text = await client.untilEnd()
    assert.match(text, /\r\nConnection: close\r\n/)
    assert.doesNotMatch(text, /transfer-encoding/i)
    assert.ok(text.endsWith('\r\n\r\nabcdef'))
    assert.equal(client.ending, 'fin')
  })

  it('resets the connection when such a body is cut, so that the client can tell', async () => {
    running.handler = (exchange) => {
      exchange.start(200, '', -1)
      exchange.write(Buffer.from('abc'))
      setTimeout(() => exchange.close(), 10)
    }
    const client = await running.open()
    await client.send('GET / HTTP/1.0\r\n\r\n').untilEnd()
    assert.equal(client.ending, 'reset')
  })

  it('takes HTTP/1.0 without Host', async () => {
    const exchange = await exchangeOf(running, 'GET / HTTP/1.0\r\nX-A: 1\r\n\r\n')
    assert.equal(exchange.fault, null)
    assert.equal(exchange.host, '')
  })

  it('takes versions that nobody has defined for HTTP/1.1', async () => {
    assert.equal((await exchangeOf(running, request('GET / HTTP/1.2'))).httpVersion, '1.x')
  })

  it('makes the origin form of an absolute target, whose authority is the host', async () => {
    const exchange = await exchangeOf(
      running,
      request('GET http://b.test:81/p?q=1 HTTP/1.1', 'Host: a'),
    )
    assert.equal(exchange.target, '/p?q=1')
    assert.equal(exchange.host, 'b.test:81')
    assert.deepEqual(exchange.headers.getAll('host'), ['b.test:81'])
  })

  it('takes empty lines before a request', async () => {
    assert.equal((await exchangeOf(running, `\r\n\r\n${GET}`)).fault, null)
  })

  it('hands bytes that are no UTF-8 over so that they can be written back', async () => {
    const exchange = await exchangeOf(
      running,
      request('GET /caf\xe9?q=\xe9 HTTP/1.1', 'X-A: caf\xe9'),
    )
    assert.equal(exchange.fault, null)
    assert.equal(exchange.target, '/caf%E9?q=\xe9')
    assert.equal(exchange.encoding, 'latin1')
    assert.equal(exchange.headers.get('x-a'), 'caf\xe9')
  })

  it('lets no character of a plugin become a line break among such bytes', async () => {
    const exchange = await exchangeOf(running, request('GET / HTTP/1.1', 'X-A: caf\xe9'))
    exchange.headers.set('x-b', 'a\u010aX-Injected: 1')
    const head = requestHead('GET', '/', 'a', 0, {
      exchange,
      clientIp: '',
      isPeerTrusted: false,
      clientHost: 'a',
      rawPath: '/',
      strippedPrefix: '',
      upstreamRequestId: '',
      upgrades: false,
      product: 'gw',
    })
    const bytes = Buffer.from(head, exchange.encoding)
    assert.ok(bytes.includes(Buffer.from('x-a: caf\xe9\r\n', 'latin1')))
    assert.ok(bytes.includes(Buffer.from('x-b: a\u010aX-Injected: 1\r\n', 'utf8')))
  })

  it('asks for the body when it is read first, and not before', async () => {
    let asked = false
    running.handler = (exchange) => {
      setTimeout(() => {
        asked = true
        void readWhole(exchange).then((body) => exchange.respond(200, '', body))
      }, 20)
    }
    const client = await running.open()
    client.send(request('POST / HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 3'))
    await client.until((text) => text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
    assert.ok(asked)
    client.send('abc')
    await client.until((text) => text.endsWith('abc'))
  })

  for (const [what, line, length] of [
    ['that is refused', 'POST / HTTP/1.1', 3],
    ['that has no body', 'GET / HTTP/1.1', 0],
  ] as const) {
    it(`tells a client to go on ${what}, and goes on itself`, async () => {
      running.handler = (exchange) => exchange.respond(401, '', 'no')
      const client = await running.open()
      client.send(request(line, 'Expect: 100-continue', `Content-Length: ${length}`))
      await client.until((text) => text.endsWith('no'))
      assert.match(client.received, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /)
      assert.equal((await client.answer()).headers.connection, undefined)
      client.send('x'.repeat(length) + request('GET / HTTP/1.1'))
      assert.equal((await client.answer()).status, 401)
    })
  }

  it('closes behind a refusal whose body is too long to be forgotten', async () => {
    running.handler = (exchange) => exchange.respond(401, '', 'no')
    const client = await running.open()
    client.send(request('POST / HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 1000000'))
    const answer = await client.answer()
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.connection, 'close')
    await client.untilEnd()
  })

  it('keeps the connection behind a chunked body that nobody has read', async () => {
    running.handler = (exchange) => exchange.respond(200, '', exchange.target)
    const client = await running.open()
    client.send(CHUNKED_POST)
    await client.answer()
    client.send(`3\r\nabc\r\n0\r\n\r\n${request('GET /next HTTP/1.1')}`)
    assert.equal((await client.answer()).body.toString(), '/next')
  })

  it('tells of a body that is framed wrongly, and serves nothing behind it', async () => {
    const faults: unknown[] = []
    running.handler = (exchange) => {
      if (exchange.fault !== null) exchange.respond(400, '', null)
      exchange.observer = observer({
        onBodyFault(code) {
          faults.push(code)
          exchange.respond(400, '', code)
        },
      })
      exchange.readBody({ onBodyChunk: () => undefined })
    }
    for (const waitMs of [0, 10]) {
      const client = await running.open()
      client.send(`${CHUNKED_POST}3\r\n`)
      await sleep(waitMs)
      client.send(`abcX\r\n${GET}`)
      assert.equal((await client.answer()).status, 400)
      assert.equal(await client.untilEnd(), '')
    }
    assert.ok(faults.every((fault) => fault === 'BAD_REQUEST') && faults.length > 0)
  })

  it('lets the client of a refused upload read the answer while it still sends', async () => {
    running.handler = (exchange) => exchange.respond(413, '', 'too much')
    const client = await running.open()
    client.send(request('POST / HTTP/1.1', 'Content-Length: 20000000'))
    client.send(Buffer.alloc(20_000_000))
    assert.equal((await client.answer()).status, 413)
  })

  it('counts a client that closes its side as gone', async () => {
    const coming = nextExchange(running)
    const client = await running.open()
    client.send(GET)
    const exchange = await coming
    const gone = new Promise<void>((resolve) => {
      exchange.observer = observer({ onAborted: resolve })
    })
    client.socket.end()
    await gone
  })

  it('answers bytes of another protocol at once', async () => {
    running.handler = (exchange) => exchange.respond(400, '', exchange.fault)
    const client = await running.open()
    client.send(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]))
    assert.equal((await client.answer()).body.toString(), 'BAD_REQUEST')
    await client.untilEnd()
  })
})

describe('http1: limits', () => {
  after(closeAll)

  async function faultOf(settings: Parameters<typeof run>[1], bytes: string): Promise<string> {
    const running = await run(HTTP1, settings)
    running.handler = (exchange) => exchange.respond(400, '', exchange.fault ?? 'none')
    const client = await running.open()
    return (await client.ask(bytes)).body.toString()
  }

  it('refuses a request line, a header line, and a head that are too long, and too many lines', async () => {
    const settings = { lineBytes: 100, lineBuffers: 3, headerLines: 10 }
    const long = 'v'.repeat(100)
    const some = 'v'.repeat(80)
    const lines = (count: number, value: string) =>
      Array.from({ length: count }, (_, i) => `X-${i}: ${value}`)
    for (const [bytes, fault] of [
      [GET, 'none'],
      [request(`GET /${long} HTTP/1.1`), 'URI_TOO_LONG'],
      [`GET /${long}`, 'URI_TOO_LONG'],
      [request('GET / HTTP/1.1', `X-A: ${long}`), 'HEADERS_TOO_LARGE'],
      [request('GET / HTTP/1.1', ...lines(4, some)), 'HEADERS_TOO_LARGE'],
      [request('GET / HTTP/1.1', ...lines(10, 'v')), 'HEADERS_TOO_LARGE'],
      [request('GET / HTTP/1.1', ...lines(9, 'v')), 'none'],
    ] as const) {
      assert.equal(await faultOf(settings, bytes), fault, bytes)
    }
  })

  it('refuses a body that is too large by its length, and one that grows too large', async () => {
    const running = await run(HTTP1, { maxBodyBytes: 5 })
    running.handler = (exchange) => {
      if (exchange.fault !== null) {
        exchange.respond(413, '', exchange.fault)
        return
      }
      exchange.observer = observer({ onBodyFault: (code) => exchange.respond(413, '', code) })
      void readWhole(exchange).then((body) => exchange.respond(200, '', body))
    }
    const ask = async (bytes: string): Promise<string> =>
      (await (await running.open()).ask(bytes)).body.toString()
    assert.equal(await ask(`${request('POST / HTTP/1.1', 'Content-Length: 5')}abcde`), 'abcde')
    assert.equal(await ask(request('POST / HTTP/1.1', 'Content-Length: 6')), 'BODY_TOO_LARGE')
    assert.equal(await ask(`${CHUNKED_POST}5\r\nabcde\r\n0\r\n\r\n`), 'abcde')
    assert.equal(await ask(`${CHUNKED_POST}3\r\nabc\r\n3\r\ndef\r\n`), 'BODY_TOO_LARGE')
  })

  it('serves as many requests on a connection as it may, and says which is the last', async () => {
    const running = await run(HTTP1, { keepaliveRequests: 2 })
    const client = await running.open()
    assert.equal((await client.ask(GET)).headers.connection, undefined)
    assert.equal((await client.ask(GET)).headers.connection, 'close')
    await client.untilEnd()
  })

  it('closes idle connections in time, quietly, and keeps none when told so', async () => {
    const running = await run(HTTP1, { keepaliveTimeoutMs: 60 })
    const client = await running.open()
    await client.ask(GET)
    const since = performance.now()
    assert.equal(await client.untilEnd(), '')
    const ms = performance.now() - since
    assert.ok(ms > 40 && ms < 1000, `${ms} ms`)
    const none = await (await run(HTTP1, { keepaliveTimeoutMs: 0 })).open()
    assert.equal((await none.ask(GET)).headers.connection, 'close')
  })

  it('answers 408 to a head that does not come to its end, however steadily it comes', async () => {
    const running = await run(HTTP1, { headerTimeoutMs: 100 })
    running.handler = (exchange) => exchange.respond(408, '', exchange.fault)
    const client = await running.open()
    client.send('GET / HTTP/1.1\r\n')
    const timer = setInterval(() => client.send('X-A: 1\r\n'), 10)
    const answer = await client.answer()
    clearInterval(timer)
    assert.equal(answer.body.toString(), 'REQUEST_TIMEOUT')
    await client.untilEnd()
  })

  it('closes connections that never ask anything', async () => {
    const running = await run(HTTP1, { headerTimeoutMs: 60 })
    const client = await running.open()
    assert.equal(await client.untilEnd(), '')
  })

  it('lets a target take its time, whatever the limits for clients are', async () => {
    const running = await run(HTTP1, {
      headerTimeoutMs: 40,
      bodyTimeoutMs: 40,
      keepaliveTimeoutMs: 40,
      sendTimeoutMs: 40,
    })
    running.handler = (exchange) => {
      void readWhole(exchange).then(() => setTimeout(() => exchange.respond(200, '', 'late'), 300))
    }
    const client = await running.open()
    const post = `${request('POST / HTTP/1.1', 'Content-Length: 3')}abc`
    for (const bytes of [GET, post]) assert.equal((await client.ask(bytes)).status, 200)
  })
})
