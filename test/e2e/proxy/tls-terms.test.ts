// What a TLS session with a target is judged by, and what the target is shown.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createServer, TLSSocket, type TlsOptions } from 'node:tls'
import type { Target } from '../../../src/proxy/transport.js'
import { issueCertificate, makeAuthority } from '../../support/certificates.js'
import { ok, rawTarget, send, tlsTerms, type RawTarget } from '../../support/upstream.js'
import { transportFor, until } from './support.js'

const root = makeAuthority('root')
const first = makeAuthority('first', root)
const second = makeAuthority('second', first)
const names = 'DNS:a.test,DNS:b.test'
const direct = issueCertificate(root, { names })
const client = issueCertificate(root, { name: 'client' })

const serverNameOf = (socket: object): unknown =>
  'servername' in socket ? socket.servername : undefined

const shownBy = (socket: unknown): string =>
  socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject.CN) : ''

/** A target that answers with `answer`, known under the name a.test, whose root is trusted. */
async function secureTarget(
  t: TestContext,
  options: TlsOptions = direct,
  answer: (socket: unknown) => string = () => 'hi',
): Promise<{ readonly target: Target; readonly peer: RawTarget }> {
  const server = createServer(options)
  server.on('tlsClientError', () => undefined)
  const peer = await rawTarget((socket) => socket.write(ok(answer(socket))), server)
  t.after(() => peer.close())
  const tls = tlsTerms({ verify: true, authorities: [root.cert] })
  return { peer, target: { ...peer.target, protocol: 'https', serverName: 'a.test', tls } }
}

describe('the chain of a target', () => {
  for (const [depth, between, isTaken] of [
    [0, [], true],
    [0, [first], false],
    [1, [first], true],
    [1, [second, first], false],
    [2, [second, first], true],
  ] as const) {
    const outcome = isTaken ? 'is taken' : 'is refused before anything is sent'
    it(`with ${between.length} between it and the root ${outcome} at depth ${depth}`, async (t) => {
      const certificate = issueCertificate(between[0] ?? root, { names, chain: between })
      const { target, peer } = await secureTarget(t, certificate)
      const tls = tlsTerms({ verify: true, depth, authorities: [root.cert] })
      const origin = transportFor(t).origin({ ...target, tls })
      // A session that was refused must not open the door to the next try.
      for (let i = 0; i < 2; i++) {
        const { summary, error } = await send(origin)
        assert.equal(summary, isTaken ? '200 hi' : 'UPSTREAM_TLS')
        if (!isTaken) assert.match(error?.detail ?? '', /CERT_CHAIN_TOO_LONG/)
      }
      if (!isTaken) assert.equal(peer.received.join(''), '')
    })
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`that is too long stays refused with ${version}`, async (t) => {
      const certificate = issueCertificate(first, { names, chain: [first] })
      const { target, peer } = await secureTarget(t, { ...certificate, maxVersion: version })
      const tls = tlsTerms({ verify: true, depth: 0, authorities: [root.cert] })
      const origin = transportFor(t).origin({ ...target, tls })
      for (let i = 0; i < 3; i++) assert.equal((await send(origin)).summary, 'UPSTREAM_TLS')
      assert.equal(peer.received.join(''), '')
    })
  }

  it('may go on past the root that is trusted, to one that is not', async (t) => {
    // As when a young authority has an older one vouch for it.
    const young = makeAuthority('young')
    const vouchedFor = makeAuthority('young', makeAuthority('old'), young.key)
    const certificate = issueCertificate(young, { names, chain: [vouchedFor] })
    const { target } = await secureTarget(t, certificate)
    const tls = tlsTerms({ verify: true, depth: 0, authorities: [young.cert] })
    assert.equal((await send(transportFor(t).origin({ ...target, tls }))).summary, '200 hi')
  })

  it('may have its middle among the authorities, where it counts all the same', async (t) => {
    const { target } = await secureTarget(t, issueCertificate(first, { names }))
    const authorities = [first.cert, root.cert]
    for (const [depth, summary] of [
      [1, '200 hi'],
      [0, 'UPSTREAM_TLS'],
    ] as const) {
      const tls = tlsTerms({ verify: true, depth, authorities })
      assert.equal((await send(transportFor(t).origin({ ...target, tls }))).summary, summary)
    }
  })

  it('is taken by nobody who trusts nobody', async (t) => {
    const { target } = await secureTarget(t)
    const tls = tlsTerms({ verify: true, authorities: [] })
    assert.equal((await send(transportFor(t).origin({ ...target, tls }))).summary, 'UPSTREAM_TLS')
  })
})

describe('a target that asks who we are', () => {
  const asking = { ...direct, requestCert: true, rejectUnauthorized: true, ca: [root.cert] }

  it('is shown the certificate of the terms', async (t) => {
    const { target } = await secureTarget(t, asking, shownBy)
    const origin = transportFor(t).origin({ ...target, tls: tlsTerms({ client }) })
    assert.equal((await send(origin)).summary, '200 client')
  })

  it('is shown none without one, and breaks off', async (t) => {
    const { target } = await secureTarget(t, asking, shownBy)
    const origin = transportFor(t).origin({ ...target, tls: tlsTerms() })
    assert.match((await send(origin)).summary, /^UPSTREAM_/)
  })
})

describe('a target under other server names', () => {
  it('has connections of its own for each, and is held to that name', async (t) => {
    const { target, peer } = await secureTarget(t)
    const origin = transportFor(t).origin(target)
    assert.equal(origin.named('a.test'), origin)
    for (const [name, summary] of [
      ['b.test', '200 hi'],
      ['c.test', 'UPSTREAM_TLS'],
      ['b.test', '200 hi'],
    ] as const) {
      assert.equal((await send(origin.named(name))).summary, summary)
    }
    assert.equal((await send(origin)).summary, '200 hi')
    const answered = peer.sockets.filter((_, index) => peer.received[index] !== '')
    assert.deepEqual(answered.map(serverNameOf), ['b.test', 'a.test'])
  })

  it('is told no address for a name', async (t) => {
    const { target, peer } = await secureTarget(t)
    const origin = transportFor(t).origin({ ...target, tls: tlsTerms() })
    for (const name of ['127.0.0.1', '::1']) await send(origin.named(name))
    assert.deepEqual(peer.sockets.map(serverNameOf), [false, false])
  })

  it('forgets the names used least lately, with their connections', async (t) => {
    const { target, peer } = await secureTarget(t)
    const origin = transportFor(t).origin({ ...target, tls: tlsTerms() })
    const kept = origin.named('kept.test')
    await send(kept)
    await send(origin.named('left.test'))
    for (let i = 0; i < 99; i++) {
      origin.named(`n${i}.test`)
      assert.equal(origin.named('kept.test'), kept)
    }
    await until(() => peer.sockets[1]?.destroyed === true)
    assert.equal(peer.sockets[0]?.destroyed, false)
    assert.equal((await send(kept)).summary, '200 hi')
    assert.equal(peer.sockets.length, 2)
  })

  it('keeps as many idle connections under all of them as under one', async (t) => {
    const { target, peer } = await secureTarget(t)
    const origin = transportFor(t, { poolSize: 2 }).origin({ ...target, tls: tlsTerms() })
    for (const name of ['a.test', 'b.test', 'c.test', 'd.test']) await send(origin.named(name))
    await until(() => peer.sockets.filter(({ destroyed }) => !destroyed).length === 2)
    assert.deepEqual(
      peer.sockets.map(({ destroyed }) => destroyed),
      [false, false, true, true],
    )
  })

  it('loses the connections of all of them when nobody needs it any more', async (t) => {
    const { target, peer } = await secureTarget(t)
    const transport = transportFor(t)
    const origin = transport.origin(target)
    await send(origin)
    await send(origin.named('b.test'))
    transport.retain(new Set())
    await until(() => peer.sockets.every(({ destroyed }) => destroyed))
    // A request that began before finds the way, and leaves nothing open.
    assert.equal((await send(origin.named('a.test'))).summary, '200 hi')
    assert.equal((await send(origin.named('b.test'))).summary, '200 hi')
    await until(() => peer.sockets.every(({ destroyed }) => destroyed))
  })
})
