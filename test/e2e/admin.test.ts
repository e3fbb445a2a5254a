// The admin listener on the wire: a document that is posted serves at once, a wrong one changes nothing.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { makeFolder, type Folder } from '../support/folder.js'
import { launch, startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce, type Answer } from '../support/http-client.js'
import { waitFor } from '../support/wait.js'

const LIMIT = 64 * 1024

let echo: RunningEcho
let gateway: RunningGateway
before(async () => {
  echo = await startEcho({ host: '127.0.0.1', port: 0 })
  gateway = await startGateway({
    config: routeAt('/first'),
    env: { KONG_NGINX_ADMIN_CLIENT_MAX_BODY_SIZE: String(LIMIT) },
  })
})
after(async () => {
  await gateway.stop()
  await echo.close()
})

function routeAt(path: string): string {
  const routes = [{ name: 'r', paths: [path] }]
  const services = [{ name: 'echo', url: `http://127.0.0.1:${echo.port}`, routes }]
  return JSON.stringify({ _format_version: '3.0', services })
}

async function post(body: string, query = '', type = 'application/json'): Promise<Answer> {
  const client = await HttpClient.connect(gateway.adminPort)
  try {
    return await client.request('POST', `/config${query}`, { 'Content-Type': type }, body)
  } finally {
    client.close()
  }
}

async function statusOf(path: string): Promise<number> {
  return (await requestOnce(gateway.proxyPort, 'GET', path)).status
}

describe('a document posted to /config', () => {
  it('serves once it has been answered with 201', async () => {
    const answer = await post(JSON.stringify({ config: routeAt('/posted') }))
    assert.equal(answer.status, 201)
    assert.equal(answer.header('access-control-allow-origin'), '*')
    assert.equal(await statusOf('/posted'), 200)
    assert.equal(await statusOf('/first'), 404)
  })

  it('is not loaded again when it serves and the sender asks to look', async () => {
    assert.equal((await post(routeAt('/same'))).status, 201)
    const again = await post(routeAt('/same'), '?check_hash=1')
    assert.equal(again.status, 304)
    assert.equal(await statusOf('/same'), 200)
  })

  it('changes nothing when it is wrong, and is explained in the answer and in the log', async () => {
    assert.equal((await post(routeAt('/good'))).status, 201)
    const wrong = '_format_version: "3.0"\nservices:\n- name: s\n  prot: 1\n  host: x.test\n'
    const answer = await post(wrong, '?flatten_errors=1', 'text/yaml')
    assert.equal(answer.status, 400)
    const body = JSON.parse(answer.text) as {
      readonly flattened_errors: readonly { readonly entity_name: string }[]
      readonly problems: readonly { readonly line: number; readonly hint?: string }[]
    }
    assert.equal(body.flattened_errors[0]?.entity_name, 's')
    assert.equal(body.problems[0]?.line, 4)
    assert.match(body.problems[0].hint ?? '', /did you mean port\?/)
    assert.match(gateway.log, /POST \/config:4:3 services\[0\]\.prot: unknown field/)
    assert.equal(await statusOf('/good'), 200)
  })

  it('is forgotten when the file is read again', async () => {
    assert.equal((await post(routeAt('/for-now'))).status, 201)
    gateway.child.signal('SIGHUP')
    await waitFor('the file', async () => (await statusOf('/first')) === 200)
    assert.equal(await statusOf('/for-now'), 404)
  })
})

describe('a gateway without a file', () => {
  const POST = { 'Content-Type': 'application/json' }
  const ENV = (folder: Folder) => ({
    KONG_DECLARATIVE_CONFIG: '',
    KONG_PREFIX: join(folder.path, 'prefix'),
  })

  it('starts with what was posted to it last', async () => {
    const folder = makeFolder()
    try {
      const first = await launch({ config: '', env: ENV(folder) })
      await waitFor('its pages', () => first.log.includes('status is listening'))
      await requestOnce(first.adminPort, 'POST', '/config', POST, routeAt('/posted'))
      const wrong = await requestOnce(first.adminPort, 'POST', '/config', POST, '{"services":1}')
      assert.equal(wrong.status, 400)
      await first.stop()
      const second = await startGateway({ config: '', env: ENV(folder) })
      try {
        assert.equal((await requestOnce(second.proxyPort, 'GET', '/posted')).status, 200)
        assert.match(second.log, /what was posted last serves/)
      } finally {
        await second.stop()
      }
    } finally {
      folder.remove()
    }
  })
})

describe('a body past the limit', () => {
  it('is refused with 413, and the listener goes on', async () => {
    const answer = await post(JSON.stringify({ config: 'x'.repeat(LIMIT) }))
    assert.equal(answer.status, 413)
    assert.equal(answer.header('connection'), 'close')
    assert.equal((await post('{}')).status, 400)
  })

  it('is refused before it is sent when the sender asks first', async () => {
    const client = await HttpClient.connect(gateway.adminPort)
    client.send(
      `POST /config HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n` +
        `Content-Length: ${LIMIT + 1}\r\n\r\n`,
    )
    assert.equal((await client.next()).status, 413)
    client.close()
  })

  it('is refused when no length announced it', async () => {
    const client = await HttpClient.connect(gateway.adminPort)
    const chunk = `${(LIMIT + 1).toString(16)}\r\n${'x'.repeat(LIMIT + 1)}\r\n`
    client.send(
      'POST /config HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
        `Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`,
    )
    assert.equal((await client.next()).status, 413)
    client.close()
  })
})

describe('the admin listener', () => {
  it('goes on when a client leaves in the middle of a body', async () => {
    const client = await HttpClient.connect(gateway.adminPort)
    client.send(
      'POST /config HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    )
    client.close()
    assert.equal((await post('{}')).status, 400)
  })

  for (const [title, bytes, status] of [
    ['a method of nobody', 'BREW /services HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    ['what is no HTTP', '\x00\x01 nonsense\r\n\r\n', 400],
    [
      'a head that is too long',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['a path that decodes to nothing', 'GET /services/%ff%zz HTTP/1.1\r\nHost: a\r\n\r\n', 404],
    ['a name of the language', 'GET /__proto__/constructor HTTP/1.1\r\nHost: a\r\n\r\n', 404],
  ] as const) {
    it(`answers ${title} with ${status}`, async () => {
      const client = await HttpClient.connect(gateway.adminPort)
      client.send(bytes)
      assert.equal((await client.next()).status, status)
      client.close()
    })
  }
})

describe('the status listener', () => {
  it('says draining once it is told to, while requests go on', async () => {
    const running = await startGateway({ config: routeAt('/') })
    try {
      const client = await HttpClient.connect(running.statusPort)
      const type = { 'Content-Type': 'application/json' }
      const ready = (body: string) => client.request('POST', '/status/ready', type, body)
      assert.equal((await ready('{"status":"ready"}')).status, 400)
      assert.equal((await ready('{"status":"draining"}')).status, 204)
      const answer = await client.request('GET', '/status/ready')
      assert.deepEqual([answer.status, answer.text], [503, '{"message":"draining"}'])
      client.close()
      assert.equal((await requestOnce(running.proxyPort, 'GET', '/')).status, 200)
    } finally {
      await running.stop()
    }
  })
})
