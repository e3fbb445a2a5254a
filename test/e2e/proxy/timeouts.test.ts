// Targets that cannot be reached, do not listen or do not answer.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import {
  closedPort,
  ok,
  plainTarget,
  readyBody,
  send,
  SlowBody,
  start,
} from '../../support/upstream.js'
import { scene, transportFor, wait } from './support.js'

async function timed<T>(work: Promise<T>): Promise<[result: T, ms: number]> {
  const before = performance.now()
  return [await work, performance.now() - before]
}

/**
 * A listener whose queue is full: the kernel answers no further connection. Node.js cannot be kept from accepting, so
 * it is another process that is stopped.
 */
async function fullListener(t: TestContext): Promise<number> {
  const script = `require('net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},
    function () { console.log(this.address().port) })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  child.kill('SIGSTOP')
  const fillers = Array.from({ length: 4 }, () => createConnection({ port, host: '127.0.0.1' }))
  for (const filler of fillers) filler.on('error', () => filler.destroy())
  t.after(() => fillers.forEach((filler) => filler.destroy()))
  await wait(50)
  return port
}

describe('a target that cannot be reached', () => {
  it('is refused when nobody listens', async (t) => {
    const port = await closedPort()
    const { error } = await send(transportFor(t).origin(plainTarget(port)))
    assert.equal(error?.code, 'UPSTREAM_REFUSED')
    assert.equal(error.detail, `127.0.0.1:${port} refused the connection (ECONNREFUSED)`)
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'ECONNREFUSED')
  })

  it('writes IPv6 addresses in brackets', async (t) => {
    const port = await closedPort()
    const origin = transportFor(t).origin({ ...plainTarget(port), host: '::1' })
    assert.ok((await send(origin)).error?.detail?.startsWith(`[::1]:${port} refused`))
  })

  for (const host of ['no-such-host.invalid', 'a b', 'x'.repeat(300), '\u00fc', 'a\0b']) {
    it(`has no address: ${JSON.stringify(host.slice(0, 20))}`, async (t) => {
      const origin = transportFor(t).origin({ ...plainTarget(80), host })
      const { error } = await send(origin, { retries: 2 })
      assert.equal(error?.code, 'UPSTREAM_NAME')
      assert.doesNotMatch(error.detail ?? '', /try/)
    })
  }

  it('does not accept: that is a timeout, and the next try counts anew', async (t) => {
    const origin = transportFor(t).origin(plainTarget(await fullListener(t)))
    const [{ error }, ms] = await timed(send(origin, { connectMs: 100, retries: 1 }))
    assert.equal(error?.code, 'UPSTREAM_CONNECT_TIMEOUT')
    assert.match(error.detail ?? '', /did not accept within 100 ms, try 2$/)
    assert.ok(ms >= 200 && ms < 600, `${ms} ms`)
  })
})

describe('a target that does not answer', () => {
  it('is given up after the read timeout, never before', async (t) => {
    const { origin, peer } = await scene(t, () => undefined)
    const [{ error }, ms] = await timed(send(origin, { readMs: 100 }))
    assert.equal(error?.code, 'UPSTREAM_READ_TIMEOUT')
    assert.equal(error.status, 504)
    assert.equal(error.detail, `127.0.0.1:${peer.target.port} sent nothing for 100 ms`)
    assert.ok(ms >= 99 && ms < 400, `${ms} ms`)
  })

  it('gets the same time again after each piece', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
      for (const byte of 'hello') {
        await wait(60)
        socket.write(byte)
      }
    })
    const [{ summary }, ms] = await timed(send(origin, { readMs: 150 }))
    assert.equal(summary, '200 hello')
    assert.ok(ms > 250)
  })

  it('is given up in the middle of an answer', async (t) => {
    const { origin } = await scene(t, (socket) => socket.write(ok('hello').slice(0, -1)))
    assert.equal((await send(origin, { readMs: 50 })).summary, '200 hell UPSTREAM_READ_TIMEOUT')
  })

  it('is not blamed for a client that does not take the answer', async (t) => {
    const { origin } = await scene(t, (socket) => socket.write(ok('hello').slice(0, -1)))
    const { running, recorder } = start(origin, { readMs: 50 })
    await recorder.started
    running.pause()
    await wait(200)
    assert.equal(recorder.error, null)
    running.resume()
    assert.equal((await recorder.ended).error?.code, 'UPSTREAM_READ_TIMEOUT')
  })

  it('is not blamed for a client that is slow to send', async (t) => {
    const { origin } = await scene(t, (socket, count) => count === 2 && socket.write(ok('')))
    const chunks = [Buffer.from('a\r\n\r\n')]
    const body = new SlowBody(5, chunks)
    body.pauseBody()
    setTimeout(() => body.resumeBody(), 200)
    const call = { method: 'POST', body, readMs: 50, writeMs: 50 }
    assert.equal((await send(origin, call)).summary, '200 ')
  })

  it('has its read timeout from the end of the request on', async (t) => {
    const { origin } = await scene(t, () => undefined)
    const call = { method: 'POST', body: readyBody('x'), readMs: 50 }
    assert.equal((await send(origin, call)).summary, 'UPSTREAM_READ_TIMEOUT')
  })
})

describe('a target that does not read', () => {
  it('is given up after the write timeout', async (t) => {
    const { origin } = await scene(t, (socket) => socket.pause())
    const chunks = Array.from({ length: 1000 }, () => Buffer.alloc(65_536))
    const body = new SlowBody(65_536_000, chunks)
    const call = { method: 'PUT', body, writeMs: 150, readMs: 60, retries: 3 }
    const [{ error }, ms] = await timed(send(origin, call))
    assert.equal(error?.code, 'UPSTREAM_WRITE_TIMEOUT')
    assert.match(error.detail ?? '', /took none of the request for 150 ms$/)
    assert.ok(ms >= 150 && ms < 2000, `${ms} ms`)
    assert.ok(body.isPaused)
    assert.ok(body.given < 1000)
  })

  it('is waited for as long as it reads a little', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      let read = 0
      socket.on('data', (data) => (read += data.length))
      while (read < 8_000_000 && !socket.destroyed) {
        socket.pause()
        await wait(100)
        socket.resume()
        await new Promise(setImmediate)
      }
      socket.write(ok(''))
    })
    const chunks = Array.from({ length: 128 }, () => Buffer.alloc(65_536))
    const body = new SlowBody(128 * 65_536, chunks)
    assert.equal((await send(origin, { method: 'PUT', body, writeMs: 1000 })).summary, '200 ')
  })
})
