import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { logTo } from '../../test/support/admin.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import type { RedisConnection } from './redis-client.js'
import { redisScript } from './redis-client.js'
import { RedisError } from './redis-error.js'
import { redisTargetOf, type RedisTarget } from './redis-target.js'
import { RedisPool, SharedRedis } from './shared-redis.js'

const SCRIPT = redisScript('return {}')
const TIMEOUT_MS = 300
const env = silentEnv(0)
const STABLE_MS = 1_000

function target(more: object = {}): RedisTarget {
  return redisTargetOf({
    host: 'redis.test',
    port: 6379,
    timeout: TIMEOUT_MS,
    database: 0,
    ssl: false,
    ssl_verify: false,
    cluster_max_redirections: 5,
    ...more,
  })
}

/** An attempt to connect, which the test lets end. */
interface Attempt {
  succeed(connection?: Partial<RedisConnection>): Promise<void>
  fail(message: string): Promise<void>
  lose(fault: RedisError): void
  isClosed: boolean
}

let attempts: Attempt[]
let lines: string[]
let now: number
let redis: SharedRedis

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] })
  attempts = []
  lines = []
  now = 0
  redis = new SharedRedis(target({ password: 'hush' }), {
    connect,
    trust: env.serverTrust,
    log: logTo(lines),
    now: () => now,
  })
})
afterEach(() => mock.timers.reset())

function connect(
  _: RedisTarget,
  __: unknown,
  onLost: (fault: RedisError) => void,
): Promise<RedisConnection> {
  return new Promise((resolve, reject) => {
    const attempt: Attempt = {
      isClosed: false,
      succeed: (connection = {}) => {
        const close = (): void => {
          attempt.isClosed = true
        }
        resolve({ run: () => Promise.resolve([1]), close, ...connection })
        return turn()
      },
      fail: (message) => {
        reject(RedisError.of('away', message))
        return turn()
      },
      lose: onLost,
    }
    attempts.push(attempt)
  })
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function latest(): Promise<Attempt> {
  await turn()
  const attempt = attempts.at(-1)
  if (attempt === undefined) throw new Error('nothing has connected')
  return attempt
}

const run = (): Promise<unknown[]> => redis.run(SCRIPT, ['a'], [1])
const away = { name: 'RedisError', trouble: 'away' }
const AWAY = RedisError.of('away', 'connection closed')
const SILENT = RedisError.of('silent', 'no answer in time')

async function openReady(connection: Partial<RedisConnection> = {}): Promise<void> {
  redis.open()
  await (await latest()).succeed(connection)
}

describe('a shared connection to Redis', () => {
  it('lets the first requests wait until it is made', async () => {
    redis.open()
    const replies = [run(), run()]
    await (await latest()).succeed()
    assert.deepEqual(await Promise.all(replies), [[1], [1]])
    assert.deepEqual(lines, [])
  })

  it('lets them wait no longer than the timeout', async () => {
    redis.open()
    const reply = assert.rejects(run(), { ...away, message: 'no connection in time' })
    mock.timers.tick(TIMEOUT_MS)
    await reply
    await assert.rejects(run(), away)
  })

  it('says no at once while nobody answers, and tells the log once, without the password', async () => {
    redis.open()
    await (await latest()).fail('connect ECONNREFUSED')
    for (let i = 0; i < 3; i++) await assert.rejects(run(), away)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /"redis":"redis.test:6379".*ECONNREFUSED.*does not serve/)
    assert.doesNotMatch(lines.join(), /hush/)
  })

  it('tries again at growing intervals, up to two seconds, and tells the log when it is back', async () => {
    redis.open()
    const gaps: number[] = []
    for (let i = 0; i < 9; i++) {
      await (await latest()).fail('connect ECONNREFUSED')
      const before = attempts.length
      let gap = 0
      for (; attempts.length === before; gap++) mock.timers.tick(1)
      gaps.push(gap)
    }
    assert.ok((gaps[0] ?? 0) <= 50 && gaps.every((gap) => gap <= 2_000), gaps.join())
    assert.ok((gaps.at(-1) ?? 0) >= 1_000, gaps.join())
    await (await latest()).succeed()
    assert.deepEqual(await run(), [1])
    assert.equal(lines.length, 2)
    assert.match(lines[1] ?? '', /serves again/)
  })

  it('connects at once when a good connection breaks, and lets requests wait for that', async () => {
    await openReady()
    now += STABLE_MS
    attempts[0]?.lose(AWAY)
    const reply = run()
    assert.equal(attempts.length, 2)
    await (await latest()).succeed()
    assert.deepEqual(await reply, [1])
    assert.deepEqual(lines, [])
  })

  it('does not connect in a loop to a server that takes connections and closes them', async () => {
    await openReady()
    attempts[0]?.lose(AWAY)
    assert.equal(attempts.length, 1)
    await assert.rejects(run(), away)
    mock.timers.tick(50)
    assert.equal(attempts.length, 2)
  })

  it('lets nobody wait for a server that has fallen silent', async () => {
    await openReady()
    now += STABLE_MS
    attempts[0]?.lose(SILENT)
    await assert.rejects(run(), { trouble: 'silent' })
  })

  it('keeps the connection when a command is refused, and tells the log once', async () => {
    let isRefusing = true
    await openReady({
      run: () =>
        isRefusing
          ? Promise.reject(RedisError.of('refused', 'NOPERM no permissions'))
          : Promise.resolve([2]),
    })
    for (let i = 0; i < 3; i++) await assert.rejects(run(), { trouble: 'refused' })
    assert.equal(lines.length, 1)
    isRefusing = false
    assert.deepEqual(await run(), [2])
    assert.equal(lines.length, 2)
    assert.equal(attempts.length, 1)
  })

  it('takes ten thousand commands at a time and no more', async () => {
    await openReady({ run: () => new Promise(() => undefined) })
    for (let i = 0; i < 10_000; i++) void run()
    await assert.rejects(run(), { trouble: 'crowded' })
  })

  it('closes a connection that comes too late', async () => {
    redis.open()
    const attempt = await latest()
    redis.close()
    await attempt.succeed()
    assert.equal(attempt.isClosed, true)
    await assert.rejects(run(), away)
  })
})

describe('the connections of a worker', () => {
  it('are shared by equal settings, and by no others', () => {
    const pool = new RedisPool(connect)
    const one = pool.lease(target(), env)
    assert.equal(pool.lease(target(), env), one)
    for (const other of [{ password: 'x' }, { database: 1 }, { ssl: true }, { timeout: 1 }]) {
      assert.notEqual(pool.lease(target(other), env), one)
    }
    assert.equal(attempts.length, 5)
  })

  it('stay for a while once nobody uses them, and are closed then', async () => {
    const pool = new RedisPool(connect)
    const first = pool.lease(target(), env)
    await (await latest()).succeed()
    pool.lease(target(), env)
    pool.release(first)
    mock.timers.tick(20_000)
    assert.equal(pool.size, 1)
    pool.release(first)
    mock.timers.tick(5_000)
    assert.equal(pool.lease(target(), env), first)
    mock.timers.tick(20_000)
    assert.equal(attempts[0]?.isClosed, false)
    pool.release(first)
    mock.timers.tick(10_000)
    assert.equal(pool.size, 0)
    assert.equal(attempts[0].isClosed, true)
  })

  it('are closed at once at the end', async () => {
    const pool = new RedisPool(connect)
    const redis = pool.lease(target(), env)
    await (await latest()).succeed()
    pool.release(redis, 0)
    assert.equal(attempts[0]?.isClosed, true)
  })
})
