// How the gateway ends: what is under way is finished first.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startEcho } from '../../src/cli/echo.js'
import { oneRoute, startGateway } from '../support/gateway.js'
import { HttpClient, requestOnce } from '../support/http-client.js'
import { startRecordingTarget } from '../support/recording-target.js'
import { waitFor } from '../support/wait.js'

/** A gateway with one request under way; `finish` lets the target answer it. */
async function busyGateway(env: Readonly<Record<string, string>> = {}) {
  const target = await startRecordingTarget(() => undefined)
  const gateway = await startGateway({ config: oneRoute(target.port), env })
  let finish = (): void => assert.fail('the target has got no request')
  target.answer((socket) => {
    finish = () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone')
  })
  const answer = requestOnce(gateway.proxyPort, 'GET', '/slow')
  // Who does not look at it must not end the test.
  answer.catch(() => undefined)
  await waitFor('the request at the target', () => target.requests.length === 1)
  const close = async (): Promise<void> => {
    await gateway.stop()
    await target.close()
  }
  return { gateway, answer, finish: () => finish(), close }
}

for (const workers of ['1', '2']) {
  const env = { KONG_NGINX_WORKER_PROCESSES: workers }

  describe(`a gateway with ${workers} worker(s)`, () => {
    it('finishes a request under way on SIGQUIT and exits with 0', async () => {
      const { gateway, answer, finish, close } = await busyGateway(env)
      try {
        gateway.child.signal('SIGQUIT')
        await waitFor('the listener to close', () => refuses(gateway.proxyPort))
        finish()
        assert.equal((await answer).text, 'done')
        assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
      } finally {
        await close()
      }
    })

    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`cuts a request under way on ${signal} and exits with 0 at once`, async () => {
        const { gateway, answer, close } = await busyGateway(env)
        try {
          const start = performance.now()
          gateway.child.signal(signal)
          await assert.rejects(answer)
          assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
          assert.ok(performance.now() - start < 2_000)
        } finally {
          await close()
        }
      })
    }

    it('cuts what a graceful end waits for when SIGTERM follows', async () => {
      const { gateway, answer, close } = await busyGateway(env)
      try {
        gateway.child.signal('SIGQUIT')
        await waitFor('the listener to close', () => refuses(gateway.proxyPort))
        gateway.child.signal('SIGTERM')
        await assert.rejects(answer)
        assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
      } finally {
        await close()
      }
    })

    it('waits no longer than worker_shutdown_timeout', async () => {
      const { gateway, answer, close } = await busyGateway({
        ...env,
        KONG_NGINX_MAIN_WORKER_SHUTDOWN_TIMEOUT: '300ms',
      })
      try {
        gateway.child.signal('SIGQUIT')
        await assert.rejects(answer)
        assert.deepEqual(await gateway.child.ended, { code: 0, signal: null })
        assert.match(gateway.log, /cut what did not finish in time/)
      } finally {
        await close()
      }
    })

    it('says that it is not ready before it refuses, for as long as GW_DRAIN_DELAY', async () => {
      const { gateway, answer, finish, close } = await busyGateway({ ...env, GW_DRAIN_DELAY: '2s' })
      try {
        const start = performance.now()
        gateway.child.signal('SIGQUIT')
        await waitFor('503', async () => {
          return (await requestOnce(gateway.statusPort, 'GET', '/status/ready')).status === 503
        })
        const next = requestOnce(gateway.proxyPort, 'GET', '/next')
        await waitFor('the next one', () => gateway.log.includes('stopping'))
        finish()
        assert.equal((await answer).header('connection'), 'close')
        assert.ok(performance.now() - start < 2_000, 'the delay is not over yet')
        await waitFor('the listener to close', () => refuses(gateway.proxyPort))
        assert.ok(performance.now() - start >= 2_000)
        finish()
        assert.equal((await next).text, 'done', 'taken while not ready, and answered')
        assert.equal((await gateway.child.ended).code, 0)
      } finally {
        await close()
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
