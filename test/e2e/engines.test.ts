// A gateway whose listeners run on different engines, and the limits of the settings on each.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { RawClient, type RawAnswer } from '../support/raw-client.js'
import { startRecordingTarget } from '../support/recording-target.js'
import { waitFor } from '../support/wait.js'

let echo: RunningEcho
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
})
after(() => echo.close())

/** What the log says of the proxy's listeners: port and engine of each. */
function listenersIn(log: string): readonly (readonly [number, string])[] {
  return log
    .split('\n')
    .filter((line) => line.includes('"proxy is listening"'))
    .map((line) => JSON.parse(line) as { port: number; engine: string })
    .map(({ port, engine }) => [port, engine] as const)
}

/** Whether uWebSockets.js is in that process; its native module is mapped into the memory. */
function hasLoadedUws({ child }: RunningGateway): boolean {
  return /uWebSockets\.js|\/uws_/.test(readFileSync(`/proc/${child.pid}/maps`, 'utf8'))
}

describe('the engine of a listener', () => {
  it('is uws unless the settings say otherwise', async () => {
    const gateway = await startGateway({ config: oneRoute(echo.port) })
    try {
      assert.deepEqual(listenersIn(gateway.log), [[gateway.proxyPort, 'uws']])
      assert.equal(hasLoadedUws(gateway), true)
    } finally {
      await gateway.stop()
    }
  })

  it('is http1 for all with GW_ENGINE, and the native library is never loaded', async () => {
    const gateway = await startGateway({
      config: oneRoute(echo.port),
      env: { GW_ENGINE: 'http1', KONG_NGINX_HTTP_KEEPALIVE_TIMEOUT: '30s' },
    })
    try {
      assert.deepEqual(listenersIn(gateway.log), [[gateway.proxyPort, 'http1']])
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/')).status, 200)
      assert.equal(hasLoadedUws(gateway), false)
      assert.doesNotMatch(gateway.log, /no effect/)
    } finally {
      await gateway.stop()
    }
  })

  it('is what its entry says, and both serve one configuration', async () => {
    const [fast = 0, strict = 0] = await freePorts(2)
    const waiting: (() => void)[] = []
    const target = await startRecordingTarget((socket) => {
      waiting.push(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone'))
    })
    const gateway = await startGateway({
      config: oneRoute(target.port),
      env: {
        GW_ENGINE: 'http1',
        KONG_PROXY_LISTEN: `127.0.0.1:${fast} engine=uws, 127.0.0.1:${strict} reuseport`,
        KONG_NGINX_HTTP_KEEPALIVE_TIMEOUT: '30s',
      },
    })
    try {
      assert.deepEqual(listenersIn(gateway.log), [
        [fast, 'uws'],
        [strict, 'http1'],
      ])
      assert.match(gateway.log, /keepalive_timeout: no effect on listeners of the uws engine/)
      const answers = [fast, strict].map((port) => requestOnce(port, 'GET', '/'))
      await waitFor('both requests', () => target.requests.length === 2)
      await waitFor('both in the status', async () => {
        const { text } = await requestOnce(gateway.statusPort, 'GET', '/status')
        return text.includes('"requests_pending":2')
      })
      // Both are waited for at the end.
      gateway.child.signal('SIGQUIT')
      await waitFor('the signal', () => gateway.log.includes('stopping'))
      for (const answer of waiting) answer()
      assert.deepEqual(
        (await Promise.all(answers)).map(({ text }) => text),
        ['done', 'done'],
      )
      assert.equal((await gateway.child.ended).code, 0)
    } finally {
      await gateway.stop()
      await target.close()
    }
  })
})

for (const engine of ['uws', 'http1']) {
  describe(`limits on ${engine}`, () => {
    let gateway: RunningGateway
    before(async () => {
      gateway = await startGateway({
        config: oneRoute(echo.port),
        env: {
          GW_ENGINE: engine,
          KONG_NGINX_HTTP_CLIENT_MAX_BODY_SIZE: '1k',
          KONG_NGINX_HTTP_LARGE_CLIENT_HEADER_BUFFERS: '2 1k',
          KONG_NGINX_HTTP_CLIENT_BODY_TIMEOUT: '500ms',
        },
      })
    })
    after(() => gateway.stop())

    async function ask(bytes: string): Promise<RawAnswer> {
      const client = await RawClient.open(gateway.proxyPort)
      try {
        return await client.ask(bytes)
      } finally {
        client.destroy()
      }
    }
    const long = 'x'.repeat(1100)
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'

    for (const [what, bytes, status, message] of [
      [
        'a body that is announced too large',
        `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1100\r\n\r\n${long}`,
        413,
        'Payload too large',
      ],
      [
        'a body that grows too large',
        `${chunked}44c\r\n${long}\r\n0\r\n\r\n`,
        413,
        'Payload too large',
      ],
      [
        'a body that stops coming',
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\npart',
        408,
        'Request timeout',
      ],
      ['chunks that stop coming', `${chunked}4\r\npart\r\n`, 408, 'Request timeout'],
      [
        'a request line that is too long',
        `GET /${long} HTTP/1.1\r\nHost: a\r\n\r\n`,
        414,
        'URI too long',
      ],
      [
        'a header line that is too long',
        `GET / HTTP/1.1\r\nHost: a\r\nX: ${long}\r\n\r\n`,
        400,
        'Request header or cookie too large',
      ],
    ] as const) {
      it(`answer ${what} in Kong's words`, async () => {
        const answer = await ask(bytes)
        assert.equal(answer.status, status)
        assert.equal(answer.headers.connection, 'close')
        assert.match(answer.body.toString(), new RegExp(`^${message}\nrequest_id: [0-9a-f]{32}\n$`))
      })
    }

    it('let pass what is within them', async () => {
      const answer = await ask(
        `POST / HTTP/1.1\r\nHost: a\r\nX: ${long.slice(200)}\r\nContent-Length: 1024\r\n\r\n${'x'.repeat(1024)}`,
      )
      assert.equal(answer.status, 200)
    })
  })
}

describe('connections on http1', () => {
  let gateway: RunningGateway
  before(async () => {
    gateway = await startGateway({
      config: oneRoute(echo.port),
      env: {
        GW_ENGINE: 'http1',
        KONG_NGINX_HTTP_KEEPALIVE_REQUESTS: '2',
        KONG_NGINX_HTTP_KEEPALIVE_TIMEOUT: '300ms',
        KONG_NGINX_HTTP_CLIENT_HEADER_TIMEOUT: '300ms',
      },
    })
  })
  after(() => gateway.stop())
  const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

  it('may bring a request of HTTP/1.0 without Host, which goes to the target with one', async () => {
    const preserving = await startGateway({
      config: oneRoute(echo.port, {
        routes: [{ name: 'all', paths: ['/'], preserve_host: true }],
      }),
      env: { GW_ENGINE: 'http1' },
    })
    try {
      const client = await RawClient.open(preserving.proxyPort)
      const answer = await client.ask('GET / HTTP/1.0\r\n\r\n')
      client.destroy()
      const { headers } = JSON.parse(answer.body.toString()) as { headers: Record<string, string> }
      assert.equal(headers.host, `127.0.0.1:${echo.port}`)
      assert.equal(headers['x-forwarded-host'], 'kong')
    } finally {
      await preserving.stop()
    }
  })

  it('bring as many requests as they may', async () => {
    const client = await RawClient.open(gateway.proxyPort)
    assert.equal((await client.ask(GET)).headers.connection, undefined)
    assert.equal((await client.ask(GET)).headers.connection, 'close')
    assert.equal(await client.untilEnd(3000), '')
    client.destroy()
  })

  it('are closed when nothing is asked on them', async () => {
    const client = await RawClient.open(gateway.proxyPort)
    await client.ask(GET)
    assert.equal(await client.untilEnd(3000), '')
    client.destroy()
  })

  it('are closed when the head of a request does not come to its end', async () => {
    const client = await RawClient.open(gateway.proxyPort)
    const received = await client.send('GET / HTTP/1.1\r\nHost: ').untilEnd(3000)
    assert.match(received, /^HTTP\/1\.1 408 /)
    client.destroy()
  })
})
