// SIGHUP reads the file again: a good one takes effect, a wrong one changes nothing.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { startEcho, type RunningEcho } from '../../src/cli/echo.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { waitFor } from '../support/wait.js'

describe('a gateway that gets SIGHUP', () => {
  let echo: RunningEcho
  let gateway: RunningGateway
  before(async () => {
    echo = await startEcho({ host: '127.0.0.1', port: 0 })
  })
  after(() => echo.close())
  beforeEach(async () => {
    gateway = await startGateway({ config: routeAt('/old') })
  })
  afterEach(() => gateway.stop())

  const routeAt = (path: string): object => ({
    _format_version: '3.0',
    services: [
      {
        name: 'echo',
        url: `http://127.0.0.1:${echo.port}`,
        routes: [{ name: 'r', paths: [path] }],
      },
    ],
  })
  const status = async (path: string): Promise<number> =>
    (await requestOnce(gateway.proxyPort, 'GET', path)).status

  it('serves the new file', async () => {
    assert.equal(await status('/new'), 404)
    gateway.writeConfig(routeAt('/new'))
    gateway.child.signal('SIGHUP')
    await waitFor('the new route', async () => (await status('/new')) === 200)
    assert.equal(await status('/old'), 404)
  })

  it('keeps the connections of its clients', async () => {
    const client = await HttpClient.connect(gateway.proxyPort)
    assert.equal((await client.request('GET', '/old')).status, 200)
    gateway.writeConfig(routeAt('/new'))
    gateway.child.signal('SIGHUP')
    await waitFor('the new route', async () => (await status('/new')) === 200)
    assert.equal((await client.request('GET', '/new')).status, 200)
    client.close()
  })

  it('answers a request under way from the file that it began under', async () => {
    const slow = requestOnce(gateway.proxyPort, 'GET', '/old/delay/500')
    gateway.writeConfig(routeAt('/new'))
    // The request has to be in before the signal.
    await waitFor('the slow request', async () => (await status('/old')) === 200)
    gateway.child.signal('SIGHUP')
    await waitFor('the new route', async () => (await status('/new')) === 200)
    assert.equal((await slow).status, 200)
  })

  for (const [fault, text] of [
    ['is not YAML', 'services: [\n'],
    ['has a field that does not exist', '_format_version: "3.0"\nservices:\n- nmae: x\n'],
  ] as const) {
    it(`keeps the old configuration and logs why when the file ${fault}`, async () => {
      gateway.writeConfig(text)
      const before = gateway.log.length
      gateway.child.signal('SIGHUP')
      await waitFor('a line in the log', () => gateway.log.slice(before).includes('kong.yml'))
      assert.match(gateway.log.slice(before), /"level":"error"/)
      assert.equal(await status('/old'), 200)
    })
  }

  it('takes a good file after a wrong one', async () => {
    gateway.writeConfig('services: [\n')
    const before = gateway.log.length
    gateway.child.signal('SIGHUP')
    await waitFor('a line in the log', () => gateway.log.slice(before).includes('kong.yml'))
    gateway.writeConfig(routeAt('/new'))
    gateway.child.signal('SIGHUP')
    await waitFor('the new route', async () => (await status('/new')) === 200)
  })
})
