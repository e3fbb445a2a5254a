// A Redis that dies, hangs or restarts: requests go on as configured, and limits hold again without a restart.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { RunningGateway } from '../../support/gateway.js'
import { ask, askOften, countIn, startLimited } from '../../support/limited.js'
import { freePort } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startRedis, type RunningRedis } from '../../support/redis.js'
import { waitFor } from '../../support/wait.js'

/** Far above what a crowded machine takes for an answer that waits for nothing, far below the tests' patience. */
const TIMEOUT_MS = 1_000
const GONE = 'Redis does not serve'
const BACK = 'Redis serves again'

let target: RecordingTarget
let redis: RunningRedis
let gateway: RunningGateway

before(async () => {
  target = await startRecordingTarget()
})
after(() => target.close())
beforeEach(async () => {
  redis = await startRedis()
})
afterEach(async () => {
  await gateway.stop()
  await redis.stop()
})

async function start(config: object, env = {}): Promise<void> {
  const settings = { host: '127.0.0.1', port: redis.port, timeout: TIMEOUT_MS, password: '' }
  gateway = await startLimited({ target, config: { redis: settings, ...config }, env })
}

/** Until an answer comes from Redis again. */
const recovered = (): Promise<void> =>
  waitFor(
    'Redis to count again',
    async () => (await ask(gateway)).header('x-ratelimit-limit-year') !== undefined,
    20_000,
  )

async function restart(): Promise<void> {
  redis = await startRedis([], redis.port)
}

describe('rate-limiting, when Redis', () => {
  it('dies, lets requests pass without headers, and limits again when it is back', async () => {
    await start({ year: 1000 })
    assert.equal((await ask(gateway)).header('x-ratelimit-remaining-year'), '999')
    await redis.stop()
    const answer = await ask(gateway)
    assert.equal(answer.status, 200)
    assert.equal(answer.header('x-ratelimit-limit-year'), undefined)
    assert.deepEqual(await askOften(gateway, 50), Array<number>(50).fill(200))
    assert.equal(countIn(gateway, GONE), 1)
    await restart()
    await recovered()
    assert.equal(countIn(gateway, BACK), 1)
    assert.equal(countIn(gateway, GONE), 1)
  })

  it('dies, answers 500 without fault_tolerant, and serves again when it is back', async () => {
    await start({ year: 1000, fault_tolerant: false })
    await redis.stop()
    assert.deepEqual(await askOften(gateway, 20), Array<number>(20).fill(500))
    await restart()
    await recovered()
    assert.equal((await ask(gateway)).status, 200)
  })

  it('is not there yet, limits as soon as it comes', async () => {
    await redis.stop()
    await start({ year: 1000 })
    assert.equal((await ask(gateway)).status, 200)
    await restart()
    await recovered()
  })

  it('hangs, lets those wait no longer than the timeout that have asked it, and no others', async () => {
    await start({ year: 100_000 })
    await recovered()
    redis.pause()
    const first = performance.now()
    const crowd = await Promise.all(Array.from({ length: 100 }, () => ask(gateway)))
    assert.ok(crowd.every(({ status }) => status === 200))
    const waited = performance.now() - first
    assert.ok(waited >= TIMEOUT_MS * 0.9 && waited < TIMEOUT_MS * 5, `waited ${waited} ms`)
    const then = performance.now()
    assert.deepEqual(await askOften(gateway, 200), Array<number>(200).fill(200))
    // Two hundred that each waited would take minutes.
    assert.ok(performance.now() - then < TIMEOUT_MS * 10)
    assert.equal(countIn(gateway, GONE), 1)
    redis.resume()
    await recovered()
    assert.equal(countIn(gateway, BACK), 1)
  })

  it('refuses the password, lets requests pass, and tells the log once, without the password', async () => {
    const settings = { host: '127.0.0.1', port: redis.port, password: 'unspeakable' }
    await start({ year: 1, redis: settings })
    assert.deepEqual(await askOften(gateway, 5), Array<number>(5).fill(200))
    assert.equal(countIn(gateway, GONE), 1)
    assert.match(gateway.log, /AUTH failed \(ERR\)/)
    assert.equal(countIn(gateway, 'unspeakable'), 0)
  })

  describe('goes away with GW_RATE_LIMIT_FALLBACK=local', () => {
    it('limits on this node until it is back', async () => {
      await start({ year: 10, fault_tolerant: false }, { GW_RATE_LIMIT_FALLBACK: 'local' })
      await askOften(gateway, 2)
      await redis.stop()
      const statuses = await askOften(gateway, 13)
      assert.deepEqual(statuses, [...Array<number>(10).fill(200), 429, 429, 429])
      assert.equal((await ask(gateway)).header('x-ratelimit-remaining-year'), '0')
      assert.equal(countIn(gateway, 'limits count on this node for now'), 1)
      await restart()
      await waitFor('Redis to count again', async () => (await ask(gateway)).status === 200, 20_000)
      assert.match(gateway.log, /"requests":\d+,"msg":"limits count in Redis again"/)
    })
  })

  it('is somewhere else, `gw start` does not wait for it', async () => {
    const settings = { host: '127.0.0.1', port: await freePort(), timeout: 60_000 }
    await start({ year: 1, redis: settings })
    assert.equal((await ask(gateway)).status, 200)
  })
})
