// WebSockets through http1, which passes the bytes of a tunnel as they are, whatever they mean.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, beforeEach, describe, it } from 'node:test'
import { sleep, waitFor } from '../../support/wait.js'
import { echo, echoFrames, frame, OP, switching, WebSocketClient } from '../../support/websocket.js'
import { openScene, openTunnel, type Scene } from './setup.js'

const MB = 1 << 20

describe('a tunnel through http1', () => {
  let scene: Scene
  before(async () => {
    scene = await openScene()
  })
  after(() => scene.close())
  beforeEach(() => scene.onHandshake(echo))

  it('loses nothing that comes right behind the handshake or with the 101', async () => {
    let early = 0
    scene.onHandshake((socket, head, rest) => {
      early = rest.length
      const count = (chunk: Buffer): number => (early += chunk.length)
      socket.on('data', count)
      setTimeout(() => {
        socket.off('data', count)
        socket.write(switching(head) + frame(OP.text, 'first').toString('latin1'), 'latin1')
        echoFrames(socket, rest)
      }, 50)
    })
    const behind = frame(OP.binary, Buffer.alloc(200_000, 7), true)
    const client = await WebSocketClient.open(scene.port, '/', { behind })
    assert.equal((await client.next()).payload.toString(), 'first')
    assert.equal((await client.next()).payload.length, 200_000)
    client.destroy()
    assert.equal(early, 0, 'the target has got a frame before its 101')
  })

  it('hands on what has come before the 101, however much', async () => {
    let received = 0
    scene.onHandshake((socket, head) => {
      socket.on('data', (chunk) => (received += chunk.length))
      setTimeout(() => socket.write(switching(head)), 50)
    })
    const behind = Buffer.alloc(300_000, 7)
    const client = await WebSocketClient.open(scene.port, '/', { behind })
    await waitFor('all of it at the target', () => received === behind.length)
    client.destroy()
  })

  it('holds a target back whose client does not read, and gives it everything later', async () => {
    const { client, peer } = await openTunnel(scene)
    client.raw.socket.pause()
    const piece = Buffer.alloc(MB, 7)
    let sent = 0
    while (sent < 64 && peer.writableLength < 4 * MB) {
      peer.write(piece)
      sent++
      await sleep(10)
    }
    assert.ok(sent < 64, 'the target could send as much as it liked')
    client.raw.socket.resume()
    peer.end()
    assert.equal((await client.raw.untilEnd()).length, sent * MB)
    client.destroy()
  })

  it('holds a client back whose target does not read, and gives it everything later', async () => {
    const { client, peer } = await openTunnel(scene)
    peer.pause()
    const { socket } = client.raw
    const piece = Buffer.alloc(MB, 7)
    let sent = 0
    while (sent < 64 && socket.writableLength < 4 * MB) {
      socket.write(piece)
      sent++
      await sleep(10)
    }
    assert.ok(sent < 64, 'the client could send as much as it liked')
    let received = 0
    peer.on('data', (chunk) => (received += chunk.length)).resume()
    socket.end()
    await once(peer, 'end')
    assert.equal(received, sent * MB)
    peer.end()
    await client.raw.untilEnd()
  })

  it('passes the end of one side on, and goes on with the other', async () => {
    const { client, peer } = await openTunnel(scene)
    client.raw.socket.end()
    peer.resume()
    await once(peer, 'end')
    peer.end('late')
    assert.equal(await client.raw.untilEnd(), 'late')

    const other = await openTunnel(scene)
    other.peer.end('bye')
    assert.equal(await other.client.raw.untilEnd(), 'bye')
    const data = once(other.peer, 'data')
    other.client.raw.socket.end('late')
    assert.equal(String((await data)[0]), 'late')
  })

  it('passes a reset on', async () => {
    const { client, peer } = await openTunnel(scene)
    peer.resetAndDestroy()
    await client.raw.untilEnd()
    const other = await openTunnel(scene)
    const failure = once(other.peer, 'error')
    other.peer.resume()
    other.client.raw.socket.resetAndDestroy()
    assert.equal(((await failure)[0] as NodeJS.ErrnoException).code, 'ECONNRESET')
    assert.equal(client.raw.ending, 'reset')
  })
})
