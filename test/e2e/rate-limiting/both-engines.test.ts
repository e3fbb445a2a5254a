// rate-limiting-advanced and throttle on the node itself, as clients of both engines see them: statuses, headers, waiting,
// leaving, reloads and a graceful end.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { ENGINES } from '../../../src/gateway/engine-settings.js'
import { oneRoute, startGateway, type RunningGateway } from '../../support/gateway.js'
import { HttpClient, requestOnce } from '../../support/http-client.js'
import { ask, askOften } from '../../support/limited.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
let gateway: RunningGateway

before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())
afterEach(() => gateway.stop())

function fileWith(name: string, config: object): object {
  return oneRoute(target.port, { plugins: [{ name, config }] })
}

/** One request a second, three may wait. */
const LEAKY = { algorithm: 'leaky_bucket', rate: 1, burst: 3, limit_by: 'ip' }

for (const engine of ENGINES) {
  const start = async (name: string, config: object): Promise<void> => {
    const env = { GW_ENGINE: engine, KONG_NGINX_WORKER_PROCESSES: '1' }
    gateway = await startGateway({ config: fileWith(name, config), env })
  }

  describe(`on ${engine}`, () => {
    it('rate-limiting-advanced lets the limit pass, and says what is left', async () => {
      const limit = { limit: [3, 100], window_size: [31_536_000, 30], identifier: 'ip' }
      await start('rate-limiting-advanced', limit)
      const first = await ask(gateway)
      assert.equal(first.header('X-RateLimit-Limit-Year'), '3')
      assert.equal(first.header('X-RateLimit-Remaining-Year'), '2')
      assert.equal(first.header('X-RateLimit-Limit-30'), '100')
      assert.equal(first.header('RateLimit-Remaining'), '2')
      assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
      const refused = await ask(gateway)
      assert.ok(Number(refused.header('Retry-After')) > 0)
      assert.match(refused.text, /API rate limit exceeded/)
    })

    it('throttle with a token bucket refuses what is beyond the burst', async () => {
      await start('throttle', { rate: 1, period: 'hour', burst: 2, limit_by: 'ip' })
      assert.deepEqual(await askOften(gateway, 4), [200, 200, 429, 429])
      const refused = await ask(gateway)
      const wait = Number(refused.header('Retry-After'))
      assert.ok(wait > 3000 && wait <= 3600, String(wait))
    })

    it('throttle with a leaky bucket lets requests wait for their turn', async () => {
      await start('throttle', LEAKY)
      const begin = performance.now()
      await ask(gateway)
      const answers = await Promise.all([ask(gateway), ask(gateway), ask(gateway)])
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200],
      )
      // Turns are a second apart, the first is taken.
      const took = performance.now() - begin
      assert.ok(took >= 2_950, `${took} ms`)
    })

    it('a client that leaves while it waits is never sent on, and gives its place to another', async () => {
      // Three seconds to a turn.
      const slowly = { rate: 20, period: 'minute', max_delay: 60 }
      await start('throttle', { ...LEAKY, ...slowly, burst: 10, max_queued: 1 })
      await ask(gateway)
      const seen = target.requests.length
      const leaver = await HttpClient.connect(gateway.proxyPort)
      leaver.send('GET /left HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await waitFor('the only place to be taken', async () => (await ask(gateway)).status === 429)
      leaver.close()
      await waitFor('a place', async () => (await ask(gateway)).status === 200, 20_000)
      const paths = target.requests.slice(seen).map(({ path }) => path)
      // Its turn was before the one of the request that has just been answered.
      assert.deepEqual(paths, ['/'])
    })

    it('those who wait when a reload comes, or a graceful end, are answered', async () => {
      // A second and a half to a turn.
      const limit = { ...LEAKY, rate: 40, period: 'minute' }
      await start('throttle', limit)
      const sent = Array.from({ length: 8 }, () => requestOnce(gateway.proxyPort, 'GET', '/'))
      let refused = 0
      for (const request of sent) {
        void request.then(({ status }) => {
          if (status === 429) refused++
        })
      }
      await waitFor('those who find no place to be refused', () => refused > 0)
      gateway.writeConfig(fileWith('throttle', { ...limit, error_code: 503 }))
      gateway.child.signal('SIGHUP')
      await waitFor('the reload', async () => (await ask(gateway)).status === 503, 10_000)
      gateway.child.signal('SIGQUIT')
      const statuses = (await Promise.all(sent)).map(({ status }) => status)
      assert.ok(statuses.filter((status) => status === 200).length >= 4, statuses.join())
      assert.ok(
        statuses.every((status) => status === 200 || status === 429),
        statuses.join(),
      )
    })
  })
}
