// What is tried again, and what is not.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { closedPort, ok, plainTarget, readyBody, send, SlowBody } from '../../support/upstream.js'
import { scene, transportFor, until } from './support.js'

describe('a reused connection that turns out to be dead', () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'POST', 'PATCH', 'LOCK']) {
    const isRetried = !['POST', 'PATCH', 'LOCK'].includes(method)
    it(`${isRetried ? 'costs no retry' : 'fails the call'} with ${method}`, async (t) => {
      const { origin, peer } = await scene(t, (socket, count, index) => {
        if (index === 0 && count === 2) socket.destroy()
        else socket.write(ok(`${index}`))
      })
      await send(origin)
      const { summary } = await send(origin, { method, retries: 0 })
      assert.equal(summary, isRetried ? '200 1' : 'UPSTREAM_RESET')
      assert.equal(peer.sockets.length, isRetried ? 2 : 1)
    })
  }

  it('is replaced by a new one, not by another that may be as old', async (t) => {
    const { origin, peer } = await scene(t, (socket, count, index) => {
      if (index < 2 && count === 2) socket.destroy()
      else socket.write(ok(`${index}`))
    })
    await Promise.all([send(origin), send(origin)])
    assert.equal((await send(origin)).summary, '200 2')
    assert.equal(peer.sockets.length, 3)
  })

  it('does not repeat a request whose answer has a head', async (t) => {
    const { origin, peer } = await scene(t, (socket, count) => {
      if (count === 1) socket.write(ok(''))
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
    })
    await send(origin)
    assert.match((await send(origin, { retries: 3 })).summary, /UPSTREAM_RESET/)
    assert.equal(peer.sockets.length, 1)
  })

  it('repeats a body that is still held', async (t) => {
    const { origin, peer } = await scene(t, (socket, count, index) => {
      if (index === 0 && count > 1) socket.destroy()
      else if (index === 0) socket.write(ok(''))
    })
    await send(origin)
    const chunks = [Buffer.from('abc'), Buffer.from('de\r\n\r\n')]
    const call = send(origin, { method: 'PUT', body: new SlowBody(9, chunks) })
    await until(() => peer.received[1]?.endsWith('de\r\n\r\n') === true)
    peer.sockets[1]?.write(ok('got it'))
    assert.equal((await call).summary, '200 got it')
    assert.match(peer.received[1] ?? '', /\r\n\r\nabcde\r\n\r\n$/)
  })
})

describe('retries', () => {
  it('are made as often as the service says', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.destroy())
    const { error } = await send(origin, { retries: 2 })
    assert.equal(error?.code, 'UPSTREAM_RESET')
    assert.match(
      error.detail ?? '',
      /^127\.0\.0\.1:\d+ closed the connection before it answered, try 3$/,
    )
    assert.equal(peer.sockets.length, 3)
  })

  it('end with the first answer, whatever its status', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => {
      if (index === 0) socket.destroy()
      else socket.write('HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n')
    })
    assert.equal((await send(origin, { retries: 5 })).status, 503)
    assert.equal(peer.sockets.length, 2)
  })

  it('are made when a head breaks off, or stands still', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => {
      if (index === 0) socket.end('HTTP/1.1 200 OK\r\nX-')
      else if (index === 1) socket.write('HTTP/1.1 2')
      else socket.write(ok('whole'))
    })
    assert.equal((await send(origin, { retries: 2, readMs: 50 })).summary, '200 whole')
    assert.equal(peer.sockets.length, 3)
  })

  it('are made after a read timeout', async (t) => {
    const { origin, peer } = await scene(t, (socket, _, index) => {
      if (index > 0) socket.write(ok('late'))
    })
    assert.equal((await send(origin, { retries: 1, readMs: 50 })).summary, '200 late')
    assert.equal(peer.sockets.length, 2)
  })

  it('are not made for POST once it has been sent', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.destroy())
    const call = { method: 'POST', body: readyBody('x\r\n\r\n'), retries: 5 }
    assert.equal((await send(origin, call)).summary, 'UPSTREAM_RESET')
    assert.equal(peer.sockets.length, 1)
  })

  it('are made for POST when no connection came about', async (t) => {
    const origin = transportFor(t).origin(plainTarget(await closedPort()))
    const { error } = await send(origin, { method: 'POST', body: readyBody('x'), retries: 2 })
    assert.equal(error?.code, 'UPSTREAM_REFUSED')
    assert.match(error.detail ?? '', /ECONNREFUSED\), try 3$/)
  })

  it('are not made for an answer that is not valid', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write('HTTP/1.1 200 OK\n\n'))
    assert.equal((await send(origin, { retries: 5 })).summary, 'UPSTREAM_INVALID_RESPONSE')
    assert.equal(peer.sockets.length, 1)
  })

  it('are not made when more of the body has gone than is held', async (t) => {
    const { origin, peer } = await scene(t, () => undefined)
    const chunks = Array.from({ length: 10 }, () => Buffer.alloc(10_000, 'x'))
    const body = new SlowBody(200_000, chunks, false)
    const call = send(origin, { method: 'PUT', body, retries: 5 })
    await until(() => (peer.received[0]?.length ?? 0) > 70_000)
    peer.sockets[0]?.destroy()
    assert.equal((await call).summary, 'UPSTREAM_RESET')
    assert.equal(peer.sockets.length, 1)
  })
})
