// The plugin retry in a whole gateway: targets of an upstream, and clients that leave.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { ok, startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

const unavailable = 'HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n'

let bad: RecordingTarget
let good: RecordingTarget
let gateway: RunningGateway

before(async () => {
  bad = await startRecordingTarget((socket) => socket.write(unavailable))
  good = await startRecordingTarget(ok)
})
after(async () => {
  await bad.close()
  await good.close()
})
afterEach(() => gateway.stop())

const retry = (config: object): object => ({
  name: 'retry',
  config: { statuses: [503], backoff: { base: 0 }, ...config },
})

describe('the plugin retry', () => {
  it('goes on to the next target for a status', async () => {
    const targets = [bad, good].map(({ port }) => ({ target: `127.0.0.1:${port}` }))
    gateway = await startGateway({
      config: {
        _format_version: '3.0',
        upstreams: [{ name: 'pool', targets }],
        services: [
          {
            name: 'pool',
            url: 'http://pool',
            plugins: [retry({})],
            routes: [{ name: 'all', paths: ['/'] }],
          },
        ],
      },
    })
    for (let i = 0; i < 6; i++) {
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', '/')).status, 200)
    }
    assert.ok(bad.requests.length > 0)
  })

  it('of a route wins over that of its service', async () => {
    const routes = [
      { name: 'once', paths: ['/once'], plugins: [retry({ attempts: 0 })] },
      { name: 'more', paths: ['/more'] },
    ]
    const plugins = [retry({ attempts: 3 })]
    gateway = await startGateway({ config: oneRoute(bad.port, { plugins, routes }) })
    for (const [path, tries] of [
      ['/once', 1],
      ['/more', 4],
    ] as const) {
      const seen = bad.requests.length
      assert.equal((await requestOnce(gateway.proxyPort, 'GET', path)).status, 503)
      assert.equal(bad.requests.length - seen, tries)
    }
  })

  it('does not keep what a client that has left was waiting for', async () => {
    const plugins = [retry({ attempts: 5, backoff: { base: 60, max: 60 } })]
    gateway = await startGateway({ config: oneRoute(bad.port, { plugins }) })
    const seen = bad.requests.length
    const client = await HttpClient.connect(gateway.proxyPort)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await waitFor('the first try', () => bad.requests.length > seen)
    client.close()
    gateway.child.signal('SIGQUIT')
    await waitFor('the gateway to end', () => !gateway.child.isRunning, 20_000)
    assert.equal((await gateway.child.ended).code, 0)
    assert.doesNotMatch(gateway.log, /cut what did not finish/)
  })
})
