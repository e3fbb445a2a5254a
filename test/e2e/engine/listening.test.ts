// Ports, certificates, and the way to a graceful end.
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { storeOf } from '../../support/certificate-store.js'
import { makeCertificate } from '../../support/certificates.js'
import { RawClient } from '../../support/raw-client.js'
import {
  aborted,
  closeAll,
  ENGINES,
  GET,
  nextExchange,
  observer,
  recordingLogger,
  request,
  run,
} from './setup.js'

const TLS = await storeOf(makeCertificate('DNS:localhost'))

for (const kind of ENGINES) {
  describe(`${kind.name}: listening`, () => {
    after(closeAll)

    it('tells the port that the system has chosen', async () => {
      const { listener } = await run(kind)
      assert.ok(listener.port > 0)
      assert.equal(listener.secure, false)
      assert.equal(listener.address, '127.0.0.1')
    })

    it('serves IPv6 with the short form of the peer address', async () => {
      const running = await run(kind, {}, { address: '::1' })
      running.handler = (exchange) => exchange.respond(200, '', exchange.peerAddress)
      const client = await running.open()
      assert.equal((await client.ask(GET)).body.toString(), '::1')
    })

    it('refuses a port that is in use, naming address and port', async () => {
      const { listener } = await run(kind)
      const { port } = listener
      await assert.rejects(run(kind, {}, { port }), {
        message: new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: `),
      })
    })

    it('refuses an address that is not of this machine', async () => {
      await assert.rejects(run(kind, {}, { address: '192.0.2.1' }), {
        message: /^cannot listen on 192\.0\.2\.1:0: /,
      })
    })

    it('shares a port with another engine when told to', async () => {
      const { engine, listener } = await run(kind)
      const { port } = listener
      engine.close()
      for (let i = 0; i < 2; i++) {
        const sharing = await run(kind, { sharePort: true }, { port })
        assert.equal(sharing.listener.port, port)
      }
      await assert.rejects(run(kind, {}, { port }), /cannot listen/)
    })

    it('serves several listeners, each exchange knowing its own', async () => {
      const { engine, listener } = await run(kind)
      const options = { address: '127.0.0.1', port: 0, tls: TLS }
      const second = await engine.listen(options, (exchange) => {
        exchange.respond(200, '', JSON.stringify(exchange.listener))
      })
      assert.notEqual(second.port, listener.port)
      const client = await RawClient.open(second.port, { tls: true })
      const answer = await client.ask(GET)
      assert.deepEqual(JSON.parse(answer.body.toString()), {
        address: '127.0.0.1',
        port: second.port,
        secure: true,
      })
      client.destroy()
    })

    it('serves TLS: several requests, an upload, a download', async () => {
      const running = await run(kind, {}, { tls: TLS })
      assert.equal(running.listener.secure, true)
      const client = await running.open()
      running.handler = (exchange) => exchange.respond(200, '', 'secret')
      assert.equal((await client.ask(GET)).body.toString(), 'secret')
      running.handler = (exchange) => {
        let received = 0
        exchange.readBody({
          onBodyChunk(chunk, last) {
            received += chunk.length
            if (last)
              exchange.respond(200, `X-Received: ${received}\r\n`, Buffer.alloc(2_000_000, 'ab'))
          },
        })
      }
      client.send(request('POST / HTTP/1.1', 'Content-Length: 1000000'))
      client.send(Buffer.alloc(1_000_000))
      const answer = await client.answer()
      assert.equal(answer.headers['x-received'], '1000000')
      assert.ok(answer.body.equals(Buffer.alloc(2_000_000, 'ab')))
    })

    it('counts exchanges without a complete answer', async () => {
      const running = await run(kind)
      const coming = nextExchange(running)
      const client = await running.open()
      assert.equal(running.engine.pending, 0)
      client.send(GET)
      const exchange = await coming
      assert.equal(running.engine.pending, 1)
      exchange.start(200, '', 6)
      exchange.write(Buffer.from('abc'))
      assert.equal(running.engine.pending, 1)
      exchange.write(Buffer.from('def'))
      exchange.end()
      assert.equal(running.engine.pending, 0)
    })

    it('takes no new connections once stopped, and closes those that get an answer', async () => {
      const running = await run(kind)
      const coming = nextExchange(running)
      const client = await running.open()
      const idle = await running.open()
      running.handler = (exchange) => exchange.respond(200, '', 'first')
      assert.equal((await idle.ask(GET)).headers.connection, undefined)
      const nextOne = nextExchange(running)
      client.send(GET)
      const exchange = await Promise.race([coming, nextOne])
      running.engine.stopListening()
      await assert.rejects(RawClient.open(running.listener.port), { code: 'ECONNREFUSED' })
      exchange.respond(200, '', 'late')
      const answer = await client.answer()
      assert.equal(answer.headers.connection, 'close')
      assert.equal(answer.body.toString(), 'late')
      await client.untilEnd()
      running.handler = (next) => next.respond(200, '', 'last')
      assert.equal((await idle.ask(GET)).headers.connection, 'close')
      await idle.untilEnd()
    })

    it('cuts what is left at close, and says so', async () => {
      const running = await run(kind)
      const coming = nextExchange(running)
      const busy = await running.open()
      const idle = await running.open()
      busy.send(GET)
      const gone = aborted(await coming)
      running.engine.close()
      await Promise.all([gone, busy.untilEnd(), idle.untilEnd()])
      assert.equal(running.engine.pending, 0)
      running.engine.close()
    })

    it('stays silent about exchanges that the pipeline itself has closed', async () => {
      const running = await run(kind)
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(GET)
      const exchange = await coming
      let abortions = 0
      exchange.observer = observer({
        onAborted() {
          abortions++
        },
      })
      exchange.close()
      await client.untilEnd()
      await sleep(5)
      assert.equal(abortions, 0)
    })

    it('survives an observer that throws', async () => {
      const running = await run(kind)
      const coming = nextExchange(running)
      const client = await running.open()
      client.send(GET)
      const exchange = await coming
      exchange.observer = observer({
        onAborted() {
          throw new Error('an observer at fault')
        },
      })
      client.destroy()
      while (running.errors.length === 0) await sleep(2)
      assert.match(running.errors.join(), /an observer at fault/)
    })
  })
}

describe('recordingLogger', () => {
  it('keeps what is logged as an error', () => {
    const { log, errors } = recordingLogger()
    log.error({ err: new Error('x') }, 'y')
    assert.deepEqual(errors, ['y: Error: x'])
  })
})
