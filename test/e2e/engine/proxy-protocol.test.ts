// Connections that begin with a PROXY protocol header, on the engine that takes them.
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { storeOf } from '../../support/certificate-store.js'
import { makeCertificate } from '../../support/certificates.js'
import { RawClient } from '../../support/raw-client.js'
import { closeAll, GET, HTTP1, run, type Running } from './setup.js'

const HEADER = 'PROXY TCP4 192.0.2.1 198.51.100.2 8080 80\r\n'
const HEADER_V2 = Buffer.from(
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc6\x33\x64\x02\x1f\x90\x00\x50',
  'latin1',
)

async function start(settings: Parameters<typeof run>[1] = {}): Promise<Running> {
  const running = await run(HTTP1, settings, { proxyProtocol: true })
  running.handler = (exchange) =>
    exchange.respond(200, '', `${exchange.announcedAddress} through ${exchange.peerAddress}`)
  return running
}

describe('http1: PROXY protocol', () => {
  after(closeAll)

  for (const [what, header] of Object.entries({ 'version 1': HEADER, 'version 2': HEADER_V2 })) {
    it(`tells the address of ${what} for every request of the connection`, async () => {
      const client = await (await start()).open()
      client.send(header)
      for (let i = 0; i < 2; i++) {
        const answer = await client.ask(GET)
        assert.equal(answer.body.toString(), '192.0.2.1 through 127.0.0.1')
      }
    })

    it(`takes ${what} and requests in one piece, and byte by byte`, async () => {
      const running = await start()
      const bytes = Buffer.concat([Buffer.from(header), Buffer.from(GET + GET)])
      for (const size of [bytes.length, 1]) {
        const client = await running.open()
        for (let at = 0; at < bytes.length; at += size) {
          client.send(bytes.subarray(at, at + size))
          if (size === 1) await sleep(1)
        }
        for (let i = 0; i < 2; i++) {
          assert.equal((await client.answer()).body.toString(), '192.0.2.1 through 127.0.0.1')
        }
      }
    })
  }

  it('closes a connection without a header, unanswered', async () => {
    const running = await start()
    let isServed = false
    running.handler = () => (isServed = true)
    const client = await running.open()
    assert.equal(await client.send(GET).untilEnd(), '')
    assert.equal(isServed, false)
  })

  it('closes a connection whose header does not come in time', async () => {
    const client = await (await start({ headerTimeoutMs: 60 })).open()
    assert.equal(await client.send('PROXY TCP4').untilEnd(), '')
  })

  it('closes connections that have brought no header yet when it is closed itself', async () => {
    const running = await start()
    const client = await running.open()
    await sleep(20)
    running.engine.close()
    await client.untilEnd()
  })

  it('takes the header in front of a TLS handshake, apart and in one piece', async () => {
    const store = await storeOf(makeCertificate('DNS:localhost'))
    const running = await run(HTTP1, {}, { proxyProtocol: true, tls: store })
    running.handler = (exchange) => exchange.respond(200, '', exchange.announcedAddress)
    for (const waitMs of [0, 20]) {
      const raw = await RawClient.open(running.listener.port)
      raw.send(HEADER)
      await sleep(waitMs)
      const socket = connectTls({ socket: raw.socket, rejectUnauthorized: false })
      const text = await new Promise<string>((resolve, reject) => {
        socket.on('error', reject)
        socket.once('data', (data: Buffer) => resolve(data.toString()))
        socket.write(GET)
      })
      assert.ok(text.endsWith('\r\n\r\n192.0.2.1'), text)
      socket.destroy()
    }
  })
})
