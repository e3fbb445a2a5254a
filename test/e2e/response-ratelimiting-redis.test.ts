// response-ratelimiting with `policy: redis`: Kong's keys, limits that gateways share, and a Redis that dies.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { ENGINES, engineListeners } from '../support/engine-listeners.js'
import { startGateway, type RunningGateway } from '../support/gateway.js'
import { requestOnce, type Answer } from '../support/http-client.js'
import { ROUTE_ID, UNBOUND_ID } from '../support/limited.js'
import { freePorts } from '../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../support/recording-target.js'
import { startRedis, type RunningRedis } from '../support/redis.js'
import { waitFor } from '../support/wait.js'

const STRICT_ID = '22222222-2222-4222-8222-222222222222'
const LIMIT = 5

let target: RecordingTarget
let server: RunningRedis
let redis: Redis
let ports: readonly number[]
let gateways: readonly RunningGateway[]

function start(listening: readonly number[]): Promise<RunningGateway> {
  const plugin = (config: object): object => ({
    name: 'response-ratelimiting',
    config: {
      policy: 'redis',
      redis: { host: '127.0.0.1', port: server.port, timeout: 1_000 },
      limit_by: 'ip',
      limits: { video: { year: LIMIT } },
      ...config,
    },
  })
  return startGateway({
    env: { KONG_PROXY_LISTEN: engineListeners(listening) },
    config: {
      _format_version: '3.0',
      services: [
        {
          name: 'target',
          url: `http://127.0.0.1:${target.port}`,
          routes: [
            { id: ROUTE_ID, paths: ['/tolerant'], plugins: [plugin({})] },
            { id: STRICT_ID, paths: ['/strict'], plugins: [plugin({ fault_tolerant: false })] },
          ],
        },
      ],
    },
  })
}

before(async () => {
  target = await startRecordingTarget((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Kong-Limit: video=2\r\nContent-Length: 2\r\n\r\nok')
  })
  server = await startRedis()
  redis = new Redis(server.port)
  redis.on('error', () => undefined)
  ports = await freePorts(ENGINES.length * 2)
  gateways = [await start(ports.slice(0, ENGINES.length)), await start(ports.slice(ENGINES.length))]
})
after(async () => {
  for (const gateway of gateways) await gateway.stop()
  redis.disconnect()
  await server.stop()
  await target.close()
})

/** As Kong writes it. A year does not turn while a test runs, or once in a while. */
function yearKey(): string {
  const begin = Date.UTC(new Date().getUTCFullYear(), 0)
  return `response-ratelimit:${ROUTE_ID}:${UNBOUND_ID}:127.0.0.1:${begin}:video:year`
}

const counted = (amount: number): Promise<void> =>
  waitFor(`a count of ${amount}`, async () => (await redis.get(yearKey())) === String(amount))

for (const [i, engine] of ENGINES.entries()) {
  describe(`response-ratelimiting in Redis on ${engine}`, () => {
    beforeEach(() => redis.flushall())
    const ask = (gateway: 0 | 1): Promise<Answer> =>
      requestOnce(ports[gateway * ENGINES.length + i] ?? 0, 'GET', '/tolerant')

    it('counts for all gateways together, under the key of Kong', async () => {
      await redis.set(yearKey(), 1)
      const first = await ask(0)
      assert.equal(first.header('x-ratelimit-remaining-video-year'), '2')
      assert.equal(first.header('x-kong-limit'), undefined)
      await counted(3)
      assert.equal((await ask(1)).header('x-ratelimit-remaining-video-year'), '0')
      await counted(5)
      for (const gateway of [0, 1] as const) {
        const refused = await ask(gateway)
        assert.deepEqual([refused.status, refused.text], [429, ''])
      }
      assert.equal(await redis.get(yearKey()), '5')
    })

    it('gives a new key the life of its window', async () => {
      await ask(0)
      await counted(2)
      const life = await redis.ttl(yearKey())
      assert.ok(life > 364 * 86_400 && life <= 366 * 86_400, String(life))
    })
  })
}

describe('response-ratelimiting, when Redis dies', () => {
  it('lets pass or answers 500 as configured, and limits again when it is back', async () => {
    await redis.flushall()
    const [port = 0] = ports
    const ask = (path: string): Promise<Answer> => requestOnce(port, 'GET', path)
    const left = async (): Promise<string | undefined> =>
      (await ask('/tolerant')).header('x-ratelimit-remaining-video-year')
    assert.equal(await left(), '3')
    redis.disconnect()
    await server.stop()
    for (let round = 0; round < 20; round++) {
      const answer = await ask('/tolerant')
      assert.equal(answer.status, 200)
      assert.equal(answer.header('x-ratelimit-limit-video-year'), undefined)
      assert.equal((await ask('/strict')).status, 500)
    }
    server = await startRedis([], server.port)
    await waitFor('Redis to count again', async () => (await left()) !== undefined, 20_000)
    assert.equal((await ask('/strict')).status, 200)
  })
})
