// What a handler sees of a request, and which requests are marked as at fault.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Exchange } from '../../../src/model/exchange.js'
import { RawClient } from '../../support/raw-client.js'
import { closeAll, exchangeOf, ENGINES, GET, request, run, type Running } from './setup.js'

for (const kind of ENGINES) {
  describe(`${kind.name}: requests`, () => {
    let running: Running
    before(async () => {
      running = await run(kind)
    })
    after(closeAll)

    it('hands over method, host, headers in order, peer address and listener', async () => {
      const lines = ['Host: A.test:81', 'X-Multi: a', 'x-under_score: 1', 'X-Multi: b', 'Empty:']
      const exchange = await exchangeOf(running, request('GET /x HTTP/1.1', ...lines))
      assert.equal(exchange.method, 'GET')
      assert.equal(exchange.httpVersion, '1.1')
      assert.equal(exchange.host, 'A.test:81')
      assert.deepEqual(
        [...exchange.headers.entries()],
        [
          ['host', 'A.test:81'],
          ['x-multi', 'a'],
          ['x-under_score', '1'],
          ['x-multi', 'b'],
          ['empty', ''],
        ],
      )
      assert.equal(exchange.peerAddress, '127.0.0.1')
      assert.deepEqual(exchange.listener, running.listener)
      assert.equal(exchange.bodyLength, 0)
      assert.equal(exchange.fault, null)
    })

    it('tells clients apart by their addresses, in whatever order they come and go', async () => {
      const peers: string[] = []
      running.handler = (exchange) => {
        peers.push(exchange.peerAddress)
        exchange.respond(200, '', null)
      }
      const get = request('GET / HTTP/1.1', 'Host: a')
      const open = (localAddress: string) => RawClient.open(running.listener.port, { localAddress })
      const first = await open('127.0.0.1')
      await first.ask(get)
      const second = await open('127.0.0.2')
      for (const client of [second, first, second]) await client.ask(get)
      first.destroy()
      await second.ask(get)
      const third = await open('127.0.0.3')
      for (const client of [third, second]) await client.ask(get)
      second.destroy()
      third.destroy()
      assert.deepEqual(
        peers.map((peer) => peer.at(-1)),
        ['1', '2', '1', '2', '2', '3', '2'],
      )
    })

    it('hands the target over byte for byte', async () => {
      const targets = [
        '/',
        '/?',
        '/foo?',
        '/foo??',
        '/foo?a?b',
        '/foo?a=%2F%2f&b=+',
        '//a//../b/.',
        '/a;b=c,d',
      ]
      targets.push(
        '/a/%2e%2e/%7euser/%25',
        '/a\\b|{}^`"[x]',
        '/a?discount=100%',
        `/${'x'.repeat(3000)}`,
      )
      for (const target of targets) {
        const exchange = await exchangeOf(running, request(`GET ${target} HTTP/1.1`))
        assert.equal(exchange.target, target)
        assert.equal(exchange.fault, null, target)
      }
    })

    it('hands text beyond ASCII over so that it can be written back byte for byte', async () => {
      const bytes = Buffer.from('/caf\u00e9?\u4e2d', 'utf8').toString('latin1')
      const exchange = await exchangeOf(
        running,
        request(`GET ${bytes} HTTP/1.1`, `X-Name: ${bytes}.`),
      )
      const sent = Buffer.from(exchange.target, exchange.encoding).toString('latin1')
      assert.equal(sent, bytes)
      const value = Buffer.from(exchange.headers.get('x-name') ?? '', exchange.encoding)
      assert.equal(value.toString('latin1'), `${bytes}.`)
      assert.equal(exchange.fault, null)
    })

    it('keeps the capitals of the method', async () => {
      for (const method of ['POST', 'M-SEARCH', 'X_Y', 'PROPFIND', 'OPTIONS']) {
        const exchange = await exchangeOf(running, request(`${method} / HTTP/1.1`))
        assert.equal(exchange.method, method)
        assert.equal(exchange.fault, null)
      }
    })

    it('takes several header lines of 8 KB', async () => {
      const long = 'v'.repeat(8 * 1024 - 10)
      const exchange = await exchangeOf(
        running,
        request('GET / HTTP/1.1', `X-A: ${long}`, `X-B: ${long}`),
      )
      assert.equal(exchange.headers.get('x-a'), long)
      assert.equal(exchange.headers.get('x-b'), long)
    })

    it('serves several requests on one connection', async () => {
      running.handler = (exchange) => exchange.respond(200, '', exchange.target)
      const client = await running.open()
      for (let i = 0; i < 20; i++) {
        const answer = await client.ask(request(`GET /${i} HTTP/1.1`))
        assert.equal(answer.body.toString(), `/${i}`)
        assert.equal(answer.headers.connection, undefined)
      }
    })

    const faulty: Record<string, string> = {
      'a method in lower case': request('get / HTTP/1.1'),
      'a method that is no token': request('G(T / HTTP/1.1'),
      'a fragment': request('GET /a#b HTTP/1.1'),
      'a fragment behind the query': request('GET /a?b#c HTTP/1.1'),
      'a DEL in the target': request('GET /a\x7f HTTP/1.1'),
      'an encoded NUL in the path': request('GET /a%00b HTTP/1.1'),
      'a broken escape in the path': request('GET /a%zz HTTP/1.1'),
      'two Hosts': request('GET / HTTP/1.1', 'Host: a', 'Host: a'),
      'two Authorizations': request(
        'GET / HTTP/1.1',
        'Host: a',
        'Authorization: a',
        'authorization: a',
      ),
      'an empty Host': request('GET / HTTP/1.1', 'Host:'),
      'an odd Host': request('GET / HTTP/1.1', 'Host: a b'),
      'a Host with a user': request('GET / HTTP/1.1', 'Host: u@a'),
      'an empty Content-Length': request('GET / HTTP/1.1', 'Content-Length:'),
      'two equal Content-Lengths': request(
        'POST / HTTP/1.1',
        'Content-Length: 0',
        'Content-Length: 0',
      ),
      'a Transfer-Encoding other than chunked': request(
        'GET / HTTP/1.1',
        'Transfer-Encoding: identity',
      ),
      'a list of codings': request('GET / HTTP/1.1', 'Transfer-Encoding: gzip, chunked'),
      'two Transfer-Encodings': request(
        'GET / HTTP/1.1',
        'Transfer-Encoding: chunked',
        'Transfer-Encoding: chunked',
      ),
    }
    for (const [what, bytes] of Object.entries(faulty)) {
      it(`marks ${what} as a bad request and closes the connection`, async () => {
        let seen: Exchange | undefined
        running.handler = (exchange) => {
          seen = exchange
          exchange.respond(400, 'X-Kong: yes\r\n', 'Bad request')
        }
        const client = await running.open()
        const answer = await client.ask(bytes)
        assert.equal(answer.status, 400)
        assert.equal(answer.headers['x-kong'], 'yes')
        assert.equal(answer.headers.connection, 'close')
        assert.equal(answer.body.toString(), 'Bad request')
        assert.equal(seen?.fault, 'BAD_REQUEST')
        assert.equal(seen.bodyLength, 0)
        assert.equal(await client.untilEnd(), '')
      })
    }

    it('refuses both ways of framing at once and closes the connection', async () => {
      const lines = ['Content-Length: 5', 'Transfer-Encoding: chunked']
      const client = await running.open()
      const answer = await client.ask(request('POST / HTTP/1.1', ...lines))
      assert.equal(answer.status, 400)
      await client.untilEnd()
    })

    for (const method of ['TRACE', 'CONNECT']) {
      it(`marks ${method} as a method that is not allowed`, async () => {
        const exchange = await exchangeOf(running, request(`${method} /p HTTP/1.1`))
        assert.equal(exchange.fault, 'METHOD_NOT_ALLOWED')
      })
    }

    it('never takes what follows a faulty request for another one', async () => {
      const targets: string[] = []
      running.handler = (exchange) => {
        targets.push(exchange.target)
        exchange.respond(exchange.fault === null ? 200 : 400, '', 'x')
      }
      const heads = [
        request('POST /1 HTTP/1.1', 'Content-Length:'),
        request('POST /1 HTTP/1.1', 'Content-Length: 0', 'Content-Length: 49'),
        request('POST /1 HTTP/1.1', 'Host: a', 'Host: b'),
      ]
      for (const head of heads) {
        const client = await running.open()
        await client.send(head + request('GET /smuggled HTTP/1.1')).untilEnd()
      }
      assert.deepEqual(targets, ['/1', '/1', '/1'])
    })

    it('answers 500 when the handler throws, and logs why', async () => {
      running.handler = () => {
        throw new Error('a fault in the pipeline')
      }
      const client = await running.open()
      const answer = await client.ask(GET)
      assert.equal(answer.status, 500)
      assert.doesNotMatch(answer.body.toString(), /pipeline/)
      assert.match(running.errors.join(), /a fault in the pipeline/)
    })

    it('cuts the connection when the handler throws behind the start of an answer', async () => {
      running.handler = (exchange) => {
        exchange.start(200, '', 10)
        exchange.write(Buffer.from('12345'))
        throw new Error('half-way')
      }
      const client = await running.open()
      const received = await client.send(GET).untilEnd()
      assert.doesNotMatch(received, /HTTP\/1.1 500/)
      assert.equal(running.engine.pending, 0)
    })
  })
}
