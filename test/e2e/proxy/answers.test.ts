// What a caller gets of answers of every shape.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { ok, readyBody, send, SlowBody, start } from '../../support/upstream.js'
import { scene, until, wait } from './support.js'

const OK = 'HTTP/1.1 200 OK\r\n'

describe('an answer', () => {
  it('comes as one piece when it fits', async (t) => {
    const { origin } = await scene(t, (socket) => socket.write(ok('hi', 'A: b\r\n')))
    const { status, fields, length, body, chunks } = await send(origin)
    assert.deepEqual([status, fields, length, body, chunks], [200, 'A: b\r\n', 2, 'hi', 1])
  })

  it('comes as one piece also when it is chunked', async (t) => {
    const answer = `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n4\r\n you\r\n0\r\n\r\n`
    const { origin, peer } = await scene(t, (socket) => socket.write(answer))
    const { length, body, chunks } = await send(origin)
    assert.deepEqual([length, body, chunks], [-1, 'hi you', 1])
    await send(origin)
    assert.equal(peer.sockets.length, 1)
  })

  it('may arrive byte by byte', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      for (const byte of `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`) {
        socket.write(byte)
        await new Promise(setImmediate)
      }
    })
    assert.equal((await send(origin)).summary, '200 hi')
  })

  it('skips interim answers', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      await wait(5)
      socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('hi')}`)
    })
    assert.equal((await send(origin)).summary, '200 hi')
  })

  it('to HEAD ends with its head and tells the length', async (t) => {
    const { origin, peer } = await scene(t, (socket) =>
      socket.write(`${OK}Content-Length: 1000\r\n\r\n`),
    )
    const { length, body } = await send(origin, { method: 'HEAD' })
    assert.deepEqual([length, body], [1000, ''])
    await send(origin, { method: 'HEAD' })
    assert.equal(peer.sockets.length, 1)
  })

  for (const status of [204, 304]) {
    it(`with status ${status} ends with its head`, async (t) => {
      const { origin, peer } = await scene(t, (socket) =>
        socket.write(`HTTP/1.1 ${status} x\r\n\r\n`),
      )
      assert.equal((await send(origin)).summary, `${status} `)
      await send(origin)
      assert.equal(peer.sockets.length, 1)
    })
  }

  it('without framing lasts until the target closes', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      socket.write(`${OK}\r\nhi`)
      await wait(5)
      socket.end(' you')
    })
    const { summary, length } = await send(origin)
    assert.deepEqual([summary, length], ['200 hi you', -1])
  })

  it('without framing is broken when the connection is reset', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      socket.write(`${OK}\r\nhi`)
      await wait(20)
      socket.resetAndDestroy()
    })
    assert.equal((await send(origin)).summary, '200 hi UPSTREAM_RESET')
  })

  for (const [what, answer, summary] of [
    [
      'shorter than its Content-Length',
      `${OK}Content-Length: 9\r\n\r\nhi`,
      '200 hi UPSTREAM_RESET',
    ],
    [
      'cut within a chunk',
      `${OK}Transfer-Encoding: chunked\r\n\r\n9\r\nhi`,
      '200 hi UPSTREAM_RESET',
    ],
    [
      'without the last chunk',
      `${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`,
      '200 hi UPSTREAM_RESET',
    ],
    ['that ends within its head', 'HTTP/1.1 200 OK\r\nA', 'UPSTREAM_RESET'],
    ['that is only interim', 'HTTP/1.1 100 x\r\n\r\n', 'UPSTREAM_RESET'],
    ['that is none', 'SSH-2.0-OpenSSH\r\n', 'UPSTREAM_INVALID_RESPONSE'],
    ['that switches protocols', 'HTTP/1.1 101 x\r\n\r\n', 'UPSTREAM_INVALID_RESPONSE'],
  ] as const) {
    it(`${what} is a failure`, async (t) => {
      const { origin } = await scene(t, (socket) => socket.end(answer))
      assert.equal((await send(origin)).summary, summary)
    })
  }

  it('whose chunks turn bad after its head is cut off', async (t) => {
    const { origin, peer } = await scene(t, async (socket) => {
      socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`)
      await wait(10)
      socket.write('x\r\n')
    })
    assert.equal((await send(origin)).summary, '200 hi UPSTREAM_INVALID_RESPONSE')
    await closed(peer.sockets[0] ?? assert.fail())
  })

  it('names target and reason in the detail, and no more', async (t) => {
    const { origin, peer } = await scene(t, (socket) =>
      socket.end('HTTP/1.1 200 OK\r\nA: \0\r\n\r\n'),
    )
    const { error } = await send(origin)
    const what = 'sent an answer that is not valid: a control character is in a header value'
    assert.equal(error?.detail, `127.0.0.1:${peer.target.port} ${what}`)
    assert.equal(error.status, 502)
  })

  it('before any request is dropped with its connection once it is late', async (t) => {
    const { origin, peer } = await scene(t, () => undefined)
    const call = send(origin)
    await until(() => peer.sockets.length === 1)
    peer.sockets[0]?.write(`${ok('one')}${ok('two')}`)
    assert.equal((await call).summary, '200 one')
    await closed(peer.sockets[0] ?? assert.fail())
  })
})

describe('an answer to a request that is still being sent', () => {
  it('is delivered; the rest of the body is not sent, and the connection closes', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('too large')))
    const chunks = Array.from({ length: 10_000 }, () => Buffer.alloc(10))
    const body = new SlowBody(100_000, chunks)
    assert.equal((await send(origin, { method: 'POST', body })).summary, '200 too large')
    assert.ok(body.isPaused)
    const { given } = body
    await closed(peer.sockets[0] ?? assert.fail())
    assert.equal(body.given, given)
  })

  it('can be long itself', async (t) => {
    const { origin } = await scene(t, async (socket) => {
      socket.write(`${OK}Content-Length: 4\r\n\r\nab`)
      await wait(20)
      socket.write('cd')
    })
    const body = new SlowBody(100, [Buffer.from('x')], false)
    assert.equal((await send(origin, { method: 'POST', body })).summary, '200 abcd')
  })
})

describe('a call that is given up', () => {
  for (const [when, answer] of [
    ['before the answer', ''],
    ['within its head', 'HTTP/1.1 200 OK\r\n'],
    ['within its body', `${OK}Content-Length: 9\r\n\r\nhi`],
  ] as const) {
    it(`${when} closes its connection and says nothing more`, async (t) => {
      const { origin, peer } = await scene(t, (socket) => answer !== '' && socket.write(answer))
      const { running, recorder } = start(origin)
      await until(() => (peer.received[0] ?? '') !== '')
      if (answer.endsWith('hi')) await recorder.started
      running.abort()
      await closed(peer.sockets[0] ?? assert.fail())
      running.abort()
      running.pause()
      running.resume()
      assert.equal(recorder.error, null)
    })
  }

  it('while it connects, comes to nothing', async (t) => {
    const { origin } = await scene(t, (socket) => socket.write(ok('')))
    const { running, recorder } = start(origin)
    running.abort()
    await wait(20)
    assert.equal(recorder.summary, '')
  })

  it('within the observer, ends there', async (t) => {
    const { origin } = await scene(t, (socket) => socket.write(`${OK}Content-Length: 9\r\n\r\nhi`))
    const { running, recorder } = start(origin)
    recorder.keep = () => running.abort()
    await recorder.started
    await wait(20)
    assert.equal(recorder.error, null)
  })
})

describe('a call that has ended', () => {
  it('leaves the next one alone, whatever is done to it', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('hi')))
    const first = start(origin)
    await first.recorder.ended
    const second = start(origin)
    first.running.pause()
    first.running.resume()
    first.running.abort()
    assert.equal((await second.recorder.ended).summary, '200 hi')
    assert.equal(peer.sockets.length, 1)
  })
})

describe('a request body', () => {
  it('that is there at once leaves with its head', async (t) => {
    const { origin, peer } = await scene(t, (socket) => socket.write(ok('')))
    await send(origin, { method: 'POST', body: readyBody('a=b\r\n\r\n') })
    assert.match(peer.received[0] ?? '', /Content-Length: 7\r\n\r\na=b\r\n\r\n$/)
  })

  it('of unknown length is sent in chunks', async (t) => {
    const { origin, peer } = await scene(t, (socket, count) => count === 2 && socket.write(ok('')))
    const body = new SlowBody(
      -1,
      ['a', 'bc', 'x'.repeat(20)].map((text) => Buffer.from(text)),
    )
    await send(origin, { method: 'PUT', body })
    const sent = `\r\n\r\n1\r\na\r\n2\r\nbc\r\n14\r\n${'x'.repeat(20)}\r\n0\r\n\r\n`
    assert.ok(peer.received[0]?.endsWith(sent))
  })

  for (const [what, chunks] of [
    ['longer', ['abc', 'def']],
    ['shorter', ['abc']],
  ] as const) {
    it(`that is ${what} than announced fails the call and closes the connection`, async (t) => {
      const { origin, peer } = await scene(t, () => undefined)
      const body = new SlowBody(
        5,
        chunks.map((text) => Buffer.from(text)),
      )
      const { error } = await send(origin, { method: 'POST', body })
      assert.equal(error?.code, 'INTERNAL')
      await closed(peer.sockets[0] ?? assert.fail())
      assert.doesNotMatch(peer.received[0] ?? '', /def/)
    })
  }
})

/** Also by a reset, which is how the system closes on what has been sent and not read. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined)
    socket.once('close', () => resolve())
  })
}
