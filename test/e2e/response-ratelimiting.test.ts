// response-ratelimiting on real sockets: the connection stays in step behind an answer past the limit.
import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { oneRoute, startGateway, type RunningGateway } from '../support/gateway.js'
import { HttpClient } from '../support/http-client.js'
import { freePorts } from '../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'

const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n'
const COUNTED = 'Content-Length: 6\r\n\r\nsecret'

let ports: readonly number[]
let target: RecordingTarget
let gateway: RunningGateway
before(async () => {
  target = await startRecordingTarget((socket, { path }) => {
    const framed = path === '/chunked' ? CHUNKED : COUNTED
    const use = path === '/free' ? '' : 'X-Kong-Limit: a=1\r\n'
    socket.write(`HTTP/1.1 200 OK\r\n${use}ETag: "x"\r\n${framed}`)
  })
  ports = await freePorts(ENGINES.length)
  const config = { limits: { a: { year: 1 } } }
  gateway = await startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(ports) },
    config: oneRoute(target.port, { plugins: [{ name: 'response-ratelimiting', config }] }),
  })
})
after(async () => {
  await gateway.stop()
  await target.close()
})

for (const [i, engine] of ENGINES.entries()) {
  it(`answers a whole 429 without a body on ${engine}, and goes on`, async () => {
    const client = await HttpClient.connect(ports[i] ?? 0)
    try {
      await client.request('GET', '/')
      for (const path of ['/', '/chunked']) {
        const refused = await client.request('GET', path)
        assert.deepEqual([refused.status, refused.text], [429, ''])
        assert.equal(refused.header('x-ratelimit-remaining-a-year'), '0')
        assert.equal(refused.header('x-kong-limit'), undefined)
        assert.equal(refused.header('etag'), undefined)
      }
      const free = await client.request('GET', '/free')
      assert.deepEqual([free.status, free.text], [200, 'secret'])
    } finally {
      client.close()
    }
  })
}
