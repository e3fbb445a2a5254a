// Handshakes on uWebSockets.js: without the connection of the engine with itself, and without a key that can be answered.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import type { Exchange } from '../../../src/model/exchange.js'
import { sleep, waitFor } from '../../support/wait.js'
import { ACCEPT, frame, KEY, OP, WebSocketClient } from '../../support/websocket.js'
import { closeAll, request, run, UWS, type Running } from './setup.js'

const FIELDS = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n`

/** As it is while a target is asked. */
function switchLater(exchange: Exchange): void {
  setImmediate(() => {
    exchange.tunnel(FIELDS)?.write(frame(OP.text, 'hello'))
  })
}

describe('uws: the connection of the engine with itself', () => {
  let made: Socket[]
  /** Nobody can connect any more. */
  let isCut: boolean
  const onSocket = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket }
    made.push(socket)
    if (isCut) socket.destroy(new Error('cut'))
  }
  beforeEach(() => {
    made = []
    isCut = false
    subscribe('net.client.socket', onSocket)
  })
  afterEach(() => {
    unsubscribe('net.client.socket', onSocket)
    closeAll()
  })

  async function assertOpens(running: Running): Promise<void> {
    const client = await WebSocketClient.open(running.listener.port)
    assert.equal(client.answer.status, 101)
    assert.equal((await client.next()).payload.toString(), 'hello')
    client.destroy()
  }

  it('is opened again when it is lost, and a WebSocket is opened meanwhile and later', async () => {
    const running = await run(UWS)
    running.handler = switchLater
    const [own] = made
    assert.ok(own !== undefined)
    await waitFor('the connection', () => own.bytesWritten > 0)
    await assertOpens(running)
    own.destroy()
    await assertOpens(running)
    const { port } = running.listener
    await waitFor('the next one', () =>
      made.some((one) => one !== own && one.remotePort !== port && one.bytesWritten > 0),
    )
    for (let i = 0; i < 10; i++) await assertOpens(running)
  })

  it('is not needed to listen, nor for a WebSocket', async () => {
    isCut = true
    const running = await run(UWS)
    await waitFor('a second attempt', () => made.length > 1)
    isCut = false
    running.handler = switchLater
    for (let i = 0; i < 10; i++) await assertOpens(running)
  })

  it('is not opened any more once the engine is closed', async () => {
    isCut = true
    const running = await run(UWS)
    await waitFor('a second attempt', () => made.length > 1)
    running.engine.close()
    const attempts = made.length
    await sleep(300)
    assert.equal(made.length, attempts)
  })
})

describe('uws: a handshake without a key', () => {
  after(closeAll)

  const ASKING = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']

  for (const [what, lines] of [
    ['none', []],
    ['an empty one', ['Sec-WebSocket-Key:']],
    ['a short one', ['Sec-WebSocket-Key: short']],
    ['a long one', [`Sec-WebSocket-Key: ${KEY}=`]],
  ] as const) {
    it(`that can be answered, with ${what}, is at fault`, async () => {
      const running = await run(UWS)
      const faults: (string | null)[] = []
      running.handler = (exchange) => {
        faults.push(exchange.fault)
        exchange.respond(400, '', null)
      }
      const client = await running.open()
      const answer = await client.ask(request('GET / HTTP/1.1', ...ASKING, ...lines))
      assert.equal(answer.status, 400)
      assert.deepEqual(faults, ['WEBSOCKET_KEY'])
    })
  }

  it('is a plain request when it does not ask for a WebSocket after all', async () => {
    const running = await run(UWS)
    const faults: (string | null)[] = []
    running.handler = (exchange) => {
      faults.push(exchange.fault)
      exchange.respond(200, '', null)
    }
    const client = await running.open()
    for (const text of [
      request('GET / HTTP/1.1', 'Upgrade: websocket'),
      request('GET / HTTP/1.1', 'Connection: Upgrade', 'Upgrade: h2c'),
      request('POST / HTTP/1.1', 'Content-Length: 0', ...ASKING),
    ]) {
      assert.equal((await client.ask(text)).status, 200, text)
    }
    assert.deepEqual(faults, [null, null, null])
  })
})
