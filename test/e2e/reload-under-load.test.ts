// Twenty reloads, every other one of a wrong file, while clients keep asking: nobody notices but who should.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { waitFor } from '../support/wait.js'

const RELOADS = 20
const CLIENTS = 8

/** None is the beginning of another. */
const pathOf = (generation: number): string => `/generation-${generation}-`

describe('a gateway that reloads under load', () => {
  let target: RecordingTarget
  let gateway: RunningGateway
  before(async () => {
    target = await startRecordingTarget()
    gateway = await startGateway({ config: config(0, ['old-key', 'kept-key']) })
  })
  after(async () => {
    await gateway.stop()
    await target.close()
  })

  /** @param generation stands in the name of one route, so that a probe can tell which file serves */
  const config = (generation: number, keys: readonly string[]): object => ({
    _format_version: '3.0',
    consumers: [{ username: 'alice', keyauth_credentials: keys.map((key) => ({ key })) }],
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${target.port}`,
        routes: [
          { name: 'busy', paths: ['/busy'] },
          { name: 'generation', paths: [pathOf(generation)] },
          { name: 'keyed', paths: ['/keyed'], plugins: [{ name: 'key-auth', config: {} }] },
          {
            name: 'limited',
            paths: ['/limited'],
            plugins: [{ name: 'rate-limiting', config: { hour: 3, policy: 'local' } }],
          },
        ],
      },
    ],
  })
  const wrong =
    '_format_version: "3.0"\nservices:\n- name: a\n  url: http://127.0.0.1:9\n  prot: x\n'

  const get = (path: string, headers = {}): Promise<{ status: number }> =>
    requestOnce(gateway.proxyPort, 'GET', path, headers)
  const reload = (): void => gateway.child.signal('SIGHUP')
  const reloadTo = async (generation: number, keys: readonly string[]): Promise<void> => {
    gateway.writeConfig(config(generation, keys))
    reload()
    const path = pathOf(generation)
    await waitFor(`generation ${generation}`, async () => (await get(path)).status === 200)
  }

  it('fails no request, and logs each wrong file with its place', async () => {
    let isOver = false
    const statuses = new Map<number, number>()
    const clients = Array.from({ length: CLIENTS }, async () => {
      const client = await HttpClient.connect(gateway.proxyPort)
      while (!isOver) {
        const { status } = await client.request('GET', '/busy')
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      client.close()
    })
    for (let i = 1; i <= RELOADS / 2; i++) {
      await reloadTo(i, ['old-key', 'kept-key'])
      gateway.writeConfig(wrong)
      const before = gateway.log.length
      reload()
      await waitFor('a line in the log', () => gateway.log.slice(before).includes('unknown field'))
      assert.match(gateway.log.slice(before), /kong\.yml:5:3 services\[0\]\.prot: unknown field/)
      assert.equal((await get(pathOf(i))).status, 200, 'the good file serves on')
    }
    isOver = true
    await Promise.all(clients)
    assert.deepEqual([...statuses.keys()], [200])
    assert.ok((statuses.get(200) ?? 0) > RELOADS, 'there was hardly any load')
  })

  it('takes the last of several files that come at once', async () => {
    for (let i = 100; i < 105; i++) {
      gateway.writeConfig(config(i, ['old-key', 'kept-key']))
      reload()
    }
    await waitFor('the last', async () => (await get(pathOf(104))).status === 200)
    assert.equal((await get(pathOf(103))).status, 404)
  })

  it('goes on counting where a limit was', async () => {
    assert.equal((await get('/limited')).status, 200)
    assert.equal((await get('/limited')).status, 200)
    await reloadTo(200, ['old-key', 'kept-key'])
    assert.equal((await get('/limited')).status, 200)
    await reloadTo(201, ['old-key', 'kept-key'])
    assert.equal((await get('/limited')).status, 429)
  })

  it('refuses a key that the new file does not have, also on a connection that used it', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    const ask = async (apikey: string): Promise<number> =>
      (await client.request('GET', '/keyed', { apikey })).status
    assert.equal(await ask('old-key'), 200)
    await reloadTo(300, ['kept-key', 'new-key'])
    assert.equal(await ask('old-key'), 401)
    assert.equal(await ask('kept-key'), 200)
    assert.equal(await ask('new-key'), 200)
    client.close()
  })
})
