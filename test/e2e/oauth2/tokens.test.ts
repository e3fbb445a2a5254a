// Tokens that the gateway issues, on both engines, with workers that have to agree on them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import {
  PROVISION_KEY,
  SECRET,
  USER,
  app,
  askToken,
  call,
  callOften,
  codeOf,
  issuingConfig,
  startIssuing,
  tokensOf,
} from '../../support/token-client.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())

const WORKERS = 3

for (const engine of ['uws', 'http1']) {
  describe(`oauth2 on ${engine}`, () => {
    let gateway: RunningGateway
    const env = {
      GW_ENGINE: engine,
      KONG_NGINX_WORKER_PROCESSES: String(WORKERS),
      KONG_LOG_LEVEL: 'debug',
    }
    const issued = new Set<string>()
    const tokens = async (fields: Readonly<Record<string, string>>) => {
      const found = tokensOf(await askToken(gateway, fields))
      issued.add(found.access_token)
      return found
    }

    before(async () => {
      gateway = await startIssuing({ target, env })
    })
    after(() => gateway.stop())

    it('takes a token in all workers from the moment that one has issued it', async () => {
      for (let i = 0; i < 5; i++) {
        const { access_token: token } = await tokens({ grant_type: 'client_credentials' })
        assert.deepEqual(await callOften(gateway, token), [200])
      }
    })

    it('tells the target who calls', async () => {
      const { access_token: token } = await tokens({ ...USER, scope: 'email' })
      await call(gateway, token)
      const request = target.requests.at(-1)
      assert.ok(request)
      const names = ['consumer-username', 'credential-identifier', 'authenticated-scope']
      const told = [...names, 'authenticated-userid'].map((name) => header(request, `x-${name}`))
      assert.deepEqual(told, ['app', 'app', 'email', 'user-7'])
    })

    it('takes a code once over all workers', async () => {
      for (let i = 0; i < 5; i++) {
        const code = await codeOf(gateway)
        issued.add(code)
        const exchange = { grant_type: 'authorization_code', code }
        const all = await Promise.all(Array.from({ length: 10 }, () => askToken(gateway, exchange)))
        const statuses = all.map(({ status }) => status).sort()
        assert.deepEqual(statuses, [200, ...Array<number>(9).fill(400)])
      }
    })

    it('refuses the old token in all workers as soon as it is renewed', async () => {
      let { access_token: access, refresh_token: refresh } = await tokens(USER)
      for (let i = 0; i < 5; i++) {
        // All workers have seen it, and remember it.
        assert.deepEqual(await callOften(gateway, access), [200])
        const next = await tokens({ grant_type: 'refresh_token', refresh_token: refresh })
        assert.deepEqual(await callOften(gateway, access), [401])
        assert.deepEqual(await callOften(gateway, next.access_token), [200])
        access = next.access_token
        refresh = next.refresh_token
        issued.add(refresh)
      }
    })

    it('refuses a token of another service', async () => {
      const { access_token: token } = await tokens({ grant_type: 'client_credentials' })
      assert.equal((await call(gateway, token, '/two')).status, 401)
    })

    it('refuses tokens over plain HTTP, and to who has the wrong secret', async () => {
      const body = `grant_type=client_credentials&client_id=app&client_secret=${SECRET}`
      const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const plain = await requestOnce(gateway.proxyPort, 'POST', '/one/oauth2/token', type, body)
      assert.equal(plain.status, 400)
      assert.match(plain.text, /"access_denied"/)
      assert.equal(plain.header('cache-control'), 'no-store')
      const wrong = await askToken(gateway, { grant_type: 'password', client_secret: 'wrong' })
      assert.match(wrong.text, /"invalid_client"/)
    })

    it('refuses huge parameters', async () => {
      const answer = await askToken(gateway, { ...USER, x: 'x'.repeat(100_000) })
      assert.equal(answer.status, 413)
    })

    it('keeps tokens over a reload, but not those of a client that it takes away', async () => {
      const { access_token: token } = await tokens({ grant_type: 'client_credentials' })
      const reload = async (clients: readonly object[], status: number): Promise<void> => {
        gateway.writeConfig(issuingConfig({ target, clients }))
        gateway.child.signal('SIGHUP')
        const id = { grant_type: 'client_credentials', client_id: 'next', client_secret: SECRET }
        // Workers change one after the other: the same answer many times is that of all.
        await waitFor('the new configuration in all workers', async () => {
          const all = await Promise.all(Array.from({ length: 20 }, () => askToken(gateway, id)))
          return all.every((answer) => answer.status === status)
        })
      }
      await reload([app(), app({ client_id: 'next' })], 200)
      assert.deepEqual(await callOften(gateway, token), [200])
      await reload([app({ client_id: 'other' })], 400)
      assert.deepEqual(await callOften(gateway, token), [401])
    })

    it('tells the log no secret, no key and no token', () => {
      for (const text of [SECRET, PROVISION_KEY, ...issued]) {
        assert.ok(!gateway.log.includes(text))
      }
    })
  })
}
