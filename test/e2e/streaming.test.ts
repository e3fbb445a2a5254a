// Bodies larger than anyone should hold, in both directions, at the pace of the slower side.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { portOf } from '../support/ports.js'
import { queuedBytes } from '../support/socket-queues.js'
import { residentBytes, stalled, writeAll } from '../support/large-body.js'
import { sleep, waitFor } from '../support/wait.js'

const MIB = 1024 * 1024
/** More than the kernel may take: 32 MiB for each of two receivers, 4 MiB for each sender. */
const TOTAL = 128 * MIB
const UPLOAD = 80 * MIB
/** Sent as fast as it goes: below what cuts a client that outruns uWebSockets.js's pause (a known limit). */
const UNPACED = 48 * MIB
const PIECE = Buffer.alloc(64 * 1024, 'x')
/** Without what the kernel holds, which is not ours to decide. */
const MAX_UNDER_WAY = 8 * MIB
/** Resident memory also grows by what the collector has not given back yet. */
const MAX_GROWTH = 24 * MIB

describe('a gateway that passes a large body on', () => {
  let target: Server
  let gateway: RunningGateway
  let handle: (request: IncomingMessage, response: ServerResponse) => void
  before(async () => {
    target = createServer((request, response) => handle(request, response))
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    gateway = await startGateway({ config: oneRoute(portOf(target)) })
  })
  after(async () => {
    await gateway.stop()
    target.closeAllConnections()
    await new Promise((resolve) => target.close(resolve))
  })

  const inKernel = (): number => queuedBytes([gateway.proxyPort, portOf(target)])

  for (const framing of ['Content-Length', 'chunks'] as const) {
    it(`holds an upload in ${framing} back while the target takes nothing`, async () => {
      let received = 0
      let goOn = (): void => assert.fail('the target has not been asked')
      handle = (request, response) => {
        goOn = () => {
          request.on('data', (chunk: Buffer) => (received += chunk.length))
          request.on('end', () => response.end('done'))
        }
      }
      const memory = residentBytes(gateway.child.pid)
      const client = await HttpClient.connect(gateway.proxyPort)
      const isChunked = framing === 'chunks'
      const field = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${UPLOAD}`
      client.send(`POST / HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`)
      const progress = { pieces: 0 }
      const piece = isChunked ? chunkOf(PIECE) : PIECE
      // At a pace: uWebSockets.js does not pause as long as each read of 512 KiB finds more to read (a known limit).
      const written = writeAll(client.socket, piece, UPLOAD / PIECE.length, progress, () =>
        sleep(3),
      )
      await stalled(progress)
      assertBounded(progress.pieces * PIECE.length - inKernel(), MAX_UNDER_WAY)
      assertBounded(residentBytes(gateway.child.pid) - memory, MAX_GROWTH)
      goOn()
      await written
      if (isChunked) client.send('0\r\n\r\n')
      assert.equal((await client.next()).text, 'done')
      client.close()
      assert.equal(received, UPLOAD)
    })

    it(`holds a download in ${framing} back while the client takes nothing`, async () => {
      const progress = { pieces: 0 }
      handle = (_request, response) => {
        if (framing === 'Content-Length') response.setHeader('Content-Length', TOTAL)
        void writeAll(response, PIECE, TOTAL / PIECE.length, progress).then(() => response.end())
      }
      const memory = residentBytes(gateway.child.pid)
      const socket = connect({ port: gateway.proxyPort, host: '127.0.0.1' })
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      await stalled(progress)
      assertBounded(progress.pieces * PIECE.length - inKernel(), MAX_UNDER_WAY)
      assertBounded(residentBytes(gateway.child.pid) - memory, MAX_GROWTH)
      let received = 0
      for await (const chunk of socket) received += (chunk as Buffer).length
      assert.ok(received > TOTAL && received < TOTAL + MIB, `got ${mebibytes(received)}`)
    })
  }

  it('closes the connection to the target when the client leaves a download', async () => {
    const closed = new Promise<void>((resolve) => {
      handle = (_request, response) => {
        response.setHeader('Content-Length', TOTAL)
        response.on('close', resolve)
        void writeAll(response, PIECE, TOTAL / PIECE.length)
      }
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise((resolve) => client.socket.once('data', resolve))
    client.close()
    await inTime(closed)
  })

  it('closes the connection to the target when the client leaves an upload', async () => {
    let isComplete = true
    const closed = new Promise<void>((resolve) => {
      handle = (request) => {
        request.resume().on('error', () => undefined)
        request.on('close', () => {
          isComplete = request.complete
          resolve()
        })
      }
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${TOTAL}\r\n\r\n`)
    await writeAll(client.socket, PIECE, 10)
    client.close()
    await inTime(closed)
    assert.equal(isComplete, false, 'a part must not pass for the whole')
  })

  it('does not end a chunked upload that the client has left', async () => {
    let isComplete = true
    const closed = new Promise<void>((resolve) => {
      handle = (request) => {
        request.resume().on('error', () => undefined)
        request.on('close', () => {
          isComplete = request.complete
          resolve()
        })
      }
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    client.send(chunkOf(PIECE))
    await sleep(20)
    client.close()
    await inTime(closed)
    assert.equal(isComplete, false)
  })

  it('passes the answer on that comes before the upload is done', async () => {
    handle = ({ socket }) => {
      // As servers do that know from the head that it is too much: they linger, so that their answer is not lost.
      socket.write(
        'HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much',
      )
      setTimeout(() => socket.destroy(), 200)
    }
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${UNPACED}\r\n\r\n`)
    const answer = client.next()
    // What the gateway does not want any more may meet a closed connection.
    void writeAll(client.socket, PIECE, UNPACED / PIECE.length)
    const { status, text } = await answer
    client.close()
    assert.equal(status, 413)
    assert.equal(text, 'too much')
  })

  it('passes events on one by one, each at once', async () => {
    let send: (event: string) => void = () => assert.fail('the target has not been asked')
    const asked = new Promise<void>((resolve) => {
      handle = (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
        send = (event) => response.write(event)
        resolve()
      }
    })
    const client = await HttpClient.connect(gateway.proxyPort)
    let text = ''
    client.socket.on('data', (chunk) => (text += chunk.toString()))
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await asked
    await waitFor('the head before any event', () => text.includes('text/event-stream'), 500)
    for (let i = 0; i < 5; i++) {
      send(`data: ${i}\n\n`)
      await waitFor(`event ${i}`, () => text.includes(`data: ${i}\n\n`), 500)
    }
    client.close()
  })

  for (const [framing, head] of [
    ['of known length', 'Content-Length: 100'],
    ['in chunks', 'Transfer-Encoding: chunked'],
  ] as const) {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      it(`never ends an answer ${framing} well when the target's connection goes (${end})`, async () => {
        handle = (request) => {
          const { socket } = request
          socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhello\r\n`)
          setTimeout(() => socket[end](), 20)
        }
        const client = await HttpClient.connect(gateway.proxyPort)
        client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
        await assert.rejects(client.next(), /closed without a whole answer after .*hello/)
        client.close()
      })
    }
  }
})

function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}

function chunkOf(piece: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ])
}

async function inTime(closed: Promise<void>): Promise<void> {
  let isClosed = false
  void closed.then(() => (isClosed = true))
  await waitFor('the connection to the target to be closed', () => isClosed)
}

function assertBounded(bytes: number, bound: number): void {
  assert.ok(bytes < bound, `${mebibytes(bytes)} are held, not at most ${mebibytes(bound)}`)
}
