// Bodies larger than memory should hold, in both directions.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import type { RequestListener } from 'node:http'
import type { Origin } from '../../../src/proxy/transport.js'
import { makeCall, plainTarget, Recorder, SlowBody } from '../../support/upstream.js'
import { transportFor, wait } from './support.js'

const CHUNK = Buffer.alloc(65_536, 'x')
const CHUNKS = 1600
const TOTAL = CHUNK.length * CHUNKS
/** 100 MB pass through; what may be held on the way is sockets' and streams' buffers. */
const BOUND = 40_000_000

async function httpOrigin(t: TestContext, listener: RequestListener): Promise<Origin> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return transportFor(t).origin(plainTarget((server.address() as AddressInfo).port))
}

/** Samples memory while it runs; the result is by how much it has grown at most. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5)
  await work()
  clearInterval(timer)
  return most - before
}

/** Counts instead of keeping. */
class Counter extends Recorder {
  bytes = 0
  onBytes: () => void = () => undefined

  override keep(chunk: Buffer): void {
    this.bytes += chunk.length
    this.onBytes()
  }
}

async function countBytes(
  request: IncomingMessage,
  each: () => Promise<void> | null,
): Promise<number> {
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    await each()
  }
  return bytes
}

function download(chunked: boolean): RequestListener {
  return (_, response) => {
    if (!chunked) response.setHeader('Content-Length', TOTAL)
    let left = CHUNKS
    const write = () => {
      while (left > 0) {
        left--
        if (!response.write(CHUNK)) {
          response.once('drain', write)
          return
        }
      }
      response.end()
    }
    write()
  }
}

describe('a download of 100 MB', () => {
  for (const chunked of [false, true]) {
    it(`passes ${chunked ? 'in chunks' : 'with a length'} and is not gathered`, async (t) => {
      const origin = await httpOrigin(t, download(chunked))
      const counter = new Counter()
      const grown = await growth(() => {
        origin.send(makeCall(), counter)
        return counter.ended
      })
      assert.equal(counter.error, null)
      assert.equal(counter.bytes, TOTAL)
      assert.ok(grown < BOUND, `${grown} bytes`)
    })
  }

  it('waits at the target while the client does not take it', async (t) => {
    const origin = await httpOrigin(t, download(true))
    const counter = new Counter()
    const grown = await growth(async () => {
      const running = origin.send(makeCall(), counter)
      await counter.started
      running.pause()
      const { bytes } = counter
      await wait(100)
      assert.ok(counter.bytes - bytes <= CHUNK.length)
      // From here on a client that stops after each megabyte.
      let mark = counter.bytes
      counter.onBytes = () => {
        if (counter.bytes - mark < 1_000_000) return
        mark = counter.bytes
        running.pause()
        setImmediate(() => running.resume())
      }
      running.resume()
      await counter.ended
    })
    assert.equal(counter.bytes, TOTAL)
    assert.ok(grown < BOUND, `${grown} bytes`)
  })
})

describe('an upload of 100 MB', () => {
  for (const length of [TOTAL, -1]) {
    it(`goes ${length < 0 ? 'in chunks' : 'with a length'} at the pace of the target`, async (t) => {
      let turn = 0
      const origin = await httpOrigin(t, (request, response) => {
        void countBytes(request, () => (turn++ % 200 === 0 ? wait(5) : null)).then((bytes) =>
          response.end(String(bytes)),
        )
      })
      const chunks = (function* () {
        for (let i = 0; i < CHUNKS; i++) yield CHUNK
      })()
      const body = new SlowBody(length, chunks)
      const recorder = new Recorder()
      const grown = await growth(() => {
        origin.send(makeCall({ method: 'PUT', body }), recorder)
        return recorder.ended
      })
      assert.equal(recorder.summary, `200 ${TOTAL}`)
      assert.ok(body.pauses > 0)
      assert.ok(grown < BOUND, `${grown} bytes`)
    })
  }
})
