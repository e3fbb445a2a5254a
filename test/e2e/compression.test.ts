// Answers that are compressed on their way: by real decoders, piece by piece, and at the pace of the client.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { connect } from 'node:net'
import type { Transform } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { residentBytes, stalled, writeAll } from '../support/large-body.js'
import { freePorts, portOf } from '../support/ports.js'
import { waitFor } from '../support/wait.js'

const MIB = 1024 * 1024
/** Hardly smaller when compressed, so that the client's side fills up. */
const PIECE = Buffer.from(randomBytes(48 * 1024).toString('base64'))
const TOTAL_PIECES = Math.ceil((100 * MIB) / PIECE.length)
/** What the collector has not given back yet counts, too. */
const MAX_GROWTH = 32 * MIB

const run = promisify(execFile)

describe('compression', () => {
  let target: Server
  let gateway: RunningGateway
  let ports: readonly number[]
  let handle: (request: IncomingMessage, response: ServerResponse) => void
  before(async () => {
    target = createServer((request, response) => handle(request, response))
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
    ports = await freePorts(ENGINES.length)
    const config = { types: ['text/*', 'application/json'] }
    gateway = await startGateway({
      env: { KONG_PROXY_LISTEN: engineListeners(ports), KONG_NGINX_WORKER_PROCESSES: '1' },
      config: {
        _format_version: '3.0',
        plugins: [{ name: 'compression', config }],
        services: [
          {
            name: 'target',
            url: `http://127.0.0.1:${portOf(target)}`,
            routes: [
              { name: 'plain', paths: ['/plain'] },
              {
                name: 'changed',
                paths: ['/changed'],
                plugins: [
                  { name: 'response-transformer', config: { add: { json: ['added:yes'] } } },
                ],
              },
              {
                name: 'cached',
                paths: ['/cached'],
                plugins: [
                  {
                    name: 'proxy-cache',
                    config: { strategy: 'memory', content_type: ['text/plain; charset=UTF-8'] },
                  },
                ],
              },
              {
                name: 'exit',
                paths: ['/exit'],
                plugins: [
                  {
                    name: 'request-termination',
                    config: {
                      status_code: 200,
                      content_type: 'text/plain',
                      body: 'x'.repeat(5000),
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    })
  })
  after(async () => {
    await gateway.stop()
    target.closeAllConnections()
    await new Promise((resolve) => target.close(resolve))
  })

  for (const [i, engine] of ENGINES.entries()) {
    describe(`on ${engine}`, () => {
      const port = (): number => ports[i] ?? 0

      async function get(
        path: string,
        accept: string,
        headers: Readonly<Record<string, string>> = {},
        method = 'GET',
      ): Promise<IncomingMessage & { body: Buffer }> {
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          const options = { port: port(), path, method, agent: false }
          const asked = httpRequest({
            ...options,
            headers: { ...headers, 'Accept-Encoding': accept },
          })
          asked.on('response', resolve).on('error', reject).end()
        })
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        return Object.assign(response, { body: Buffer.concat(chunks) })
      }

      function answerWith(body: string, headers: Readonly<Record<string, string>> = {}): void {
        handle = (_request, response) => {
          response.writeHead(200, {
            'Content-Type': 'text/plain',
            'Content-Length': Buffer.byteLength(body),
            ...headers,
          })
          response.end(body)
        }
      }

      const text = 'äbc '.repeat(20_000)

      for (const [coding, decode] of [
        ['gzip', gunzipSync],
        ['br', brotliDecompressSync],
      ] as const) {
        it(`sends ${coding} that its decoder takes, and says so`, async () => {
          answerWith(text, { ETag: '"a"', 'Accept-Ranges': 'bytes', Vary: 'Origin' })
          const { headers, body } = await get('/plain', coding)
          assert.equal(decode(body).toString(), text)
          assert.ok(body.length < text.length / 10)
          assert.equal(headers['content-encoding'], coding)
          assert.equal(headers['content-length'], undefined)
          assert.equal(headers.vary, 'Origin, Accept-Encoding')
          assert.equal(headers.etag, 'W/"a"')
          assert.equal(headers['accept-ranges'], undefined)
          assert.equal(headers['content-type'], 'text/plain; charset=UTF-8')
        })
      }

      it('leaves an answer as it is for a client that wants it so', async () => {
        answerWith(text, { ETag: '"a"' })
        const { headers, body } = await get('/plain', 'identity')
        assert.equal(body.toString(), text)
        assert.equal(headers['content-encoding'], undefined)
        assert.equal(headers['content-length'], String(Buffer.byteLength(text)))
        assert.equal(headers.vary, 'Accept-Encoding')
        assert.equal(headers.etag, '"a"')
      })

      it('leaves the answer to HEAD without coding', async () => {
        answerWith(text)
        const { headers } = await get('/plain', 'gzip', {}, 'HEAD')
        assert.equal(headers['content-encoding'], undefined)
        assert.equal(headers['content-length'], String(Buffer.byteLength(text)))
        assert.equal(headers.vary, 'Accept-Encoding')
      })

      it('is understood by curl --compressed', async () => {
        answerWith(text)
        const url = `http://127.0.0.1:${port()}/plain`
        const { stdout } = await run('curl', ['-sS', '--compressed', url], { maxBuffer: MIB })
        assert.equal(stdout, text)
      })

      it('compresses what response-transformer has made', async () => {
        const value = 'a'.repeat(5000)
        answerWith(JSON.stringify({ value }), { 'Content-Type': 'application/json' })
        const { body } = await get('/changed', 'gzip')
        assert.deepEqual(JSON.parse(gunzipSync(body).toString()), { value, added: 'yes' })
      })

      it('compresses what proxy-cache keeps for each client anew', async () => {
        const path = `/cached/${engine}`
        answerWith(text, { 'Content-Type': 'text/plain; charset=UTF-8' })
        assert.equal((await get(path, 'gzip')).headers['x-cache-status'], 'Miss')
        const brotli = await get(path, 'br')
        assert.equal(brotli.headers['x-cache-status'], 'Hit')
        assert.equal(brotliDecompressSync(brotli.body).toString(), text)
        assert.equal((await get(path, 'identity')).body.toString(), text)
      })

      it('compresses what the gateway answers itself', async () => {
        const { body } = await get('/exit', 'gzip')
        assert.equal(gunzipSync(body).toString(), 'x'.repeat(5000))
      })

      it('ends with the connection for a client of HTTP/1.0, where the engine serves it', async () => {
        answerWith(text)
        const socket = connect({ port: port(), host: '127.0.0.1' })
        socket.write('GET /plain HTTP/1.0\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n')
        const chunks: Buffer[] = []
        for await (const chunk of socket) chunks.push(chunk as Buffer)
        const whole = Buffer.concat(chunks)
        const head = whole.subarray(0, whole.indexOf('\r\n\r\n') + 4)
        if (engine === 'uws') assert.match(head.toString(), /^HTTP\/1\.1 505 /)
        else assert.equal(gunzipSync(whole.subarray(head.length)).toString(), text)
      })

      it('keeps the connection for the next request', async () => {
        answerWith(text)
        const client = await HttpClient.connect(port())
        for (let n = 0; n < 3; n++) {
          const { body } = await client.request('GET', '/plain', { 'Accept-Encoding': 'gzip' })
          assert.equal(gunzipSync(body).toString(), text)
        }
        client.close()
      })

      for (const [coding, decoder] of [
        ['gzip', () => createGunzip()],
        ['br', () => createBrotliDecompress()],
      ] as const) {
        it(`passes events on in ${coding} one by one, each at once`, async () => {
          let send: (event: string) => void = () => assert.fail('the target has not been asked')
          handle = (_request, response) => {
            response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
            send = (event) => response.write(event)
          }
          const asked = httpRequest({
            port: port(),
            path: '/plain',
            agent: false,
            headers: { 'Accept-Encoding': coding },
          })
          asked.on('error', () => undefined)
          const answered = new Promise<IncomingMessage>((resolve) => {
            asked.on('response', resolve)
          })
          asked.end()
          const response = await answered // before any event
          let events = ''
          const decoded: Transform = response.on('error', () => undefined).pipe(decoder())
          decoded.on('data', (chunk) => (events += String(chunk)))
          for (let n = 0; n < 5; n++) {
            send(`data: ${n}\n\n`)
            await waitFor(`event ${n}`, () => events.includes(`data: ${n}\n\n`), 2_000)
          }
          assert.ok(events.startsWith('data: 0\n\n'), 'nothing stands before the first event')
          asked.destroy()
        })
      }

      it('holds the target back while the client takes nothing', async () => {
        const progress = { pieces: 0 }
        handle = (_request, response) => {
          response.setHeader('Content-Type', 'text/plain')
          void writeAll(response, PIECE, TOTAL_PIECES, progress)
        }
        const memory = residentBytes(gateway.child.pid)
        // Not an HttpClient: that would read.
        const socket = connect({ port: port(), host: '127.0.0.1' })
        socket.write('GET /plain HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n')
        await stalled(progress)
        assert.ok(progress.pieces < TOTAL_PIECES)
        const growth = residentBytes(gateway.child.pid) - memory
        assert.ok(growth < MAX_GROWTH, `${(growth / MIB).toFixed(1)} MiB are held`)
        socket.destroy()
      })

      it('gives 100 MB to a decoder as they were', async () => {
        const progress = { pieces: 0 }
        handle = (_request, response) => {
          response.setHeader('Content-Type', 'text/plain')
          void writeAll(response, PIECE, TOTAL_PIECES, progress).then(() => response.end())
        }
        const memory = residentBytes(gateway.child.pid)
        const asked = httpRequest({
          port: port(),
          path: '/plain',
          agent: false,
          headers: { 'Accept-Encoding': 'gzip' },
        })
        const answered = new Promise<IncomingMessage>((resolve, reject) => {
          asked.on('response', resolve).on('error', reject)
        })
        asked.end()
        let bytes = 0
        let isSame = true
        for await (const chunk of (await answered).pipe(createGunzip())) {
          const piece = chunk as Buffer
          for (let at = 0; at < piece.length;) {
            const from = (bytes + at) % PIECE.length
            const length = Math.min(piece.length - at, PIECE.length - from)
            const expected = PIECE.subarray(from, from + length)
            isSame &&= expected.equals(piece.subarray(at, at + length))
            at += length
          }
          bytes += piece.length
        }
        assert.equal(bytes, TOTAL_PIECES * PIECE.length)
        assert.ok(isSame)
        const growth = residentBytes(gateway.child.pid) - memory
        assert.ok(growth < MAX_GROWTH, `${(growth / MIB).toFixed(1)} MiB are held`)
      })

      it('closes the connection to the target when the client leaves in the middle', async () => {
        let isClosed = false
        handle = (_request, response) => {
          response.setHeader('Content-Type', 'text/plain')
          response.on('close', () => (isClosed = true))
          void writeAll(response, PIECE, TOTAL_PIECES)
        }
        const client = await HttpClient.connect(port())
        client.send('GET /plain HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\n\r\n')
        await new Promise((resolve) => client.socket.once('data', resolve))
        client.close()
        await waitFor('the connection to the target to be closed', () => isClosed)
      })

      it('never ends an answer well that the target has broken off', async () => {
        handle = (_request, response) => {
          response.writeHead(200, { 'Content-Type': 'text/plain' })
          response.write(text)
          setTimeout(() => response.destroy(), 20)
        }
        await assert.rejects(get('/plain', 'gzip'), /aborted|socket hang up|ECONNRESET/)
      })
    })
  }
})
