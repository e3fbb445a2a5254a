import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { useScriptedRedis } from '../../test/support/scripted-redis.js'
import { RedisError } from '../../src/plugin/redis-error.js'
import { complete } from '../../test/support/plugin-config.js'
import rateLimitingAdvanced from './index.js'
import { SyncedCounts } from './synced.js'
import type { Config } from './limits.js'

const SIZE = 10_000
/** At the beginning of a window. */
const NOW = Date.UTC(2026, 0, 31, 12)
const NUMBER = NOW / SIZE

type Reply = readonly (readonly number[])[]

/** What Redis was told in each step, and the promises it has given. */
let steps: { readonly args: readonly number[]; answer(reply: Reply): void; fail(): void }[]

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] })
  steps = []
})
afterEach(() => mock.timers.reset())

function store(limit: number): SyncedCounts {
  const raw = { limit: [limit], window_size: [10], strategy: 'redis', sync_rate: 1 }
  const { redis } = complete(rateLimitingAdvanced, raw) as Config
  const counting = {
    isSliding: true,
    hasPenalty: false,
    limits: [{ limit, sizeMs: SIZE }],
    key: 'k:',
  }
  const synced = new SyncedCounts(redis, counting, 1)
  useScriptedRedis(synced, (keys, args) => {
    assert.deepEqual(keys, ['k:client'])
    return new Promise<unknown[]>((resolve, reject) => {
      steps.push({
        args: args.map(Number),
        answer: (reply) => resolve([...reply]),
        fail: () => reject(RedisError.of('refused', 'not now')),
      })
    })
  })
  return synced
}

function passed(synced: SyncedCounts, requests: number, now = NOW): number {
  return Array.from({ length: requests }, () => synced.count('client', now)).filter(
    ({ hasPassed }) => hasPassed,
  ).length
}

/** Lets time go by, and what follows from it happen. */
async function tick(ms: number): Promise<void> {
  mock.timers.tick(ms)
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

describe('counts that are exchanged now and then', () => {
  it('ask about a newcomer soon, and go by what they hear', async () => {
    const synced = store(10)
    assert.equal(passed(synced, 2), 2)
    await tick(20)
    assert.deepEqual(steps[0]?.args, [SIZE, NUMBER, 2, 0])
    steps[0].answer([[NUMBER, 9, 0]])
    await tick(0)
    assert.equal(passed(synced, 5), 1)
    await tick(999)
    assert.equal(steps.length, 1)
    await tick(1)
    assert.deepEqual(steps[1]?.args, [SIZE, NUMBER, 1, 0])
  })

  it('count in what they hear of the window before', async () => {
    const synced = store(10)
    passed(synced, 1)
    await tick(20)
    steps[0]?.answer([[NUMBER, 1, 8]])
    await tick(0)
    // Half of the window before is left.
    assert.equal(passed(synced, 9, NOW + SIZE / 2), 5)
  })

  it('send nothing twice while an answer is awaited', async () => {
    const synced = store(100)
    passed(synced, 3)
    await tick(20)
    passed(synced, 4)
    await tick(1000)
    assert.equal(steps.length, 1)
    steps[0]?.answer([[NUMBER, 3, 0]])
    await tick(0)
    assert.deepEqual(steps[1]?.args, [SIZE, NUMBER, 4, 0])
  })

  it('keep what did not arrive, and hold the limit meanwhile', async () => {
    const synced = store(5)
    assert.equal(passed(synced, 3), 3)
    await tick(20)
    steps[0]?.fail()
    await tick(0)
    assert.equal(passed(synced, 9), 2)
    await tick(1000)
    assert.deepEqual(steps[1]?.args, [SIZE, NUMBER, 5, 0])
  })

  it('take an answer of the last window for what it is', async () => {
    const synced = store(10)
    passed(synced, 4)
    await tick(20)
    // The window turns before Redis answers.
    assert.equal(passed(synced, 1, NOW + SIZE), 1)
    steps[0]?.answer([[NUMBER, 8, 0]])
    await tick(0)
    // Eight before at the beginning of the window, and one: one is left of ten.
    assert.equal(passed(synced, 9, NOW + SIZE), 1)
    await tick(1000)
    assert.deepEqual(steps[1]?.args, [SIZE, NUMBER + 1, 2, 0])
  })

  it('tell of the last window what was not told in time', async () => {
    const synced = store(10)
    passed(synced, 4)
    passed(synced, 1, NOW + SIZE)
    await tick(20)
    assert.deepEqual(steps[0]?.args, [SIZE, NUMBER + 1, 1, 4])
  })

  it('are pushed at the end', async () => {
    const synced = store(10)
    passed(synced, 4)
    const pushed = synced.push()
    await tick(0)
    assert.deepEqual(steps[0]?.args, [SIZE, NUMBER, 4, 0])
    steps[0].answer([[NUMBER, 4, 0]])
    await pushed
  })

  it('begin anew when both windows are over', () => {
    const synced = store(10)
    passed(synced, 10)
    assert.equal(passed(synced, 12, NOW + 2 * SIZE), 10)
  })
})
