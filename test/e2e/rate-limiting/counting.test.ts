// Limits that count in Redis: Kong's keys, several gateways on one Redis, counts that are pushed now and then.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import type { RunningGateway } from '../../support/gateway.js'
import {
  ask,
  askOften,
  limitedConfig,
  ROUTE_ID,
  startLimited,
  UNBOUND_ID,
} from '../../support/limited.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startRedis, type RunningRedis } from '../../support/redis.js'
import { waitFor } from '../../support/wait.js'

let target: RecordingTarget
let server: RunningRedis
let redis: Redis
let gateways: RunningGateway[] = []

before(async () => {
  target = await startRecordingTarget()
  server = await startRedis()
  redis = new Redis(server.port)
})
after(async () => {
  redis.disconnect()
  await server.stop()
  await target.close()
})
beforeEach(() => redis.flushall())
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  gateways = []
})

async function start(config: object, env = {}): Promise<RunningGateway> {
  const settings = { redis: { host: '127.0.0.1', port: server.port }, ...config }
  const gateway = await startLimited({ target, config: settings, env })
  gateways.push(gateway)
  return gateway
}

/** As Kong writes it. A year does not turn while a test runs, or once in a while. */
function yearKey(): string {
  const start = Date.UTC(new Date().getUTCFullYear(), 0)
  return `ratelimit:${ROUTE_ID}:${UNBOUND_ID}:127.0.0.1:${start}:year`
}

describe('rate-limiting in Redis', () => {
  it('goes on with what Kong has counted, and writes what Kong reads', async () => {
    await redis.set(yearKey(), 3)
    const gateway = await start({ year: 5 })
    const answer = await ask(gateway)
    assert.equal(answer.header('x-ratelimit-remaining-year'), '1')
    assert.deepEqual(await askOften(gateway, 3), [200, 429, 429])
    assert.deepEqual(await redis.keys('*'), [yearKey()])
    // As in Kong, refused requests count, too.
    assert.equal(await redis.get(yearKey()), '7')
  })

  it('gives a key the life of its window', async () => {
    const gateway = await start({ minute: 1000, year: 1000 })
    await ask(gateway)
    const keys = await redis.keys('*')
    const minute = keys.find((key) => key.endsWith(':minute')) ?? ''
    const [, , , , begin] = minute.split(':')
    assert.equal(Number(begin) % 60_000, 0)
    const life = await redis.ttl(minute)
    assert.ok(life > 0 && life <= 60, String(life))
    const year = await redis.ttl(yearKey())
    assert.ok(year > 364 * 86_400 && year <= 366 * 86_400, String(year))
  })

  it('lets no more than the limit pass, however many gateways and workers count', async () => {
    const env = { KONG_NGINX_WORKER_PROCESSES: '2' }
    const [one, two] = await Promise.all([start({ year: 150 }, env), start({ year: 150 }, env)])
    const clients = [one, two, one, two, one, two, one, two]
    const statuses = await Promise.all(clients.map((gateway) => askOften(gateway, 40)))
    assert.equal(statuses.flat().filter((status) => status === 200).length, 150)
    assert.equal(statuses.flat().filter((status) => status === 429).length, 170)
  })

  it('loads its script again when Redis has forgotten it', async () => {
    const gateway = await start({ year: 3 })
    assert.deepEqual(await askOften(gateway, 1), [200])
    await redis.script('FLUSH')
    assert.deepEqual(await askOften(gateway, 3), [200, 200, 429])
  })

  it('keeps databases apart', async () => {
    const settings = { host: '127.0.0.1', port: server.port, database: 3 }
    const gateway = await start({ year: 1, redis: settings })
    assert.deepEqual(await askOften(gateway, 2), [200, 429])
    assert.equal(await redis.get(yearKey()), null)
    await redis.select(3)
    try {
      assert.equal(await redis.get(yearKey()), '2')
    } finally {
      await redis.select(0)
    }
  })

  it('keeps its connection over a reload, and lets go of it when nobody uses it', async () => {
    const gateway = await start({ year: 100 })
    await ask(gateway)
    const connections = async (): Promise<string[]> =>
      String(await redis.client('LIST')).match(/(?<=^id=)\d+/gm) ?? []
    const before = await connections()
    assert.equal(before.length, 2)
    const settings = { host: '127.0.0.1', port: server.port }
    gateway.writeConfig(limitedConfig(target, { year: 50, redis: settings }))
    gateway.child.signal('SIGHUP')
    await waitFor('the new limit', async () => {
      const answer = await ask(gateway)
      return answer.header('x-ratelimit-limit-year') === '50'
    })
    assert.deepEqual(await connections(), before)
    gateway.writeConfig(limitedConfig(target, { year: 50, policy: 'local' }))
    gateway.child.signal('SIGHUP')
    await waitFor('the connection to end', async () => (await connections()).length === 1, 30_000)
  })

  describe('with sync_rate', () => {
    it('pushes what it has counted', async () => {
      const gateway = await start({ year: 100, sync_rate: 0.05 })
      assert.deepEqual(await askOften(gateway, 10), Array<number>(10).fill(200))
      await waitFor('the push', async () => (await redis.get(yearKey())) === '10')
    })

    it('counts what others have pushed', async () => {
      const one = await start({ year: 20, sync_rate: 0.05 })
      const two = await start({ year: 20, sync_rate: 0.05 })
      await askOften(one, 12)
      await waitFor('the push', async () => (await redis.get(yearKey())) === '12')
      const answer = await ask(two)
      assert.equal(answer.header('x-ratelimit-remaining-year'), '7')
    })

    it('pushes before it stops', async () => {
      const gateway = await start({ year: 100, sync_rate: 3600 })
      await askOften(gateway, 5)
      await gateway.stop()
      gateways = []
      assert.equal(await redis.get(yearKey()), '5')
    })
  })
})
