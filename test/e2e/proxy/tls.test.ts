// Targets that speak TLS: what is checked, what is sent, what is kept.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createPlainServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { createServer, TLSSocket } from 'node:tls'
import type { Target, Transport } from '../../../src/proxy/transport.js'
import { makeCertificate } from '../../support/certificates.js'
import {
  ok,
  rawTarget,
  send,
  SlowBody,
  tlsTerms,
  type Answerer,
  type RawTarget,
} from '../../support/upstream.js'
import { transportFor, until } from './support.js'

const named = makeCertificate('DNS:a.test,DNS:b.test')
const addressed = makeCertificate('IP:127.0.0.1')

const lax = tlsTerms()
/** Knows the test's authorities. */
const strict = tlsTerms({ verify: true, authorities: [named.cert, addressed.cert] })

interface SecureScene {
  readonly peer: RawTarget
  /** Under lax terms. */
  readonly target: Target
  readonly transport: Transport
}

async function secureScene(
  t: TestContext,
  answer: Answerer,
  certificate = named,
): Promise<SecureScene> {
  const server = createServer(certificate)
  server.on('tlsClientError', () => undefined)
  const peer = await rawTarget(answer, server)
  t.after(() => peer.close())
  const target = { ...peer.target, protocol: 'https' as const, tls: lax }
  return { peer, target, transport: transportFor(t) }
}

describe('a target behind TLS', () => {
  it('is spoken to on one connection', async (t) => {
    const { peer, target, transport } = await secureScene(t, (socket) => socket.write(ok('hi')))
    const origin = transport.origin(target)
    for (let i = 0; i < 3; i++) assert.equal((await send(origin)).summary, '200 hi')
    assert.equal(peer.sockets.length, 1)
  })

  it('is told the server name, or none', async (t) => {
    const { peer, target, transport } = await secureScene(t, (socket) => socket.write(ok('')))
    await send(transport.origin({ ...target, serverName: 'b.test' }))
    await send(transport.origin(target))
    // Of the server's side, and missing in the types of Node.js.
    const names = peer.sockets.map((socket) => 'servername' in socket && socket.servername)
    assert.deepEqual(names, ['b.test', false])
  })

  it('is served when its certificate verifies for the server name', async (t) => {
    const { target, transport } = await secureScene(t, (socket) => socket.write(ok('hi')))
    const origin = transport.origin({ ...target, serverName: 'b.test', tls: strict })
    assert.equal((await send(origin)).summary, '200 hi')
  })

  it('is served when its certificate verifies for its address', async (t) => {
    const { target, transport } = await secureScene(t, (s) => s.write(ok('hi')), addressed)
    assert.equal((await send(transport.origin({ ...target, tls: strict }))).summary, '200 hi')
  })

  for (const [what, serverName, knowsAuthority] of [
    ['is for another name', 'c.test', true],
    ['is for names, and is met by its address', '', true],
    ['comes from an unknown authority', 'a.test', false],
  ] as const) {
    it(`is refused when its certificate ${what}, and sent nothing`, async (t) => {
      const { peer, target, transport } = await secureScene(t, (socket) => socket.write(ok('')))
      const tls = knowsAuthority ? strict : tlsTerms({ verify: true })
      const origin = transport.origin({ ...target, serverName, tls })
      const { error } = await send(origin, { method: 'POST', retries: 1 })
      assert.equal(error?.code, 'UPSTREAM_TLS')
      assert.match(error.detail ?? '', /failed the TLS handshake \([A-Z_]+\), try 2$/)
      assert.equal(peer.received.join(''), '')
    })
  }

  it('is never reached by a verifying service over a connection that was not verified', async (t) => {
    const { peer, target, transport } = await secureScene(t, (s) => s.write(ok('hi')))
    assert.equal(
      (await send(transport.origin({ ...target, serverName: 'a.test' }))).summary,
      '200 hi',
    )
    const tls = tlsTerms({ verify: true })
    const verifying = transport.origin({ ...target, serverName: 'a.test', tls })
    assert.equal((await send(verifying)).summary, 'UPSTREAM_TLS')
    assert.equal((await send(verifying)).summary, 'UPSTREAM_TLS')
    assert.equal(peer.received.join('').split('GET').length, 2)
  })

  it('is met again by its session, which spares the handshake', async (t) => {
    const reused: boolean[] = []
    const { target, transport } = await secureScene(t, (socket) => {
      reused.push(socket instanceof TLSSocket && socket.isSessionReused())
      socket.end(ok('hi', 'Connection: close\r\n'))
    })
    const origin = transport.origin({ ...target, serverName: 'a.test', tls: strict })
    for (let i = 0; i < 2; i++) assert.equal((await send(origin)).summary, '200 hi')
    assert.deepEqual(reused, [false, true])
  })

  it('that does not speak TLS fails the handshake', async (t) => {
    const peer = await rawTarget(() => undefined)
    t.after(() => peer.close())
    const call = send(transportFor(t).origin({ ...peer.target, protocol: 'https', tls: lax }))
    await until(() => peer.sockets.length === 1)
    peer.sockets[0]?.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    assert.equal((await call).summary, 'UPSTREAM_TLS')
  })

  it('that closes during the handshake fails it', async (t) => {
    const server = createPlainServer((socket) => socket.destroy())
    const peer = await rawTarget(() => undefined, server)
    t.after(() => peer.close())
    const origin = transportFor(t).origin({ ...peer.target, protocol: 'https', tls: lax })
    assert.equal((await send(origin)).summary, 'UPSTREAM_TLS')
  })

  it('that never finishes the handshake runs into the connect timeout', async (t) => {
    const peer = await rawTarget(() => undefined)
    t.after(() => peer.close())
    const origin = transportFor(t).origin({ ...peer.target, protocol: 'https', tls: lax })
    const { error } = await send(origin, { connectMs: 50 })
    assert.equal(error?.code, 'UPSTREAM_CONNECT_TIMEOUT')
    assert.match(error.detail ?? '', /did not finish the TLS handshake within 50 ms$/)
  })

  it('gets a large body and sends one back, whole', async (t) => {
    const text = 'y'.repeat(1_000_000)
    const { target, transport, peer } = await secureScene(t, () => undefined)
    const chunks = Array.from({ length: 50 }, () => Buffer.alloc(65_536, 'x'))
    const call = send(transport.origin(target), { method: 'PUT', body: new SlowBody(-1, chunks) })
    await until(() => peer.received[0]?.endsWith('\r\n0\r\n\r\n') === true)
    peer.sockets[0]?.write(ok(text))
    const { body } = await call
    assert.equal(body, text)
    assert.equal(peer.received[0]?.replace(/[^x]/g, '').length, 50 * 65_536)
  })

  it('is tried again when a reused connection has died', async (t) => {
    const { peer, target, transport } = await secureScene(t, (socket, count, index) => {
      if (index === 0 && count === 2) socket.destroy()
      else socket.write(ok(`${index}`))
    })
    const origin = transport.origin(target)
    await send(origin)
    assert.equal((await send(origin)).summary, '200 1')
    peer.sockets[1]?.end()
    await once(peer.sockets[1] ?? assert.fail(), 'close')
    assert.equal((await send(origin)).summary, '200 2')
  })
})
