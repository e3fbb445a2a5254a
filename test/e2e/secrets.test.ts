// Keys of clients are in nothing that the gateway writes, whatever goes wrong with their requests.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { freePort } from '../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { projectRoot } from '../support/root.js'
import { waitFor } from '../support/wait.js'

const GOOD = 'good-secret-3f9a'
const OTHER = 'other-secret-71cc'
const BAD = 'bad-secret-e02b'

describe('the log', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    const keyed = (name: string, more: readonly object[] = []): object => ({
      name,
      paths: [`/${name}`],
      plugins: [{ name: 'key-auth', config: { key_in_body: true } }, ...more],
    })
    const trouble = (way: string): object => ({ name: 'trouble', config: { way } })
    gateway = await startGateway({
      env: {
        KONG_LOG_LEVEL: 'debug',
        KONG_PLUGINS: 'bundled,trouble',
        GW_PLUGIN_PATH: join(projectRoot, 'test/e2e/plugins'),
      },
      config: config([
        {
          name: 'target',
          url: `http://127.0.0.1:${target.port}`,
          routes: [
            keyed('fine'),
            keyed('broken', [trouble('rejects in access')]),
            keyed('broken-late', [trouble('throws in log')]),
            keyed('broken-header', [trouble('sets a request header with a line break')]),
          ],
        },
        {
          name: 'dead',
          url: `http://127.0.0.1:${await freePort()}`,
          routes: [keyed('dead')],
        },
      ]),
    })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  const config = (services: readonly object[]): object => ({
    _format_version: '3.0',
    consumers: [{ username: 'alice', keyauth_credentials: [{ key: GOOD }, { key: OTHER }] }],
    services,
  })

  it('has no key in it, good or bad, from header, query or body', async () => {
    const statuses: number[] = []
    for (const path of ['/fine', '/broken', '/broken-late', '/broken-header', '/dead']) {
      for (const key of [GOOD, BAD]) {
        const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
        const json = { 'Content-Type': 'application/json' }
        const answers = [
          await requestOnce(gateway.proxyPort, 'GET', path, { apikey: key }),
          await requestOnce(gateway.proxyPort, 'GET', `${path}?apikey=${key}`),
          await requestOnce(gateway.proxyPort, 'POST', path, form, `apikey=${key}`),
          await requestOnce(gateway.proxyPort, 'POST', path, json, JSON.stringify({ apikey: key })),
        ]
        statuses.push(...answers.map(({ status }) => status))
        for (const { text, headers } of answers) {
          assert.ok(!`${text}${headers.join()}`.includes(key), 'the answer has the key in it')
        }
      }
    }
    assert.deepEqual([...new Set(statuses)].toSorted(), [200, 401, 500, 502])
    noSecret()
  })

  it('has none from requests that are refused before any plugin', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send(`GET /fine?apikey=${GOOD}#x HTTP/1.1\r\nHost: a\r\napikey: ${BAD}\r\n\r\n`)
    assert.equal((await client.next()).status, 400)
    client.close()
    await requestOnce(gateway.proxyPort, 'GET', `/nowhere?apikey=${GOOD}`, { apikey: BAD })
    noSecret()
  })

  it('has none from a file that is wrong', async () => {
    const before = gateway.log.length
    gateway.writeConfig({
      ...config([]),
      consumers: [
        { username: 'alice', keyauth_credentials: [{ key: GOOD }, { key: GOOD }] },
        { username: 'bob', keyauth_credentials: [{ key: OTHER, tll: 1 }] },
        { username: 'eve', keyauth_credentials: [{ key: [BAD] }] },
      ],
    })
    gateway.child.signal('SIGHUP')
    await waitFor('a line in the log', () => gateway.log.slice(before).includes('not reloaded'))
    noSecret()
  })

  it('has none from a file that is not even YAML', async () => {
    const before = gateway.log.length
    gateway.writeConfig(`consumers:\n- keyauth_credentials:\n  - key: "${GOOD}\n - key: ${OTHER}\n`)
    gateway.child.signal('SIGHUP')
    await waitFor('a line in the log', () => gateway.log.slice(before).includes('not reloaded'))
    noSecret()
  })

  const noSecret = (): void => {
    for (const key of [GOOD, OTHER, BAD]) {
      const at = gateway.log.indexOf(key)
      assert.ok(at < 0, `found in: ${gateway.log.slice(Math.max(0, at - 300), at + 50)}`)
    }
  }
})
