// Bodies with Transfer-Encoding on uWebSockets.js, which may take what follows them for a request (DATA-PATH, trap 12): the
// connection ends behind each. And text that it cannot hand over.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from '../../../src/model/exchange.js'
import { closeAll, GET, readWhole, request, run, UWS, type Running } from './setup.js'

const CHUNKED_POST = request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')

describe('uws: connections that end', () => {
  let running: Running
  before(async () => {
    running = await run(UWS)
  })
  after(closeAll)

  it('closes the connection behind a chunked body', async () => {
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
      const answer = await client.ask(`${CHUNKED_POST}3\r\nabc\r\n0\r\n\r\n`)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(answer.body.toString(), 'abcdef')
      client.send(GET)
      await sleep(20)
      assert.equal(client.received, '')
      client.destroy()
    }
  })

  for (const [what, bytes] of Object.entries({
    'a target': request('GET /caf\xe9 HTTP/1.1'),
    'a header': request('GET / HTTP/1.1', 'X-A: a\xe9b'),
  })) {
    it(`marks ${what} that is no UTF-8 as a bad request, since its bytes are lost`, async () => {
      running.handler = (exchange) => exchange.respond(400, '', exchange.fault)
      const answer = await (await running.open()).ask(bytes)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(answer.body.toString(), 'BAD_REQUEST')
    })
  }

  it('never takes what follows a chunked body for a request', async () => {
    const seen: string[] = []
    const late = (exchange: Exchange): void =>
      void readWhole(exchange).then(() => exchange.respond(200, '', 'x'))
    const handlers = [
      (exchange: Exchange) => exchange.respond(200, '', 'at once'),
      (exchange: Exchange) =>
        exchange.readBody({
          onBodyChunk(_, last) {
            if (last) exchange.respond(200, '', 'x')
          },
        }),
      late,
      (exchange: Exchange) => {
        exchange.start(200, '', 3)
        exchange.write(Buffer.from('abc'))
      },
      (exchange: Exchange) => {
        exchange.start(200, '', -1)
        exchange.write(Buffer.from('abc'))
        exchange.end()
      },
    ]
    const smuggled = request('GET /smuggled HTTP/1.1')
    for (const handler of handlers) {
      running.handler = (exchange) => {
        seen.push(exchange.target)
        handler(exchange)
      }
      const together = await running.open()
      await together
        .send(`${CHUNKED_POST}3\r\nabc\r\n0\r\n\r\n${smuggled}`)
        .until(() => seen.length > 0)
      const apart = await running.open()
      await apart.send(`${CHUNKED_POST}3\r\nabc\r\n0\r\n\r\n`).answer()
      apart.send(smuggled)
      await sleep(20)
    }
    assert.deepEqual([...new Set(seen)], ['/'])
  })

  it('closes the connection when HEAD came with a chunked body', async () => {
    running.handler = (exchange) => exchange.respond(200, '', 'abc')
    const client = await running.open()
    const answer = await client
      .send(request('HEAD / HTTP/1.1', 'Transfer-Encoding: chunked') + '0\r\n\r\n')
      .answer('HEAD')
    assert.equal(answer.headers.connection, 'close')
    assert.equal(answer.headers['content-length'], '3')
    client.send(GET)
    await sleep(20)
    assert.equal(client.received, '')
  })
})
