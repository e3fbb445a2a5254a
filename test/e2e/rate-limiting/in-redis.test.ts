// rate-limiting-advanced and throttle in Redis: what they keep there, exchanges between gateways, and a Redis that dies.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import type { RunningGateway } from '../../support/gateway.js'
import { ask, askOften, countIn, ROUTE_ID, startLimited } from '../../support/limited.js'
import type { LimitingPlugin } from '../../support/limited.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startRedis, type RunningRedis } from '../../support/redis.js'
import { waitFor } from '../../support/wait.js'

const YEAR = 31_536_000

let target: RecordingTarget
let server: RunningRedis
let redis: Redis
let gateways: RunningGateway[] = []

before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())
beforeEach(async () => {
  server = await startRedis()
  redis = new Redis(server.port)
  redis.on('error', () => undefined) // it dies in some tests
})
afterEach(async () => {
  redis.disconnect()
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  gateways = []
  await server.stop()
})

async function start(plugin: LimitingPlugin, config: object, env = {}): Promise<RunningGateway> {
  const settings = { redis: { host: '127.0.0.1', port: server.port, timeout: 5_000 } }
  const gateway = await startLimited({ target, plugin, config: { ...settings, ...config }, env })
  gateways.push(gateway)
  return gateway
}

describe('rate-limiting-advanced in Redis', () => {
  const advanced = (config: object): Promise<RunningGateway> =>
    start('rate-limiting-advanced', { limit: [3], window_size: [YEAR], ...config })

  it('keeps one hash for each identifier, for two windows', async () => {
    const gateway = await advanced({ namespace: 'here', limit: [3, 9], window_size: [YEAR, 60] })
    assert.deepEqual(await askOften(gateway, 4), [200, 200, 200, 429])
    assert.deepEqual(await redis.keys('*'), ['gw:rla:sliding:here:127.0.0.1'])
    const [key = ''] = await redis.keys('*')
    // With a penalty the refused one counts, too.
    assert.equal(await redis.hget(key, `${YEAR * 1000}c`), '4')
    const life = await redis.ttl(key)
    assert.ok(life > YEAR && life <= 2 * YEAR, String(life))
  })

  it('looks back at the window before', async () => {
    const gateway = await advanced({ namespace: 'here', limit: [10], window_size: [10_000] })
    const number = Math.floor(Date.now() / 10_000_000) - 1
    const size = 10_000_000
    await redis.hset('gw:rla:sliding:here:127.0.0.1', {
      [`${size}n`]: number,
      [`${size}c`]: 1_000_000,
      [`${size}p`]: 0,
    })
    const refused = await ask(gateway)
    assert.equal(refused.status, 429)
    const rest = 10_000 - ((Date.now() / 1000) % 10_000)
    const wait = Number(refused.header('Retry-After'))
    assert.ok(wait > 0 && wait <= Math.ceil(rest) + 2, `${wait} of ${rest}`)
  })

  it('does not count with others of another namespace', async () => {
    const one = await advanced({ namespace: 'one' })
    const two = await advanced({ namespace: 'two' })
    assert.deepEqual(await askOften(one, 4), [200, 200, 200, 429])
    assert.deepEqual(await askOften(two, 1), [200])
  })

  it('counts on each node while Redis is away, and in Redis again when it is back', async () => {
    const gateway = await advanced({ limit: [5] })
    assert.deepEqual(await askOften(gateway, 2), [200, 200])
    await server.stop()
    assert.deepEqual(await askOften(gateway, 7), [200, 200, 200, 200, 200, 429, 429])
    assert.equal(countIn(gateway, 'limits count on this node for now'), 1)
    server = await startRedis([], server.port)
    await waitFor('Redis to count', async () => (await ask(gateway)).status === 200, 20_000)
    assert.match(gateway.log, /limits count in Redis again/)
  })

  it('exchanges counts with sync_rate, exactly, and before it stops', async () => {
    const config = { limit: [1000], sync_rate: 0.05, namespace: 'here' }
    const [one, two] = await Promise.all([advanced(config), advanced(config)])
    await Promise.all([askOften(one, 30), askOften(two, 20)])
    const counted = (): Promise<string | null> =>
      redis.hget('gw:rla:sliding:here:127.0.0.1', `${YEAR * 1000}c`)
    await waitFor('all to be told', async () => (await counted()) === '50')
    await askOften(one, 1)
    await waitFor('the next', async () => (await counted()) === '51')
    await askOften(two, 1)
    await waitFor('the last', async () => (await counted()) === '52')
    await askOften(two, 1)
    assert.equal((await ask(two)).header('RateLimit-Remaining'), String(1000 - 54))
    await two.stop()
    assert.equal(await counted(), '54')
  })
})

describe('throttle in Redis', () => {
  it('keeps a hash until the bucket is empty, and the quota over', async () => {
    const gateway = await start('throttle', { rate: 1, period: 'minute', burst: 3 })
    assert.deepEqual(await askOften(gateway, 4), [200, 200, 200, 429])
    const key = `gw:throttle:${ROUTE_ID}:-:127.0.0.1`
    assert.deepEqual(await redis.keys('*'), [key])
    const life = await redis.ttl(key)
    assert.ok(life > 120 && life <= 181, String(life))
    const plan = await start('throttle', { rate: 100, burst: 9, quota: { limit: 2 } })
    await redis.flushall()
    assert.deepEqual(await askOften(plan, 3), [200, 200, 429])
    const month = await redis.ttl(key)
    assert.ok(month >= 0 && month <= 31 * 86_400, String(month))
  })

  it('gives back what time has earned, by the clock of Redis', async () => {
    const gateway = await start('throttle', { rate: 1, period: 'minute', burst: 3 })
    await askOften(gateway, 3)
    const key = `gw:throttle:${ROUTE_ID}:-:127.0.0.1`
    await redis.hincrby(key, 'm', -120_000)
    assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
  })

  it('lets requests wait for their turn over all gateways', async () => {
    const config = { algorithm: 'leaky_bucket', rate: 2, burst: 4 }
    const [one, two] = await Promise.all([start('throttle', config), start('throttle', config)])
    const begin = performance.now()
    const statuses = await Promise.all([one, two, one, two, one].map((g) => askOften(g, 1)))
    assert.deepEqual(new Set(statuses.flat()), new Set([200]))
    const took = performance.now() - begin
    assert.ok(took >= 1_950, `${took} ms`)
  })

  it('is as configured while Redis is away: open, closed, or on the node', async () => {
    const limit = { rate: 1, period: 'hour', burst: 2 }
    const open = await start('throttle', limit)
    const closed = await start('throttle', { ...limit, fault_tolerant: false })
    const local = await start('throttle', limit, { GW_RATE_LIMIT_FALLBACK: 'local' })
    assert.deepEqual(await askOften(open, 3), [200, 200, 429])
    await server.stop()
    assert.deepEqual(await askOften(open, 3), [200, 200, 200])
    assert.deepEqual(await askOften(closed, 2), [500, 500])
    assert.deepEqual(await askOften(local, 3), [200, 200, 429])
    server = await startRedis([], server.port)
    for (const gateway of [open, closed]) {
      await waitFor(
        'Redis to count',
        async () => (await ask(gateway)).header('RateLimit-Limit') === '2',
        20_000,
      )
    }
  })
})
