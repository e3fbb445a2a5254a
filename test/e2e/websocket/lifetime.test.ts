// How long a tunnel lives: time-outs of its service, reloads, the end of the gateway.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { requestOnce } from '../../support/http-client.js'
import { sleep, waitFor } from '../../support/wait.js'
import {
  type Frame,
  frame,
  FrameReader,
  OP,
  switching,
  WebSocketClient,
} from '../../support/websocket.js'
import { ENGINES, openScene, type Scene } from './setup.js'

async function sceneFor(t: TestContext, options: Parameters<typeof openScene>[0]): Promise<Scene> {
  const scene = await openScene(options)
  t.after(() => scene.close())
  return scene
}

/** So many of a megabyte each. */
function messages(isMasked: boolean, count: number): Buffer[] {
  return Array.from({ length: count }, () => frame(OP.binary, Buffer.alloc(1 << 20, 7), isMasked))
}

for (const engine of ENGINES) {
  describe(`a tunnel through ${engine}`, () => {
    it('ends when nothing has passed for read_timeout, and not while something does', async (t) => {
      const { port, onHandshake } = await sceneFor(t, { engine, service: { read_timeout: 600 } })
      onHandshake((socket, head) => {
        socket.on('end', () => socket.end())
        socket.resume().write(switching(head))
      })
      const client = await WebSocketClient.open(port)
      for (let i = 0; i < 6; i++) {
        await sleep(200)
        client.send(OP.ping, '')
      }
      assert.equal(client.raw.ending, 'open')
      const silentSince = performance.now()
      await client.raw.untilEnd()
      const waited = performance.now() - silentSince
      assert.ok(waited > 400 && waited < 3_000, `it ended after ${waited} ms`)
    })

    it('ends when its target takes nothing for write_timeout', async (t) => {
      const { port, onHandshake } = await sceneFor(t, { engine, service: { write_timeout: 300 } })
      onHandshake((socket, head) => socket.pause().write(switching(head)))
      const client = await WebSocketClient.open(port)
      client.raw.send(Buffer.concat(messages(true, 12)))
      await client.raw.untilEnd()
    })

    it('ends when its client takes nothing for send_timeout', async (t) => {
      const env = { KONG_NGINX_HTTP_SEND_TIMEOUT: '300ms' }
      const { port, onHandshake } = await sceneFor(t, { engine, env })
      let hasEnded = false
      onHandshake((socket, head) => {
        socket.on('close', () => (hasEnded = true))
        socket.write(switching(head))
        socket.write(Buffer.concat(messages(false, 32)))
      })
      const client = await WebSocketClient.open(port)
      client.raw.socket.pause()
      await waitFor('the end at the target', () => hasEnded)
      client.destroy()
    })

    it('outlives a reload that takes its route away', async (t) => {
      const scene = await sceneFor(t, { engine })
      const { gateway, port } = scene
      const client = await WebSocketClient.open(port)
      assert.equal(await client.exchange('before'), 'before')
      gateway.writeConfig(scene.config({ routes: [{ name: 'other', paths: ['/other'] }] }))
      gateway.child.signal('SIGHUP')
      const isGone = async () => (await requestOnce(port, 'GET', '/')).status === 404
      await waitFor('the new file', isGone)
      assert.equal(await client.exchange('after'), 'after')
      client.destroy()
    })

    it('is waited for by a graceful end', async (t) => {
      const { gateway, port } = await sceneFor(t, { engine })
      const client = await WebSocketClient.open(port)
      gateway.child.signal('SIGQUIT')
      await sleep(300)
      assert.equal(await client.exchange('still here'), 'still here')
      client.destroy()
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
    })

    it('is closed with 1001 at both ends, and logged, when a graceful end has no more time', async (t) => {
      const { gateway, port, onHandshake } = await sceneFor(t, {
        engine,
        service: { plugins: [{ name: 'witness' }] },
        env: { KONG_NGINX_MAIN_WORKER_SHUTDOWN_TIMEOUT: '300ms' },
      })
      const atTarget: Frame[] = []
      onHandshake((socket, head) => {
        const reader = new FrameReader()
        socket.on('data', (chunk) => atTarget.push(...reader.push(chunk)))
        socket.on('end', () => socket.end())
        socket.write(Buffer.concat([Buffer.from(switching(head)), frame(OP.text, 'hello')]))
      })
      const client = await WebSocketClient.open(port)
      assert.equal((await client.next()).payload.toString(), 'hello')
      client.send(OP.text, 'hello')
      gateway.child.signal('SIGQUIT')
      const goodbye = { op: OP.close, payload: Buffer.from([1001 >> 8, 1001 & 255]) }
      assert.deepEqual(await client.next(), goodbye)
      assert.equal(await client.raw.untilEnd(), '')
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
      assert.deepEqual(atTarget, [{ op: OP.text, payload: Buffer.from('hello') }, goodbye])
      assert.match(gateway.log, /cut what did not finish in time/)
      assert.equal(gateway.log.split('witnessed 101').length, 2)
    })

    it('is cut when it does not answer that', async (t) => {
      const env = { KONG_NGINX_MAIN_WORKER_SHUTDOWN_TIMEOUT: '300ms' }
      const { gateway, port, onHandshake } = await sceneFor(t, { engine, env })
      onHandshake((socket, head) => {
        socket.write(switching(head))
        // Half of a frame: on http1 nothing may stand behind it.
        socket.write(frame(OP.text, 'hello').subarray(0, 4))
      })
      const client = await WebSocketClient.open(port)
      gateway.child.signal('SIGQUIT')
      await client.raw.untilEnd()
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
    })
  })
}
