// Plugins that answer instead of the target, on real sockets and on both engines.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ENGINES, engineListeners } from '../../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce } from '../../support/http-client.js'
import { header } from '../../support/message-reader.js'
import { freePorts } from '../../support/ports.js'
import { RawClient } from '../../support/raw-client.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'

const routes = [
  route('bot-detection', { allow: ['FriendlyBot'], deny: ['EvilCorp'] }),
  route('ip-restriction', { allow: ['192.0.2.0/24', '2001:db8::/32'], deny: ['192.0.2.66'] }),
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
  gateway = await startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(ports), KONG_TRUSTED_IPS: '127.0.0.1' },
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
      const earlier = target.requests.length
      const answer = await ask('/redirect/a//b/../c%20d?e=%zz')
      assert.equal(answer.status, 301)
      assert.equal(header(answer, 'location'), 'https://new.test/redirect/a/c%20d?e=%zz')
      assert.equal(header(answer, 'content-type'), undefined)
      assert.equal(answer.text, 'redirecting')
      assert.equal(target.requests.length, earlier)
    })

    it('bot-detection goes by the User-Agent', async () => {
      const statusOf = async (userAgent: string) =>
        (await ask('/bot-detection', { 'User-Agent': userAgent })).status
      assert.equal(await statusOf('Mozilla/5.0'), 200)
      assert.equal(await statusOf('FriendlyBot/1.0'), 200)
      assert.equal(await statusOf('EvilCorp'), 403)
      assert.equal(await statusOf('Googlebot/2.1'), 403)
      assert.equal((await ask('/bot-detection')).status, 200)
    })

    it('bot-detection takes no second User-Agent', async () => {
      const client = await RawClient.open(ports[i] ?? 0)
      const lines = ['Host: a.test', 'User-Agent: curl/8', 'User-Agent: Googlebot/2.1']
      const head = ['GET /bot-detection HTTP/1.1', ...lines].join('\r\n')
      const answer = await client.ask(`${head}\r\n\r\n`)
      client.destroy()
      assert.equal(answer.status, 400)
      assert.match(answer.body.toString(), /Only one User-Agent header allowed/)
    })

    it('ip-restriction goes by the address that a trusted proxy names', async () => {
      const statusOf = async (address: string) =>
        (await ask('/ip-restriction', { 'X-Real-IP': address })).status
      assert.equal(await statusOf('192.0.2.1'), 200)
      assert.equal(await statusOf('2001:DB8::0001'), 200)
      assert.equal(await statusOf('192.0.2.66'), 403)
      const answer = await ask('/ip-restriction')
      assert.equal(answer.status, 403)
      assert.match(answer.text, /"message":"IP address not allowed: 127\.0\.0\.1",\n/)
    })

    it('redirect answers HEAD with the same headers and no body', async () => {
      const answer = await ask('/redirect', {}, 'HEAD')
      assert.equal(header(answer, 'location'), 'https://new.test/redirect')
      assert.equal(header(answer, 'content-length'), '11')
      assert.equal(answer.text, '')
    })
  })
}
