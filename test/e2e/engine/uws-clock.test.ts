// The 10 s clock of uWebSockets.js (some 8 to 12 s as it ticks) against all who may rest for longer, side by side.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  closeAll,
  GET,
  nextExchange,
  observer,
  readWhole,
  request,
  run,
  UWS,
  type Running,
} from './setup.js'

const PAST_THE_CLOCK_MS = 13_000
const MB = 1024 * 1024

describe('uws: the 10 s clock', { concurrency: true }, () => {
  const runs: Running[] = []
  before(async () => {
    // One engine each: every test has a handler of its own.
    for (let i = 0; i < 8; i++) runs.push(await run(UWS))
  })
  after(closeAll)

  function engine(at: number): Running {
    const running = runs[at]
    assert.ok(running !== undefined)
    return running
  }

  it('lets a target take its time, with and without a body in the request', async () => {
    const running = engine(0)
    running.handler = (exchange) => {
      exchange.readBody({ onBodyChunk: () => undefined })
      setTimeout(() => exchange.respond(200, '', 'late'), PAST_THE_CLOCK_MS)
    }
    const plain = await running.open()
    const posted = await running.open()
    const answers = [
      plain.ask(GET),
      posted.ask(`${request('POST / HTTP/1.1', 'Content-Length: 5')}hello`),
    ]
    for (const answer of await Promise.all(answers)) assert.equal(answer.body.toString(), 'late')
  })

  it('lets an event stream rest', async () => {
    const running = engine(1)
    const coming = nextExchange(running)
    const client = await running.open()
    client.send(GET)
    const exchange = await coming
    exchange.start(200, 'Content-Type: text/event-stream\r\n', -1)
    exchange.write(Buffer.from('data: 1\n\n'))
    await sleep(PAST_THE_CLOCK_MS)
    exchange.write(Buffer.from('data: 2\n\n'))
    exchange.end()
    assert.equal((await client.answer()).body.toString(), 'data: 1\n\ndata: 2\n\n')
  })

  it('lets a slow upload go on, and its target take its time afterwards', async () => {
    const running = engine(2)
    running.handler = (exchange) =>
      void readWhole(exchange).then((body) => exchange.respond(200, '', body))
    const client = await running.open()
    client.send(request('POST / HTTP/1.1', 'Content-Length: 3'))
    for (let i = 0; i < 3; i++) {
      await sleep(PAST_THE_CLOCK_MS / 3)
      client.send('x')
    }
    assert.equal((await client.answer()).body.toString(), 'xxx')
  })

  it('lets an upload wait for its reader', async () => {
    const running = engine(3)
    const coming = nextExchange(running)
    const client = await running.open()
    const body = Buffer.alloc(3 * MB, 'abc')
    client.send(request('POST / HTTP/1.1', `Content-Length: ${body.length}`)).send(body)
    const exchange = await coming
    await sleep(PAST_THE_CLOCK_MS)
    assert.ok((await readWhole(exchange)).equals(body))
    exchange.respond(200, '', 'ok')
    assert.equal((await client.answer()).body.toString(), 'ok')
  })

  for (const [at, length] of [
    [4, 20 * MB],
    [5, -1],
  ] as const) {
    it(`lets a client rest within an answer of ${length < 0 ? 'unknown' : 'known'} length`, async () => {
      const running = engine(at)
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(GET)
      const exchange = await coming
      client.socket.pause()
      let left = 20 * MB
      const piece = Buffer.alloc(64 * 1024, 'x')
      const pump = (): void => {
        while (left > 0) {
          left -= piece.length
          if (!exchange.write(piece)) return
        }
        exchange.end()
      }
      exchange.observer = observer({ onDrain: pump })
      exchange.start(200, '', length)
      pump()
      await sleep(PAST_THE_CLOCK_MS)
      client.socket.resume()
      assert.equal((await client.answer()).body.length, 20 * MB)
    })
  }

  it('lets a client rest within a large whole answer', async () => {
    const running = engine(6)
    running.handler = (exchange) => exchange.respond(200, '', Buffer.alloc(20 * MB, 'x'))
    const client = await running.open()
    client.socket.pause()
    client.send(GET)
    await sleep(PAST_THE_CLOCK_MS)
    client.socket.resume()
    assert.equal((await client.answer()).body.length, 20 * MB)
  })

  it('closes idle connections, and those that were told so behind a stream', async () => {
    const running = engine(7)
    running.handler = (exchange) => {
      exchange.start(200, '', -1)
      exchange.write(Buffer.from('x'))
      setTimeout(() => exchange.end(), 5)
    }
    const idle = await running.open()
    await idle.ask(GET)
    const told = await running.open()
    await told.ask(`${request('POST / HTTP/1.1', 'Transfer-Encoding: chunked')}0\r\n\r\n`)
    await Promise.all([idle.untilEnd(), told.untilEnd()])
  })
})
