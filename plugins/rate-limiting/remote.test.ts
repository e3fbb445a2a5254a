import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { complete } from '../../test/support/plugin-config.js'
import { useScriptedRedis } from '../../test/support/scripted-redis.js'
import type { ConfigOf } from 'gw/plugin'
import { RemoteCounts, type Counter } from './remote.js'
import rateLimiting from './index.js'
import type { schema } from './schema.js'

/** What each step of the script was told: keys, and for each by how much and for how long. */
let steps: (readonly [keys: readonly string[], args: readonly number[]])[]
/** What Redis holds. */
let held: Map<string, number>

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] })
  steps = []
  held = new Map()
})
afterEach(() => mock.timers.reset())

function counts(syncRate: number): RemoteCounts {
  const raw = { minute: 1, policy: 'redis', redis: { host: 'redis.test' } }
  const { redis } = complete(rateLimiting, raw) as ConfigOf<typeof schema>
  const remote = new RemoteCounts(redis, syncRate)
  useScriptedRedis(remote, (keys, args) => {
    steps.push([keys, args.map(Number)])
    return Promise.resolve(keys.map((key, i) => add(key, Number(args[2 * i]))))
  })
  return remote
}

function add(key: string, by: number): number {
  const count = (held.get(key) ?? 0) + by
  held.set(key, count)
  return count
}

const ONE: readonly Counter[] = [{ key: 'minute', ttlSeconds: 60 }]
const TWO: readonly Counter[] = [...ONE, { key: 'hour', ttlSeconds: 3600 }]

/** A request that goes on. */
async function pass(remote: RemoteCounts, counters = ONE): Promise<readonly number[]> {
  const usage = await remote.usage(counters)
  remote.accept(counters)
  return usage
}

describe('counts in Redis', () => {
  it('raise and read all periods of a request in one step', async () => {
    held.set('hour', 7)
    assert.deepEqual(await pass(counts(-1), TWO), [0, 7])
    assert.deepEqual(steps, [
      [
        ['minute', 'hour'],
        [1, 60, 1, 3600],
      ],
    ])
  })

  it('count a refused request, as in Kong', async () => {
    const remote = counts(-1)
    await remote.usage(ONE)
    assert.deepEqual(await remote.usage(ONE), [1])
  })

  describe('with sync_rate', () => {
    it('are read once, and reckoned in memory until the push', async () => {
      const remote = counts(10)
      const usages: number[] = []
      for (let i = 0; i < 4; i++) usages.push(...(await pass(remote)))
      // Kong: the second request does not see the one that reading has counted.
      assert.deepEqual(usages, [0, 0, 1, 2])
      assert.equal(steps.length, 1)
    })

    it('are exact in Redis after the push, and read anew', async () => {
      const remote = counts(10)
      for (let i = 0; i < 4; i++) await pass(remote)
      add('minute', 5)
      mock.timers.tick(10_000)
      assert.deepEqual(steps.at(-1), [['minute'], [3, 60]])
      assert.deepEqual(await remote.usage(ONE), [9])
    })

    it('do not count a refused request', async () => {
      const remote = counts(10)
      await remote.usage(ONE)
      await remote.push()
      assert.equal(held.get('minute'), 0)
    })

    it('count each of several requests that read at once', async () => {
      const remote = counts(10)
      await Promise.all([pass(remote), pass(remote), pass(remote)])
      await remote.push()
      assert.equal(held.get('minute'), 3)
    })
  })
})
