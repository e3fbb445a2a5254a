// How the gateway ends: what is under way is finished first.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startEcho } from '../../src/cli/echo.js'
import { oneRoute, startGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { startRecordingTarget } from '../support/recording-target.js'
import { waitFor } from '../support/wait.js'

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  describe(`a gateway that gets ${signal}`, () => {
    it('finishes a request under way and exits with 0', async () => {
      const target = await startRecordingTarget(() => undefined)
      const gateway = await startGateway({ config: oneRoute(target.port) })
      try {
        let finish = (): void => assert.fail('the target has got no request')
        target.answer((socket) => {
          finish = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')
        })
        const answer = requestOnce(gateway.proxyPort, 'GET', '/slow')
        await waitFor('the request at the target', () => target.requests.length === 1)
        gateway.child.signal(signal)
        await waitFor('the listener to close', () => refuses(gateway.proxyPort))
        finish()
        assert.equal((await answer).text, 'done')
        assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
      } finally {
        await gateway.stop()
        await target.close()
      }
    })
  })
}

describe('a gateway without requests', () => {
  it('ends at once on SIGTERM although clients keep idle connections', async () => {
    const echo = await startEcho({ host: '127.0.0.1', port: 0 })
    const gateway = await startGateway({ config: oneRoute(echo.port) })
    try {
      const client = await HttpClient.connect(gateway.proxyPort)
      assert.equal((await client.request('GET', '/')).status, 200)
      const start = performance.now()
      gateway.child.signal('SIGTERM')
      assert.equal((await gateway.child.ended).code, 0)
      assert.ok(performance.now() - start < 3_000)
      assert.ok(await client.closed())
    } finally {
      await gateway.stop()
      await echo.close()
    }
  })
})

async function refuses(port: number): Promise<boolean> {
  try {
    const client = await HttpClient.connect(port)
    client.close()
    return false
  } catch {
    return true // what was waited for
  }
}
