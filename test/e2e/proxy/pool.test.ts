// Which connection a call goes out on.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { ok, plainTarget, send, start, tlsTerms } from '../../support/upstream.js'
import { scene, transportFor, wait } from './support.js'

describe('connections to a target', () => {
  it('are used again', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('hi')))
    for (let i = 0; i < 3; i++) assert.equal((await send(origin)).summary, '200 hi')
    assert.equal(peer.sockets.length, 1)
  })

  it('carry one call at a time', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => socket.write(ok(`${index}`)))
    const bodies = await Promise.all([send(origin), send(origin), send(origin)])
    assert.deepEqual(bodies.map(({ body }) => body).sort(), ['0', '1', '2'])
    assert.equal(peer.sockets.length, 3)
  })

  it('are taken in the order of their last use, the latest first', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => {
      setTimeout(() => socket.write(ok(`${index}`)), index === 0 ? 40 : 0)
    })
    await Promise.all([send(origin), send(origin)])
    assert.equal((await send(origin)).body, '0')
    assert.equal(peer.sockets.length, 2)
  })

  it('can be had again by a call made from within the last piece of an answer', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('hi')))
    const { recorder } = start(origin)
    const second = new Promise((resolve) => {
      recorder.keep = () => resolve(send(origin).then(({ body }) => body))
    })
    assert.equal(await second, 'hi')
    assert.equal(peer.sockets.length, 1)
  })

  it('are closed after upstream_keepalive_max_requests', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('')), { maxRequests: 2 })
    for (let i = 0; i < 5; i++) await send(origin)
    assert.equal(peer.sockets.length, 3)
  })

  it('are closed at once when the pool is full, or has no room at all', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('')), { poolSize: 1 })
    await Promise.all([send(origin), send(origin)])
    await Promise.all([send(origin), send(origin)])
    assert.equal(peer.sockets.length, 3)
    const bare = transportFor(t, { poolSize: 0 }).origin(peer.target)
    await send(bare)
    await send(bare)
    assert.equal(peer.sockets.length, 5)
  })

  it('are closed after the idle timeout', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('')), { idleTimeoutMs: 50 })
    await send(origin)
    await once(peer.sockets[0] ?? assert.fail(), 'close')
    await send(origin)
    assert.equal(peer.sockets.length, 2)
  })

  it('are closed before the target does, when it says how long it waits', async (t) => {
    const answer = ok('', 'Keep-Alive: timeout=1\r\n')
    const { origin, peer } = await scene(t, (socket) => socket.write(answer))
    await send(origin)
    const before = performance.now()
    await once(peer.sockets[0] ?? assert.fail(), 'close')
    assert.ok(performance.now() - before < 900)
  })

  for (const [what, answer] of Object.entries({
    'the target says close': ok('', 'Connection: close\r\n'),
    'the target speaks HTTP/1.0': 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n',
    'more has come than the answer': `${ok('')}HTTP/1.1 200 OK\r\n`,
  })) {
    it(`are not used again when ${what}`, async (t) => {
      const { origin, peer } = await scene(t, (socket) => socket.write(answer))
      await send(origin)
      await send(origin)
      assert.equal(peer.sockets.length, 2)
    })
  }

  it('are used again after HTTP/1.0 with keep-alive', async (t) => {
    const answer = 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n'
    const { origin, peer } = await scene(t, (socket) => socket.write(answer))
    await send(origin)
    await send(origin)
    assert.equal(peer.sockets.length, 1)
  })

  it('are dropped when bytes come that nobody asked for', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => socket.write(ok(`${index}`)))
    await send(origin)
    const socket = peer.sockets[0] ?? assert.fail()
    socket.write(ok('poison'))
    await once(socket, 'close')
    assert.equal((await send(origin)).body, '1')
  })

  it('are dropped when the target closes them', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => socket.write(ok(`${index}`)))
    await send(origin)
    const socket = peer.sockets[0] ?? assert.fail()
    socket.end()
    await once(socket, 'close')
    assert.equal((await send(origin)).body, '1')
  })

  it('are dropped when the target resets them', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => socket.write(ok(`${index}`)))
    await send(origin)
    peer.sockets[0]?.resetAndDestroy()
    await wait(20)
    assert.equal((await send(origin)).body, '1')
  })

  it('are pooled apart unless all of the target is equal', (t) => {
    const transport = transportFor(t)
    const target = plainTarget(80)
    const origin = transport.origin(target)
    assert.equal(transport.origin({ ...target }), origin)
    for (const other of [
      { ...target, protocol: 'https' as const, tls: tlsTerms() },
      { ...target, host: '127.0.0.2' },
      { ...target, port: 81 },
      { ...target, serverName: 'a.test' },
      { ...target, tls: tlsTerms({ verify: true, depth: 1 }) },
      { ...target, tls: tlsTerms({ verify: true, depth: 2 }) },
      { ...target, tls: tlsTerms({ verify: true, authorities: ['a'] }) },
      { ...target, tls: tlsTerms({ client: { cert: 'a', key: 'k1' } }) },
      { ...target, tls: tlsTerms({ client: { cert: 'a', key: 'k2' } }) },
    ]) {
      assert.notEqual(transport.origin(other), origin)
    }
  })

  it('close with the transport: idle ones at once, busy ones after their call', async (t) => {
    const { origin, transport, peer } = await scene(t, (socket, _, index) => {
      setTimeout(() => socket.write(ok(`${index}`)), index * 50)
    })
    const calls = [start(origin), start(origin)]
    await calls[0]?.recorder.ended
    transport.close()
    await once(peer.sockets[0] ?? assert.fail(), 'close')
    assert.equal((await calls[1]?.recorder.ended)?.summary, '200 1')
    await once(peer.sockets[1] ?? assert.fail(), 'close')
  })
})
