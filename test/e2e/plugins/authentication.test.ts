// Plugins that find out who is calling, together, on real sockets and on both engines; and what they know in nothing that
// the gateway writes.
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { ENGINES, engineListeners } from '../../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { freePorts } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

const PASSWORD = 'password-of-alice-5f1d'
const HMAC_SECRET = 'hmac-secret-of-alice-77c0'
const WEBHOOK_SECRET = 'webhook-secret-b9e2'
const SESSION_SECRET = 'session-secret-40aa'
const WRONG = 'wrong-secret-13e8'
const SECRETS = [PASSWORD, HMAC_SECRET, WEBHOOK_SECRET, SESSION_SECRET, WRONG]

const route = (name: string, plugins: readonly object[]): object => ({
  name,
  paths: [`/${name}`],
  plugins,
})
const use = (name: string, config: object = {}): object => ({ name, config })
const guest = { anonymous: 'guest' }

const routes = [
  route('and', [use('key-auth'), use('basic-auth')]),
  route('or', [use('key-auth', guest), use('basic-auth', guest), use('hmac-auth', guest)]),
  route('groups', [
    use('key-auth', guest),
    use('basic-auth', guest),
    use('acl', { allow: ['staff'] }),
  ]),
  route('hmac', [use('hmac-auth', { validate_request_body: true, hide_credentials: true })]),
  route('webhooks', [use('standard-webhooks', { secret_v1: WEBHOOK_SECRET })]),
  route('session', [
    use('session', { secret: SESSION_SECRET, cookie_secure: false }),
    use('basic-auth', guest),
  ]),
  route('own-session', [use('session', { cookie_name: 'own' }), use('basic-auth', guest)]),
]

const consumers = [
  {
    username: 'alice',
    keyauth_credentials: [{ key: 'alice-key' }],
    basicauth_credentials: [{ username: 'alice', password: PASSWORD }],
    hmacauth_credentials: [{ username: 'alice', secret: HMAC_SECRET }],
    acls: [{ group: 'staff' }],
  },
  { username: 'bob', keyauth_credentials: [{ key: 'bob-key' }] },
  { username: 'guest' },
]

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  gateway = await startGateway({
    env: {
      KONG_PROXY_LISTEN: engineListeners(ports),
      KONG_LOG_LEVEL: 'debug',
      KONG_NGINX_WORKER_PROCESSES: '2',
    },
    config: {
      _format_version: '3.0',
      consumers,
      services: [{ name: 'target', url: `http://127.0.0.1:${target.port}`, routes }],
    },
  })
})
after(async () => {
  await gateway.stop()
  await target.close()
})

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function hmac(date: string, secret: string): string {
  const value = createHmac('sha256', secret).update(`date: ${date}`).digest('base64')
  return `hmac username="alice", algorithm="hmac-sha256", headers="date", signature="${value}"`
}

const answers: string[] = []

for (const [i, engine] of ENGINES.entries()) {
  describe(`on ${engine}`, () => {
    const ask = async (path: string, headers = {}, method = 'GET', body?: string) => {
      const answer = await requestOnce(ports[i] ?? 0, method, path, headers, body)
      answers.push(`${answer.headers.join('\n')}\n${answer.text}`)
      return answer
    }
    /** Who the target was told is calling; null when it was not asked. */
    const caller = async (path: string, headers = {}, method = 'GET', body?: string) => {
      const earlier = target.requests.length
      await ask(path, headers, method, body)
      const request = target.requests[earlier]
      return request === undefined ? null : header(request, 'x-consumer-username')
    }
    const good = { Authorization: basic('alice', PASSWORD) }
    const bad = { Authorization: basic('alice', WRONG) }

    it('all have to be content where none allows anonymous, and the last one names the consumer', async () => {
      assert.equal(await caller('/and', { apikey: 'bob-key', ...good }), 'alice')
      assert.equal(
        (await ask('/and', { apikey: 'bob-key' })).header('www-authenticate'),
        'Basic realm="service"',
      )
      assert.equal((await ask('/and', good)).header('www-authenticate'), 'Key')
      assert.equal((await ask('/and', { apikey: 'bob-key', ...bad })).status, 401)
    })

    it('one is enough where all allow anonymous, and the first one names the consumer', async () => {
      const date = new Date().toUTCString()
      assert.equal(await caller('/or', { apikey: 'bob-key', ...good }), 'bob')
      assert.equal(await caller('/or', { apikey: WRONG, ...good }), 'alice')
      assert.equal(
        await caller('/or', { Date: date, Authorization: hmac(date, HMAC_SECRET) }),
        'alice',
      )
      assert.equal(await caller('/or', { Date: date, Authorization: hmac(date, WRONG) }), 'guest')
      assert.equal(await caller('/or', { 'X-Consumer-Username': 'alice', ...bad }), 'guest')
    })

    it('groups decide who may pass', async () => {
      assert.equal(await caller('/groups', good), 'alice')
      assert.equal((await ask('/groups', { apikey: 'bob-key' })).status, 403)
      assert.equal((await ask('/groups')).status, 401)
    })

    it('a signature and the digest of the body let a request pass, whose body arrives', async () => {
      const date = new Date().toUTCString()
      const digest = `SHA-256=${createHash('sha256').update('hello').digest('base64')}`
      const headers = { Date: date, Authorization: hmac(date, HMAC_SECRET), Digest: digest }
      assert.equal(await caller('/hmac', headers, 'POST', 'hello'), 'alice')
      const request = target.requests.at(-1)
      assert.equal(request?.body.toString(), 'hello')
      assert.equal(header(request, 'authorization'), undefined)
      assert.equal((await ask('/hmac', headers, 'POST', 'hallo')).status, 401)
    })

    it('a signed webhook passes', async () => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const statusWith = async (secret: string) => {
        const value = createHmac('sha256', secret).update(`m.${timestamp}.x`).digest('base64')
        const headers = {
          'webhook-id': 'm',
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${value}`,
        }
        return (await ask('/webhooks', headers, 'POST', 'x')).status
      }
      assert.deepEqual([await statusWith(WEBHOOK_SECRET), await statusWith(WRONG)], [200, 400])
    })

    for (const path of ['/session', '/own-session']) {
      it(`a cookie from ${path} is good for all workers until the client logs out`, async () => {
        const line = (await ask(path, good)).header('set-cookie') ?? ''
        const cookie = line.slice(0, line.indexOf(';'))
        // Each on a connection of its own, which any of the workers may get.
        const seen = new Set<unknown>()
        for (let turn = 0; turn < 20; turn++) seen.add(await caller(path, { Cookie: cookie }))
        assert.deepEqual([...seen], ['alice'])
        const answer = await ask(`${path}?session_logout`, { Cookie: cookie }, 'DELETE')
        assert.equal(answer.status, 200)
        assert.match(answer.header('set-cookie') ?? '', /=; .*Max-Age=0$/)
      })
    }
  })
}

describe('afterwards', () => {
  it('no secret is in a log line, an answer or a status page', async () => {
    const pages: string[] = []
    for (const path of ['/status', '/metrics']) {
      pages.push((await requestOnce(gateway.statusPort, 'GET', path)).text)
    }
    const written = [gateway.log, ...answers, ...pages].join('\n')
    for (const secret of SECRETS) {
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, -4)]) {
        const at = written.indexOf(form)
        assert.ok(at < 0, `found in: ${written.slice(Math.max(0, at - 300), at + 50)}`)
      }
    }
  })

  it('no password in clear is on a page of the Admin API', async () => {
    for (const path of ['/basic-auths', '/consumers/alice/basic-auth', '/consumers', '/plugins']) {
      const { status, text } = await requestOnce(gateway.adminPort, 'GET', path)
      assert.equal(status, 200)
      assert.ok(!text.includes(PASSWORD), path)
    }
  })
})
