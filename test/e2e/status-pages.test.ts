// The status and admin listeners on the wire: whatever a health checker speaks gets a proper answer.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeCertificate } from '../support/certificates.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { launch, oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { freePort, freePorts } from '../support/ports.js'
import { RawClient, type RawAnswer } from '../support/raw-client.js'

let folder: Folder
let gateway: RunningGateway
before(async () => {
  folder = makeFolder()
  gateway = await startGateway({ config: oneRoute(await freePort()) })
})
after(async () => {
  await gateway.stop()
  folder.remove()
})

/** The answer to those bytes. */
async function ask(port: number, bytes: string, tls = false): Promise<RawAnswer> {
  const client = await RawClient.open(port, { tls })
  try {
    return await client.ask(bytes)
  } finally {
    client.destroy()
  }
}

describe('the status pages', () => {
  for (const listener of ['status', 'admin'] as const) {
    const port = () => (listener === 'status' ? gateway.statusPort : gateway.adminPort)

    it(`(${listener}) answer a check in HTTP/1.0, and close behind it`, async () => {
      const client = await RawClient.open(port())
      const answer = await client.ask('GET /status/ready HTTP/1.0\r\n\r\n')
      assert.equal(answer.status, 200)
      assert.equal(answer.body.toString(), '{"message":"ready"}')
      assert.equal(await client.untilEnd(3000), '')
      client.destroy()
    })

    it(`(${listener}) answer HEAD without a body, and go on`, async () => {
      const client = await RawClient.open(port())
      const head = await client.ask('HEAD /status/ready HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.equal(head.status, 200)
      assert.equal(head.headers['content-length'], '19')
      const next = await client.ask('GET /status/ready HTTP/1.1\r\nHost: a\r\n\r\n')
      assert.equal(next.body.toString(), '{"message":"ready"}')
      client.destroy()
    })

    it(`(${listener}) answer OPTIONS with the methods that there are`, async () => {
      // `kong drain` posts to the status listener.
      const ready = listener === 'status' ? 'GET, HEAD, OPTIONS, POST' : 'GET, HEAD, OPTIONS'
      for (const [target, methods] of [
        ['*', 'GET, HEAD, OPTIONS'],
        ['/status', 'GET, HEAD, OPTIONS'],
        ['/status/ready/', ready],
      ] as const) {
        const answer = await ask(port(), `OPTIONS ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
        assert.equal(answer.status, 204, target)
        assert.equal(answer.headers.allow, methods)
      }
    })

    it(`(${listener}) understand an absolute target`, async () => {
      for (const target of [
        'http://x/status',
        'HTTP://x:8100/status?a=b',
        'http://[::1]/status/',
      ]) {
        const answer = await ask(port(), `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)
        assert.equal(answer.status, 200, target)
        assert.match(answer.body.toString(), /"configuration_hash":"[0-9a-f]{32}"/)
      }
      const none = listener === 'status' ? ['http://x', 'http://x?/status'] : []
      for (const target of [...none, 'ftp://x/status', 'http://x/status/not']) {
        const answer = await ask(port(), `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`)
        assert.equal(answer.status, 404, target)
      }
    })
  }

  it('say which methods there are when asked by another', async () => {
    const bytes = 'POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}'
    const answer = await ask(gateway.statusPort, bytes)
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS')
    assert.equal(answer.body.toString(), '{"message":"Method not allowed"}')
  })

  it('refuse what is no HTTP, and a request without Host', async () => {
    for (const bytes of ['\x16\x03\x01\x02\x00\x01\r\n\r\n', 'GET /status HTTP/1.1\r\n\r\n']) {
      assert.equal((await ask(gateway.statusPort, bytes)).status, 400)
    }
  })
})

describe('POST /status/ready', () => {
  const post = (body: string): string =>
    `POST /status/ready HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const READY = 'GET /status/ready HTTP/1.1\r\nHost: a\r\n\r\n'

  it('changes nothing unless it says draining, and is for the status listener alone', async () => {
    const port = gateway.statusPort
    for (const body of ['', '{}', '{"status":"ready"}', `"${'x'.repeat(5_000)}"`]) {
      assert.equal((await ask(port, post(body))).status, 400)
    }
    assert.equal((await ask(gateway.adminPort, post('{"status":"draining"}'))).status, 405)
    assert.equal((await ask(port, READY)).status, 200)
  })

  it('has the gateway say that it is not ready', async () => {
    const running = await startGateway({ config: oneRoute(await freePort()) })
    try {
      const taken = await ask(running.statusPort, post('{ "status": "draining" }'))
      assert.deepEqual([taken.status, taken.body.length], [204, 0])
      const answer = await ask(running.statusPort, READY)
      assert.deepEqual([answer.status, answer.body.toString()], [503, '{"message":"draining"}'])
    } finally {
      await running.stop()
    }
  })
})

describe('status pages with ssl', () => {
  const READY = 'GET /status/ready HTTP/1.1\r\nHost: a\r\n\r\n'

  for (const name of ['KONG_ADMIN_SSL_CERT', 'KONG_SSL_CERT']) {
    it(`are served with the certificate of ${name}`, async () => {
      const { cert, key } = makeCertificate('DNS:localhost')
      const secure = await freePort()
      const running = await startGateway({
        config: oneRoute(await freePort()),
        env: {
          KONG_ADMIN_LISTEN: `127.0.0.1:${secure} ssl http2`,
          [name]: folder.write('cert.pem', cert),
          [`${name}_KEY`]: folder.write('key.pem', key),
        },
      })
      try {
        assert.equal((await ask(secure, READY, true)).body.toString(), '{"message":"ready"}')
      } finally {
        await running.stop()
      }
    })
  }

  it('are served with a certificate of its own making without one', async () => {
    const [plain = 0, secure = 0] = await freePorts(2)
    const running = await startGateway({
      config: oneRoute(await freePort()),
      env: { KONG_ADMIN_LISTEN: `127.0.0.1:${plain} proxy_protocol, 127.0.0.1:${secure} ssl` },
    })
    try {
      assert.equal((await ask(plain, READY)).status, 200)
      assert.equal((await ask(secure, READY, true)).status, 200)
      assert.match(running.log, /proxy_protocol has no effect there/)
    } finally {
      await running.stop()
    }
  })

  it('end the start when the certificate cannot be read, and name the file', async () => {
    const running = await launch({
      config: oneRoute(await freePort()),
      env: {
        KONG_ADMIN_LISTEN: '127.0.0.1:0 ssl',
        KONG_ADMIN_SSL_CERT: `${folder.path}/absent.pem`,
        KONG_ADMIN_SSL_CERT_KEY: `${folder.path}/absent.key`,
      },
    })
    const { code } = await running.child.ended
    await running.stop()
    assert.equal(code, 1)
    assert.match(running.log, /cannot listen on 127\.0\.0\.1:0: .*absent\.pem/)
  })

  it('need the key as well', async () => {
    const running = await launch({
      config: oneRoute(await freePort()),
      env: { KONG_STATUS_SSL_CERT: `${folder.path}/cert.pem` },
    })
    const { code } = await running.child.ended
    await running.stop()
    assert.equal(code, 1)
    assert.match(running.log, /KONG_STATUS_SSL_CERT.*status_ssl_cert_key go together/)
  })
})
