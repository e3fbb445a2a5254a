// A Redis that answers late by half a second: requests go on as configured, none waits without end, and when the delay is
// over all is as before, without a restart.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { RunningGateway } from '../../support/gateway.js'
import { HttpClient } from '../../support/http-client.js'
import { ask, askOften, countIn, startLimited, type LimitingPlugin } from '../../support/limited.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startRedis, type RunningRedis } from '../../support/redis.js'
import { startSlowLink, type SlowLink } from '../../support/slow-link.js'
import { waitFor } from '../../support/wait.js'

const SLOW_MS = 500
const GONE = 'Redis does not serve'
const BACK = 'Redis serves again'
/** Of a crowded machine, for answers that wait for nothing: far below what they would wait for Redis, each by itself. */
const PATIENCE_MS = 10_000

/** Limits out of reach, and the header that tells that they count. */
const LIMITS: readonly (readonly [plugin: LimitingPlugin, config: object, header: string])[] = [
  ['rate-limiting', { year: 100_000 }, 'x-ratelimit-remaining-year'],
  [
    'rate-limiting-advanced',
    { limit: [100_000], window_size: [31_536_000] },
    'x-ratelimit-remaining-year',
  ],
  ['throttle', { rate: 1, period: 'hour', burst: 8000 }, 'ratelimit-remaining'],
]

let target: RecordingTarget
let redis: RunningRedis
let link: SlowLink
let gateway: RunningGateway

before(async () => {
  target = await startRecordingTarget()
  redis = await startRedis()
  link = await startSlowLink(redis.port)
})
after(async () => {
  await link.close()
  await redis.stop()
  await target.close()
})
afterEach(async () => {
  link.delayMs = 0
  await gateway.stop()
})

async function start(plugin: LimitingPlugin, config: object, timeout: number): Promise<void> {
  const settings = { redis: { host: '127.0.0.1', port: link.port, timeout } }
  gateway = await startLimited({ target, plugin, config: { ...settings, ...config } })
}

/** Each on a connection of its own, all at once: how long the last of them takes. */
async function crowd(times: number, status = 200): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: times }, () => HttpClient.connect(gateway.proxyPort)),
  )
  const begin = performance.now()
  const answers = await Promise.all(clients.map((client) => client.request('GET', '/')))
  const took = performance.now() - begin
  for (const client of clients) client.close()
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([status]))
  return took
}

for (const [plugin, config, header] of LIMITS) {
  describe(`${plugin}, when Redis answers late by ${SLOW_MS} ms`, () => {
    const remaining = async (): Promise<number> => Number((await ask(gateway)).header(header))

    it('waits for it within the timeout, counts each request, and is fast again afterwards', async () => {
      await start(plugin, config, 10_000)
      await waitFor('the limit to count', async () => (await remaining()) > 0)
      const before = await remaining()
      link.delayMs = SLOW_MS
      const took = await crowd(100)
      // All wait at the same time, not one for the other.
      assert.ok(took >= SLOW_MS * 0.9 && took < PATIENCE_MS, `${took} ms`)
      link.delayMs = 0
      assert.equal(await remaining(), before - 101)
      const begin = performance.now()
      await askOften(gateway, 50)
      assert.ok(performance.now() - begin < (50 * SLOW_MS) / 2)
    })

    it('goes on without it past the timeout, and counts in it again afterwards', async () => {
      await start(plugin, config, SLOW_MS / 4)
      await waitFor('the limit to count', async () => (await remaining()) > 0)
      const troubles = countIn(gateway, GONE)
      link.delayMs = SLOW_MS
      const first = await crowd(50)
      assert.ok(first < PATIENCE_MS, `${first} ms`)
      const begin = performance.now()
      const statuses = await askOften(gateway, 100)
      assert.deepEqual(new Set(statuses), new Set([200]))
      // Nobody waits for one that is known to be late.
      assert.ok(performance.now() - begin < PATIENCE_MS)
      assert.ok(countIn(gateway, GONE) > troubles)
      link.delayMs = 0
      await waitFor(
        'Redis to count again',
        // The header alone is no sign: with a fallback this node counts.
        async () => (await remaining()) > 0 && countIn(gateway, BACK) === countIn(gateway, GONE),
        20_000,
      )
    })
  })
}

describe('rate-limiting-advanced with sync_rate, when Redis answers late', () => {
  it('lets no request wait, holds its limit, and tells Redis later', async () => {
    const limit = { limit: [40], window_size: [31_536_000], disable_penalty: true, sync_rate: 0.05 }
    await start('rate-limiting-advanced', limit, SLOW_MS / 4)
    link.delayMs = SLOW_MS
    const begin = performance.now()
    const statuses = await askOften(gateway, 60)
    assert.ok(performance.now() - begin < (60 * SLOW_MS) / 2)
    assert.deepEqual(statuses, [...Array<number>(40).fill(200), ...Array<number>(20).fill(429)])
    link.delayMs = 0
    const other = await startLimited({
      target,
      plugin: 'rate-limiting-advanced',
      config: { redis: { host: '127.0.0.1', port: redis.port }, ...limit },
    })
    try {
      await waitFor(
        'the other gateway to hear of it',
        async () => {
          await ask(gateway)
          return (await ask(other)).status === 429
        },
        20_000,
      )
    } finally {
      await other.stop()
    }
  })
})
