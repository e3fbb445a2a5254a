// Plugins that answer instead of the target, on real sockets and on both engines.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { freePorts } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

const ENGINES = ['uws', 'http1']

const routes = [
  route('redirect', { location: 'https://new.test/base?x', keep_incoming_path: true }),
]

/** A route of the plugin's name. */
function route(plugin: string, config: object): object {
  return { name: plugin, paths: [`/${plugin}`], plugins: [{ name: plugin, config }] }
}

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  const listeners = ENGINES.map((engine, i) => `127.0.0.1:${ports[i] ?? 0} engine=${engine}`)
  gateway = await startGateway({
    env: { KONG_PROXY_LISTEN: listeners.join(', ') },
    config: {
      _format_version: '3.0',
      services: [{ name: 'target', url: `http://127.0.0.1:${target.port}`, routes }],
    },
  })
})
after(async () => {
  await gateway.stop()
  await target.close()
})

for (const [i, engine] of ENGINES.entries()) {
  describe(`on ${engine}`, () => {
    const ask = (path: string, headers = {}, method = 'GET') =>
      requestOnce(ports[i] ?? 0, method, path, headers)

    it('redirect sends the client on with its path and query', async () => {
      const answer = await ask('/redirect/a//b/../c%20d?e=%zz')
      assert.equal(answer.status, 301)
      assert.equal(header(answer, 'location'), 'https://new.test/redirect/a/c%20d?e=%zz')
      assert.equal(header(answer, 'content-type'), undefined)
      assert.equal(answer.text, 'redirecting')
      assert.equal(target.requests.length, 0)
    })

    it('redirect answers HEAD with the same headers and no body', async () => {
      const answer = await ask('/redirect', {}, 'HEAD')
      assert.equal(header(answer, 'location'), 'https://new.test/redirect')
      assert.equal(header(answer, 'content-length'), '11')
      assert.equal(answer.text, '')
    })
  })
}
