// From the first byte of the configuration to the last request: what the person on call sees.
import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import { get as getSecure } from 'node:https'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { makeCertificate } from '../support/certificates.js'
import { runToEnd } from '../support/child.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { launch, oneRoute, startGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { freePort, freePorts, portOf } from '../support/ports.js'
import { startRecordingTarget } from '../support/recording-target.js'
import { gwCommand } from '../support/root.js'
import { waitFor } from '../support/wait.js'

let echo: RunningEcho
let folder: Folder
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
  folder = makeFolder()
})
after(async () => {
  folder.remove()
  await echo.close()
})

const OFF = { KONG_ADMIN_LISTEN: 'off', KONG_STATUS_LISTEN: 'off' }

describe('/status/ready', () => {
  it('says 200 while requests are taken and 503 once they are drained', async () => {
    const target = await startRecordingTarget(() => undefined)
    const gateway = await startGateway({ config: oneRoute(target.port) })
    try {
      const ready = await requestOnce(gateway.statusPort, 'GET', '/status/ready')
      assert.equal(ready.status, 200)
      const client = await HttpClient.connect(gateway.proxyPort)
      client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await waitFor('the request at the target', () => target.requests.length === 1)
      gateway.child.signal('SIGQUIT')
      await waitFor('503', async () => {
        const { status } = await requestOnce(gateway.statusPort, 'GET', '/status/ready')
        return status === 503
      })
      client.close()
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
    } finally {
      await gateway.stop()
      await target.close()
    }
  })

  it('says 503 on an empty configuration, and 200 once there is one', async () => {
    const gateway = await launch({ config: '_format_version: "3.0"\n' })
    try {
      await waitFor('the status page', () => gateway.log.includes('proxy is listening'))
      const answer = await requestOnce(gateway.statusPort, 'GET', '/status/ready')
      assert.equal(answer.status, 503)
      assert.match(answer.text, /no configuration available \(empty configuration present\)/)
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/')).status, 404)
      gateway.writeConfig(oneRoute(echo.port))
      gateway.child.signal('SIGHUP')
      await waitFor('200', async () => {
        const { status } = await requestOnce(gateway.statusPort, 'GET', '/status/ready')
        return status === 200
      })
    } finally {
      await gateway.stop()
    }
  })
})

describe('SIGQUIT', () => {
  it('twice is as good as once', async () => {
    const target = await startRecordingTarget(() => undefined)
    const gateway = await startGateway({ config: oneRoute(target.port) })
    try {
      let finish = (): void => assert.fail('the target has got no request')
      target.answer((socket) => {
        finish = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')
      })
      const answer = requestOnce(gateway.proxyPort, 'GET', '/')
      await waitFor('the request at the target', () => target.requests.length === 1)
      gateway.child.signal('SIGQUIT')
      await waitFor('the first signal', () => gateway.log.includes('stopping'))
      gateway.child.signal('SIGQUIT')
      gateway.child.signal('SIGHUP')
      await waitFor('the listeners of the workers to close', () => isRefused(gateway.proxyPort))
      finish()
      const last = await answer
      assert.equal(last.text, 'done')
      assert.equal(last.header('connection'), 'close', 'the client must not ask here again')
      assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
    } finally {
      await gateway.stop()
      await target.close()
    }
  })

  const BYTES = 20_000_000
  it('lets a slow download come to its end', async () => {
    const gateway = await startGateway({ config: oneRoute(echo.port) })
    try {
      const socket = connect({ port: gateway.proxyPort, host: '127.0.0.1' })
      socket.write(`GET /bytes/${BYTES} HTTP/1.1\r\nHost: a\r\n\r\n`)
      await waitFor('the request', async () => (await pending(gateway.statusPort)) === 1)
      gateway.child.signal('SIGQUIT')
      await waitFor('the signal', () => gateway.log.includes('stopping'))
      let received = 0
      for await (const chunk of socket) received += (chunk as Buffer).length
      assert.ok(received > BYTES, `${received} bytes`)
      assert.equal((await gateway.child.ended).code, 0)
    } finally {
      await gateway.stop()
    }
  })
})

describe('gw start', () => {
  const start = (
    file: string,
    env: Readonly<Record<string, string>>,
  ): Promise<{ code: number | null; output: string }> =>
    runToEnd(process.execPath, [gwCommand, 'start', file], {
      ...OFF,
      KONG_PREFIX: `${folder.path}/prefix`,
      ...env,
    })

  for (const setting of ['KONG_PROXY_LISTEN', 'KONG_STATUS_LISTEN', 'KONG_ADMIN_LISTEN']) {
    it(`exits with 1 and says where it cannot listen (${setting})`, async () => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const place = `127.0.0.1:${portOf(other)}`
      const file = folder.write('good.yml', JSON.stringify(oneRoute(echo.port)))
      const proxy = `127.0.0.1:${await freePort()}`
      const { code, output } = await start(file, { KONG_PROXY_LISTEN: proxy, [setting]: place })
      await new Promise((resolve) => other.close(resolve))
      assert.equal(code, 1)
      assert.ok(output.includes(`cannot listen on ${place}`), output)
      assert.doesNotMatch(output, /^ {4}at /m)
    })
  }

  it('exits with 1 and every problem of the file', async () => {
    const file = folder.write(
      'wrong.yml',
      '_format_version: "3.0"\nservices:\n- name: a\n  url: http://a\n  prot: x\n  retries: -1\nplugins:\n- name: no-such\n',
    )
    const { code, output } = await start(file, {})
    assert.equal(code, 1)
    assert.match(output, /wrong\.yml:5:3 services\[0\]\.prot: unknown field/)
    assert.match(output, /wrong\.yml:6:12 services\[0\]\.retries: /)
    assert.match(output, /wrong\.yml:8:9 plugins\[0\]\.name: plugin 'no-such' not enabled/)
  })

  it('exits with 1 and names a file that is not there', async () => {
    const { code, output } = await start(`${folder.path}/absent.yml`, {})
    assert.equal(code, 1)
    assert.match(output, /absent\.yml cannot be read/)
  })

  it('exits with 1 when a certificate is not there', async () => {
    const file = folder.write('good.yml', JSON.stringify(oneRoute(echo.port)))
    const { code, output } = await start(file, {
      KONG_PROXY_LISTEN: '127.0.0.1:0 ssl',
      KONG_SSL_CERT: `${folder.path}/absent.pem`,
      KONG_SSL_CERT_KEY: `${folder.path}/absent.key`,
    })
    assert.equal(code, 1)
    assert.match(output, /absent\.(pem|key)/)
    assert.doesNotMatch(output, /^ {4}at /m)
  })
})

describe('settings', () => {
  it('that say nothing to this version get one warning for each reason, if anything is lost by it', async () => {
    const gateway = await startGateway({
      config: oneRoute(echo.port),
      env: {
        KONG_NGINX_HTTP_GZIP: 'on',
        KONG_PROXY_ACCESS_LOG: '/dev/stdout',
        KONG_PROXY_ERROR_LOG: '/dev/stderr',
        KONG_ADMIN_GUI_URL: 'http://localhost:8002',
        KONG_ADMIN_GUI_LISTEN: '0.0.0.0:8002',
        KONG_PG_HOST: 'kong-database',
        KONG_PG_PASSWORD: 'hunter2',
      },
    })
    await gateway.stop()
    assert.doesNotMatch(gateway.log, /hunter2|KONG_PG_/)
    const warnings = gateway.log.split('\n').filter((line) => line.includes('"level":"warn"'))
    assert.deepEqual(warnings.map((line) => (JSON.parse(line) as { msg: string }).msg).sort(), [
      'KONG_ADMIN_GUI_URL, KONG_ADMIN_GUI_LISTEN have no effect: there is no Kong Manager',
      'KONG_NGINX_HTTP_GZIP has no effect: gw does not run nginx and does not know the directive',
      'KONG_PROXY_ACCESS_LOG has no effect: gw writes no access log; a plugin such as file-log or http-log tells of requests',
    ])
  })

  it('with a certificate make an ssl listener serve https', async () => {
    const [plain = 0, secure = 0] = await freePorts(2)
    const { cert, key } = makeCertificate('DNS:localhost')
    const gateway = await startGateway({
      config: oneRoute(echo.port),
      env: {
        KONG_PROXY_LISTEN: `127.0.0.1:${plain}, 127.0.0.1:${secure} ssl`,
        KONG_SSL_CERT: folder.write('cert.pem', cert),
        KONG_SSL_CERT_KEY: folder.write('key.pem', key),
      },
    })
    try {
      assert.equal((await requestOnce(plain, 'GET', '/')).status, 200)
      const seen = JSON.parse(await getText(secure, cert)) as { headers: Record<string, string> }
      assert.equal(seen.headers['x-forwarded-proto'], 'https')
      assert.equal(seen.headers['x-forwarded-port'], String(secure))
    } finally {
      await gateway.stop()
    }
  })
})

async function pending(statusPort: number): Promise<number> {
  const { text } = await requestOnce(statusPort, 'GET', '/status')
  return (JSON.parse(text) as { server: { requests_pending: number } }).server.requests_pending
}

/** Whether nobody listens there any more. */
async function isRefused(port: number): Promise<boolean> {
  try {
    const client = await HttpClient.connect(port)
    client.close()
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
  }
}

function getText(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'localhost', ca, agent: false } as const
    getSecure(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
}
