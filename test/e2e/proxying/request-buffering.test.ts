// When the target hears of a request with a body, and what of the body can be sent twice, on both engines.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { header } from '../../support/message-reader.js'
import { RawClient } from '../../support/raw-client.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { rawTarget, type RawTarget } from '../../support/upstream.js'
import { waitFor } from '../../support/wait.js'

const KIB = 1024
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

for (const engine of ['uws', 'http1']) {
  describe(`request_buffering on ${engine}`, () => {
    /** Keeps whole requests. */
    let target: RecordingTarget
    /** Keeps bytes as they come, and answers a GET at once. */
    let watcher: RawTarget
    let gateway: RunningGateway
    before(async () => {
      target = await startRecordingTarget()
      watcher = await rawTarget((socket, _count, index) => {
        if (watcher.received[index]?.startsWith('GET')) socket.end(OK)
      })
      const routes = (name: string) => [
        { name: `${name}-on`, paths: [`/${name}/on`] },
        { name: `${name}-off`, paths: [`/${name}/off`], request_buffering: false },
      ]
      gateway = await startGateway({
        config: {
          _format_version: '3.0',
          services: [
            { name: 'whole', url: `http://127.0.0.1:${target.port}`, routes: routes('whole') },
            {
              name: 'bytes',
              url: `http://127.0.0.1:${watcher.target.port}`,
              routes: routes('bytes'),
            },
          ],
        },
        env: { GW_ENGINE: engine, KONG_NGINX_PROXY_CLIENT_MAX_BODY_SIZE: '1m' },
      })
    })
    after(async () => {
      await gateway.stop()
      await Promise.all([target.close(), watcher.close()])
    })
    beforeEach(() => target.answer(ok))

    async function withClient<T>(use: (client: RawClient) => Promise<T>): Promise<T> {
      const client = await RawClient.open(gateway.proxyPort)
      try {
        return await use(client)
      } finally {
        client.destroy()
      }
    }

    /** Requests that came in later have been to the target and back. */
    async function passOthers(): Promise<void> {
      for (let i = 0; i < 3; i++) {
        await withClient((client) => client.ask('GET /bytes/on HTTP/1.1\r\nHost: a\r\n\r\n'))
      }
    }

    const posts = (): readonly string[] =>
      watcher.received.filter((text) => text.startsWith('POST'))

    it('keeps a request back until its body is there', async () => {
      const seen = posts().length
      await withClient(async (client) => {
        client.send('POST /bytes/on HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc')
        await passOthers()
        assert.equal(posts().length, seen)
        client.send('def')
        await waitFor('the request', () => posts()[seen]?.endsWith('\r\n\r\nabcdef') === true)
      })
    })

    it('tells the target the length of what came in chunks', async () => {
      const answer = await withClient((client) =>
        client.ask(
          'POST /whole/on HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n',
        ),
      )
      assert.equal(answer.status, 200)
      const request = target.requests.at(-1)
      assert.ok(request)
      assert.equal(request.body.toString(), 'abcdef')
      assert.equal(header(request, 'content-length'), '6')
      assert.equal(header(request, 'transfer-encoding'), undefined)
    })

    it('tells the target the length of chunks that hold nothing', async () => {
      await withClient((client) =>
        client.ask(
          'POST /whole/on HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        ),
      )
      const request = target.requests.at(-1)
      assert.ok(request)
      assert.equal(header(request, 'content-length'), '0')
      assert.equal(header(request, 'transfer-encoding'), undefined)
    })

    it('passes on what is longer than it keeps', async () => {
      const seen = posts().length
      await withClient(async (client) => {
        const head = `POST /bytes/on HTTP/1.1\r\nHost: a\r\nContent-Length: ${200 * KIB}\r\n\r\n`
        client.send(head + 'x'.repeat(100 * KIB))
        await waitFor('half of the body', () => (posts()[seen]?.length ?? 0) > 100 * KIB)
        client.send('x'.repeat(99 * KIB))
        await waitFor('more of the body', () => (posts()[seen]?.length ?? 0) > 199 * KIB)
      })
    })

    it('passes a request on at once where it is off', async () => {
      const seen = posts().length
      await withClient(async (client) => {
        client.send('POST /bytes/off HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n')
        await waitFor('the head', () => posts()[seen]?.endsWith('\r\n\r\n') === true)
        client.send('abc')
        await waitFor('the beginning', () => posts()[seen]?.endsWith('\r\n\r\nabc') === true)
      })
    })

    it('leaves chunks as they are where it is off', async () => {
      const seen = posts().length
      await withClient(async (client) => {
        client.send('POST /bytes/off HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
        client.send('3\r\nabc\r\n')
        await waitFor('a chunk', () => posts()[seen]?.endsWith('3\r\nabc\r\n') === true)
        assert.match(posts()[seen] ?? '', /\r\ntransfer-encoding: chunked\r\n/)
      })
    })

    it('asks no target for a request whose client leaves before its end', async () => {
      const seen = posts().length
      await withClient(async (client) => {
        client.send('POST /bytes/on HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc')
        await passOthers()
      })
      await passOthers()
      assert.equal(posts().length, seen)
    })

    /** The target closes the first connection when it has all of the request. */
    function breakOnce(): void {
      target.answer((socket) => {
        target.answer(ok)
        socket.resetAndDestroy()
      })
    }

    const put = (path: string, bytes: number): string =>
      `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`

    it('sends a body again that it has kept', async () => {
      breakOnce()
      const seen = target.requests.length
      const answer = await withClient((client) => client.ask(put('/whole/on', 60 * KIB)))
      assert.equal(answer.status, 200)
      assert.deepEqual(
        target.requests.slice(seen).map(({ body }) => body.length),
        [60 * KIB, 60 * KIB],
      )
    })

    for (const [what, path, bytes] of [
      ['that it has not kept', '/whole/off', 10],
      ['that is longer than it keeps', '/whole/on', 500 * KIB],
    ] as const) {
      it(`sends no body again ${what}`, async () => {
        breakOnce()
        const seen = target.requests.length
        const answer = await withClient((client) => client.ask(put(path, bytes)))
        assert.equal(answer.status, 502)
        assert.equal(target.requests.length, seen + 1)
      })
    }
  })

  describe(`the directives about request buffers on ${engine}`, () => {
    let target: RecordingTarget
    before(async () => {
      target = await startRecordingTarget()
    })
    after(() => target.close())

    async function bodyFraming(
      env: Readonly<Record<string, string>>,
      bytes: number,
    ): Promise<string> {
      const gateway = await startGateway({
        config: {
          _format_version: '3.0',
          services: [
            {
              url: `http://127.0.0.1:${target.port}`,
              routes: [{ paths: ['/'] }],
            },
          ],
        },
        env: { GW_ENGINE: engine, ...env },
      })
      const client = await RawClient.open(gateway.proxyPort)
      try {
        const chunk = `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n0\r\n\r\n`
        await client.ask(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`)
        const request = target.requests.at(-1)
        assert.ok(request)
        return header(request, 'transfer-encoding') ?? `${header(request, 'content-length')} bytes`
      } finally {
        client.destroy()
        await gateway.stop()
      }
    }

    it('turn buffering off', async () => {
      const env = { KONG_NGINX_PROXY_PROXY_REQUEST_BUFFERING: 'off' }
      assert.equal(await bodyFraming(env, 3), 'chunked')
    })

    it('have more kept', async () => {
      const env = { KONG_NGINX_HTTP_CLIENT_BODY_BUFFER_SIZE: '512k' }
      assert.equal(await bodyFraming(env, 500 * KIB), `${500 * KIB} bytes`)
    })
  })
}
