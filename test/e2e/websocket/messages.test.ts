// What uWebSockets.js makes of the frames of both ends, which it does not pass as they are.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { waitFor } from '../../support/wait.js'
import {
  echo,
  type Frame,
  frame,
  FrameReader,
  OP,
  switching,
  WebSocketClient,
} from '../../support/websocket.js'
import { ENGINES, openScene, openTunnel, type Scene } from './setup.js'

const MB = 1 << 20

/** The frames that a target gets, as they come. */
function framesOf(peer: Socket): Frame[] {
  const frames: Frame[] = []
  const reader = new FrameReader()
  peer.on('data', (chunk) => frames.push(...reader.push(chunk)))
  return frames
}

function closing(code: number, reason = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)])
}

describe('the messages of a WebSocket through uws', () => {
  let scene: Scene
  before(async () => {
    scene = await openScene({ engine: 'uws' })
  })
  after(() => scene.close())
  beforeEach(() => scene.onHandshake(echo))

  it('are not compressed: the target is offered no extension', async () => {
    const lines = ['Sec-WebSocket-Extensions: permessage-deflate']
    const client = await WebSocketClient.open(scene.port, '/', { lines })
    assert.doesNotMatch(scene.target.heads.at(-1) ?? '', /extensions/i)
    assert.equal(client.answer.headers['sec-websocket-extensions'], undefined)
    client.destroy()
  })

  it('are refused with 502 when the target accepts another handshake', async () => {
    scene.onHandshake((socket, head) => {
      socket.write(switching(head).replace(/^(Sec-WebSocket-Accept: ).*$/m, '$1wrong'))
    })
    const client = await WebSocketClient.open(scene.port)
    assert.equal(client.answer.status, 502)
    client.destroy()
  })

  it('are joined when a client or a target sends them in fragments', async () => {
    const { client, peer } = await openTunnel(scene)
    const frames = framesOf(peer)
    for (const [masked, send] of [
      [true, (bytes: Buffer) => client.raw.send(bytes)],
      [false, (bytes: Buffer) => peer.write(bytes)],
    ] as const) {
      const first = frame(OP.text, 'frag', masked)
      first[0] = OP.text
      send(Buffer.concat([first, frame(OP.ping, 'between', masked), frame(0, 'ments', masked)]))
    }
    await waitFor('both frames at the target', () => frames.length >= 2)
    assert.deepEqual(
      frames.slice(0, 2).map(({ op }) => op),
      [OP.ping, OP.text],
    )
    assert.equal(frames[1]?.payload.toString(), 'fragments')
    const atClient = [await client.next(), await client.next(), await client.next()]
    const texts = atClient.filter(({ op }) => op === OP.text)
    assert.deepEqual(
      texts.map(({ payload }) => payload.toString()),
      ['fragments'],
    )
    client.destroy()
  })

  it('keep pings of either end alive at the other, and are answered once', async () => {
    const { client, peer } = await openTunnel(scene)
    const frames = framesOf(peer)
    client.send(OP.ping, 'from client')
    assert.deepEqual(await client.next(), { op: OP.pong, payload: Buffer.from('from client') })
    await waitFor('the ping', () => frames.length === 1)
    peer.write(frame(OP.pong, 'from client'))
    peer.write(frame(OP.ping, 'from target'))
    assert.deepEqual(await client.next(), { op: OP.ping, payload: Buffer.from('from target') })
    client.send(OP.pong, 'from target')
    await waitFor('the pong', () => frames.length === 2)
    assert.deepEqual(frames[1], { op: OP.pong, payload: Buffer.from('from target') })
    client.destroy()
  })

  for (const [what, payload] of [
    ['1000', closing(1000)],
    ['1001 with a reason', closing(1001, 'leaving')],
    ['4001 with a reason', closing(4001, 'żółć')],
    ['no code', Buffer.alloc(0)],
  ] as const) {
    it(`end with ${what} at the target when the client says so`, async () => {
      const { client, peer } = await openTunnel(scene)
      const frames = framesOf(peer)
      client.send(OP.close, payload)
      assert.deepEqual(await client.next(), { op: OP.close, payload })
      await waitFor('the close frame', () => frames.length === 1)
      assert.deepEqual(frames[0], { op: OP.close, payload })
      assert.ok(peer.writable && !peer.readableEnded, 'the target is to close, not to be closed')
      peer.end(frame(OP.close, payload))
      await once(peer, 'close')
      client.destroy()
    })

    it(`end with ${what} at the client when the target says so`, async () => {
      const { client, peer } = await openTunnel(scene)
      const frames = framesOf(peer)
      peer.write(frame(OP.close, payload))
      assert.deepEqual(await client.next(), { op: OP.close, payload })
      await waitFor('the answer', () => frames.length === 1)
      assert.deepEqual(frames[0], { op: OP.close, payload })
      peer.end()
      assert.equal(await client.raw.untilEnd(), '')
    })
  }

  it('end without a close frame, as 1006 stands for, when either end dies', async () => {
    const one = await openTunnel(scene)
    one.peer.destroy()
    assert.equal(await one.client.raw.untilEnd(), '')
    const two = await openTunnel(scene)
    const frames = framesOf(two.peer)
    two.client.raw.socket.end()
    await once(two.peer, 'end')
    assert.deepEqual(frames, [])
    const three = await openTunnel(scene)
    three.peer.resume()
    const failure = once(three.peer, 'error')
    three.client.raw.socket.resetAndDestroy()
    assert.equal(((await failure)[0] as NodeJS.ErrnoException).code, 'ECONNRESET')
  })

  it('end with 1002 at both ends when the target breaks the protocol', async () => {
    const { client, peer } = await openTunnel(scene)
    const frames = framesOf(peer)
    peer.write(frame(OP.text, 'masked', true))
    assert.equal((await client.next()).payload.readUInt16BE(), 1002)
    await waitFor('the close frame', () => frames.length === 1)
    assert.equal(frames[0]?.payload.readUInt16BE(), 1002)
    client.destroy()
  })

  it('may have 16 MB: a larger one of the target ends with 1009, of the client by a cut', async () => {
    const { client, peer } = await openTunnel(scene)
    peer.write(frame(OP.binary, Buffer.alloc(16 * MB, 7)))
    assert.equal((await client.next()).payload.length, 16 * MB)
    peer.resume().write(frame(OP.binary, Buffer.alloc(16 * MB + 1)).subarray(0, 100))
    assert.equal((await client.next()).payload.readUInt16BE(), 1009)
    client.destroy()
    const other = await openTunnel(scene)
    other.peer.resume()
    other.client.raw.send(frame(OP.binary, Buffer.alloc(16 * MB + 1), true).subarray(0, 100))
    assert.equal(await other.client.raw.untilEnd(), '')
  })
})

/** Resident memory in MB. */
function memoryOf(scene: Scene): number {
  const status = readFileSync(`/proc/${scene.gateway.child.pid}/status`, 'latin1')
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024
}

describe('a WebSocket through uws whose one end does not read', () => {
  it('holds the target back, and the client gets everything later', async () => {
    const scene = await openScene({ engine: 'uws' })
    try {
      const { client, peer } = await openTunnel(scene)
      client.raw.socket.pause()
      const before = memoryOf(scene)
      const message = frame(OP.binary, Buffer.alloc(MB, 7))
      for (let i = 0; i < 200; i++) peer.write(message)
      let left = peer.writableLength
      await waitFor('the target to be stuck', () => {
        const isStuck = left === peer.writableLength
        left = peer.writableLength
        return isStuck
      })
      assert.ok(left > 150 * MB, `${left} bytes have not left the target`)
      const grown = memoryOf(scene) - before
      assert.ok(grown < 60, `the gateway has grown by ${grown} MB`)
      client.raw.socket.resume()
      for (let i = 0; i < 200; i++) assert.equal((await client.next()).payload.length, MB)
      client.destroy()
    } finally {
      await scene.close()
    }
  })

  it('ends with 1013 at a client that sends on and on, within a bound', async () => {
    const scene = await openScene({ engine: 'uws' })
    try {
      const { client, peer } = await openTunnel(scene)
      peer.pause()
      const before = memoryOf(scene)
      const message = frame(OP.binary, Buffer.alloc(MB, 7), true)
      client.raw.socket.on('error', () => undefined)
      for (let i = 0; i < 100; i++) client.raw.socket.write(message)
      const { op, payload } = await client.next()
      assert.deepEqual([op, payload.readUInt16BE()], [OP.close, 1013])
      const grown = memoryOf(scene) - before
      assert.ok(grown < 150, `the gateway has grown by ${grown} MB`)
      client.destroy()
    } finally {
      await scene.close()
    }
  })
})

describe('a thousand idle WebSockets', () => {
  for (const engine of ENGINES) {
    it(`take no more than 64 KB each of ${engine}`, async () => {
      const scene = await openScene({ engine })
      const clients: WebSocketClient[] = []
      try {
        clients.push(await WebSocketClient.open(scene.port))
        const before = memoryOf(scene)
        for (let i = 0; i < 1000; i++) clients.push(await WebSocketClient.open(scene.port))
        const grown = memoryOf(scene) - before
        assert.ok(grown < 64, `the gateway has grown by ${grown} MB`)
        assert.equal(await clients[500]?.exchange('still there'), 'still there')
      } finally {
        for (const client of clients) client.destroy()
        await scene.close()
      }
    })
  }
})
