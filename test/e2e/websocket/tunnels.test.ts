// WebSockets through a gateway on either engine: the handshake, who sees it, the messages.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, beforeEach, describe, it } from 'node:test'
import { makeCertificate } from '../../support/certificates.js'
import { startGateway } from '../../support/gateway.js'
import { RawClient } from '../../support/raw-client.js'
import { waitFor } from '../../support/wait.js'
import {
  ACCEPT,
  echo,
  handshake,
  OP,
  startSwitchingTarget,
  switching,
  WebSocketClient,
} from '../../support/websocket.js'
import { ENGINES, openScene, type Scene } from './setup.js'

const MB = 1 << 20

for (const engine of ENGINES) {
  describe(`a WebSocket through ${engine}`, () => {
    let scene: Scene
    before(async () => {
      scene = await openScene({
        engine,
        service: {
          routes: [
            { name: 'all', paths: ['/'] },
            { name: 'keyed', paths: ['/keyed'], plugins: [{ name: 'key-auth' }] },
            { name: 'seen', paths: ['/seen'], plugins: [{ name: 'witness' }] },
            {
              name: 'turned',
              paths: ['/turned'],
              plugins: [{ name: 'witness', config: { status: 403 } }],
            },
            {
              name: 'broken',
              paths: ['/broken'],
              plugins: [{ name: 'witness', config: { throws: true } }],
            },
          ],
        },
      })
    })
    after(() => scene.close())
    beforeEach(() => scene.onHandshake(echo))

    it('is offered to the target, and its answer reaches the client', async () => {
      const client = await WebSocketClient.open(scene.port, '/offered', {
        lines: ['Sec-WebSocket-Protocol: chat', 'X-Hop: 1', 'Connection: X-Hop'],
      })
      const { answer } = client
      assert.equal(answer.statusLine, 'HTTP/1.1 101 Switching Protocols')
      assert.equal(answer.headers.upgrade, 'websocket')
      assert.equal(answer.headers.connection?.toLowerCase(), 'upgrade')
      assert.equal(answer.headers['sec-websocket-accept'], ACCEPT)
      assert.equal(answer.headers['content-length'], undefined)
      const head = scene.target.heads.at(-1) ?? ''
      assert.match(head, /^GET \/offered HTTP\/1\.1\r\n/)
      assert.deepEqual(
        head.toLowerCase().match(/^(?:connection|upgrade|x-hop|sec-websocket-protocol):.*$/gm),
        ['connection: keep-alive, upgrade', 'upgrade: websocket', 'sec-websocket-protocol: chat'],
      )
      client.destroy()
    })

    it('carries text, binary and control frames both ways, and the close', async () => {
      const client = await WebSocketClient.open(scene.port)
      assert.equal(await client.exchange('żółć'), 'żółć')
      const bytes = Buffer.from([0, 13, 10, 13, 10, 255])
      assert.deepEqual(await client.send(OP.binary, bytes).next(), {
        op: OP.binary,
        payload: bytes,
      })
      assert.equal((await client.send(OP.ping, 'p').next()).op, OP.pong)
      assert.equal((await client.send(OP.close, Buffer.from([3, 232])).next()).op, OP.close)
      assert.equal(await client.raw.untilEnd(), '')
      assert.equal(client.raw.ending, 'fin')
    })

    it('carries a large message unchanged', async () => {
      const bytes = Buffer.alloc(16 * MB, 7)
      for (let i = 0; i < bytes.length; i += 1021) bytes[i] = i >> 10
      const client = await WebSocketClient.open(scene.port)
      const { payload } = await client.send(OP.binary, bytes).next()
      assert.ok(payload.equals(bytes))
      client.destroy()
    })

    it('is an ordinary answer when the target refuses, and the connection goes on', async () => {
      scene.onHandshake((socket) => {
        socket.write(
          'HTTP/1.1 403 No\r\nUpgrade: websocket\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno',
        )
      })
      const client = await RawClient.open(scene.port)
      const answer = await client.ask(handshake('/'))
      assert.equal(answer.status, 403)
      assert.equal(answer.body.toString(), 'no')
      assert.equal(answer.headers.upgrade, undefined)
      assert.equal((await client.ask(handshake('/keyed'))).status, 401)
      client.destroy()
    })

    it('does not reach the target when a plugin refuses the handshake', async () => {
      const before = scene.target.heads.length
      const client = await WebSocketClient.open(scene.port, '/keyed')
      assert.equal(client.answer.status, 401)
      assert.equal(scene.target.heads.length, before)
      client.destroy()
    })

    it('is seen by header_filter and, once it is over, by log; its bytes by no filter', async () => {
      const client = await WebSocketClient.open(scene.port, '/seen')
      assert.equal(client.answer.headers['x-witness'], '101')
      assert.equal(await client.exchange('hello'), 'hello')
      assert.doesNotMatch(scene.gateway.log, /witnessed/)
      client.destroy()
      await waitFor('the log', () => scene.gateway.log.includes('witnessed 101 with 7 bytes'))
      assert.equal(scene.gateway.log.split('witnessed').length, 2)
    })

    for (const [what, path, status] of [
      ['makes another answer of it', '/turned', 403],
      ['goes wrong', '/broken', 500],
    ] as const) {
      it(`is not opened, nor left open at the target, when a header_filter ${what}`, async () => {
        let ended: Promise<unknown> = Promise.resolve()
        scene.onHandshake((socket, head) => {
          ended = once(socket.resume(), 'end')
          socket.write(switching(head))
        })
        const client = await WebSocketClient.open(scene.port, path)
        assert.equal(client.answer.status, status)
        await ended
        client.destroy()
      })
    }

    for (const [what, lines] of [
      ['another protocol', 'Upgrade: h2c\r\n'],
      ['two protocols', 'Upgrade: websocket\r\nUpgrade: h2c\r\n'],
      ['no protocol', ''],
    ] as const) {
      it(`is answered 502 when the target switches to ${what}`, async () => {
        scene.onHandshake((socket) => {
          socket.write(`HTTP/1.1 101 Switching\r\n${lines}Connection: upgrade\r\n\r\n`)
        })
        const client = await WebSocketClient.open(scene.port)
        assert.equal(client.answer.status, 502)
        client.destroy()
      })
    }

    it('is not given to whom has not asked for it', async () => {
      scene.onHandshake((socket, head) => socket.write(switching(head)))
      const client = await RawClient.open(scene.port)
      assert.equal((await client.ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).status, 502)
      client.destroy()
    })
  })

  describe(`a WebSocket over TLS through ${engine}`, () => {
    it('goes from a TLS listener to an https target, both ways and to both ends', async () => {
      const certificate = makeCertificate('IP:127.0.0.1')
      const target = await startSwitchingTarget(echo, certificate)
      const gateway = await startGateway({
        env: { GW_ENGINE: engine },
        listenFlags: 'ssl',
        config: {
          _format_version: '3.0',
          services: [
            { name: 's', url: `https://127.0.0.1:${target.port}`, routes: [{ paths: ['/'] }] },
          ],
        },
      })
      try {
        const client = await WebSocketClient.open(gateway.proxyPort, '/', { tls: true })
        assert.equal(client.answer.status, 101)
        assert.equal(await client.exchange('hello'), 'hello')
        const bytes = Buffer.alloc(4 * MB, 7)
        assert.ok((await client.send(OP.binary, bytes).next()).payload.equals(bytes))
        assert.equal((await client.send(OP.close, '').next()).op, OP.close)
        await client.raw.untilEnd()
        assert.equal(client.raw.ending, 'fin')
      } finally {
        await gateway.stop()
        await target.close()
      }
    })
  })
}
