// Limits of uWebSockets.js that the engine cannot lift: what a client sees, and that nothing worse happens. When an
// upgrade of the library makes one of these fail, the limit is gone: take it out of README as well.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeAll, GET, nextExchange, request, run, UWS, type Running } from './setup.js'

describe('uws: limits', () => {
  let running: Running
  before(async () => {
    running = await run(UWS)
  })
  after(closeAll)

  async function received(bytes: string): Promise<string> {
    const client = await running.open()
    const text = await client.send(bytes).untilEnd(3000)
    client.destroy()
    return text
  }

  it('answers 431 past 97 header lines besides Host, and past 40 KB of them', async () => {
    const fits = Array.from({ length: 96 }, (_, i) => `X-${i}: v`)
    assert.equal((await (await running.open()).ask(request('GET / HTTP/1.1', ...fits))).status, 200)
    const many = Array.from({ length: 100 }, (_, i) => `X-${i}: v`)
    assert.match(await received(request('GET / HTTP/1.1', ...many)), /^HTTP\/1.1 431 /)
    const long = `X-Long: ${'v'.repeat(50_000)}`
    assert.match(await received(request('GET / HTTP/1.1', long)), /^HTTP\/1.1 431 /)
  })

  it('answers 505 to HTTP/1.0, absolute and asterisk form', async () => {
    for (const line of ['GET / HTTP/1.0', 'GET http://a/ HTTP/1.1', 'OPTIONS * HTTP/1.1']) {
      assert.match(await received(request(line)), /^HTTP\/1.1 505 /, line)
    }
  })

  it('answers 505 to a request line that is torn behind its target', async () => {
    const client = await running.open()
    client.send('GET / HT')
    await sleep(20)
    client.send('TP/1.1\r\nHost: a\r\n\r\n')
    assert.match(await client.untilEnd(3000), /^HTTP\/1.1 505 /)
  })

  it('closes the connection at a pipelined request while an answer is pending', async () => {
    running.handler = (exchange) => {
      setTimeout(() => exchange.respond(200, '', 'late'), 10)
    }
    assert.equal(await received(GET + GET), '')
    assert.equal(running.engine.pending, 0)
  })

  it('closes the connection at trailers, and takes none for a request', async () => {
    const targets: string[] = []
    running.handler = (exchange) => {
      targets.push(exchange.target)
      exchange.respond(200, '', 'x')
    }
    const post = request('POST /1 HTTP/1.1', 'Transfer-Encoding: chunked')
    const text = await received(`${post}5;ext=1\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n`)
    assert.doesNotMatch(text, /^HTTP\/1.1 200/)
    assert.deepEqual(targets, ['/1'])
  })

  it('loses bytes beyond ASCII at either end of a header value', async () => {
    const coming = nextExchange(running)
    const client = await running.open()
    client.send(request('GET / HTTP/1.1', 'X-A: caf\xc3\xa9'))
    const exchange = await coming
    assert.equal(exchange.headers.get('x-a'), 'caf')
    exchange.respond(200, '', '')
  })

  it('does not see header lines behind one without a name; a Host among them is missed', async () => {
    const hidden = await received('GET / HTTP/1.1\r\n: x\r\nHost: a\r\n\r\n')
    assert.doesNotMatch(hidden, /^HTTP\/1.1 200/)
  })

  it('sends the head of a chunked answer that is no event stream with its first byte', async () => {
    const coming = nextExchange(running)
    const client = await running.open()
    client.send(GET)
    const exchange = await coming
    exchange.start(200, 'Content-Type: application/x-ndjson\r\n', -1)
    await sleep(30)
    assert.equal(client.received, '')
    exchange.write(Buffer.from('1\n'))
    exchange.end()
    assert.equal((await client.answer()).body.toString(), '1\n')
  })
})
