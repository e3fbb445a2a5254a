import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { RedisError, UNBOUND_ID } from 'gw/plugin'
import { fakeContext, linesOf, type FakeContext } from '../../test/support/fake-context.js'
import { prepared, UNBOUND } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import { useScriptedRedis } from '../../test/support/scripted-redis.js'
import type { Use } from './limits.js'
import responseRatelimiting from './index.js'

const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)
const KEY = (name: string, period: string, start: number): string =>
  `response-ratelimit:route:${UNBOUND_ID}:192.0.2.1:${String(start)}:${name}:${period}`

/** What Redis holds, and for how many seconds. */
let held: Map<string, number>
let lives: Map<string, number>
/** Redis refuses to answer. */
let isAway: boolean

beforeEach(() => {
  held = new Map()
  lives = new Map()
  isAway = false
  void responseRatelimiting.init?.(silentEnv(NOON))
})

function use(config: object): Use {
  const raw = { policy: 'redis', redis: { host: 'redis.test' }, limit_by: 'ip', ...config }
  const limits = prepared(responseRatelimiting, raw, { ...UNBOUND, routeId: 'route' })
  const { remote } = limits
  assert.ok(remote)
  useScriptedRedis(remote, (keys, args) =>
    isAway ? Promise.reject(RedisError.of('refused', 'no')) : Promise.resolve(reply(keys, args)),
  )
  return limits
}

/** Reading has no arguments. */
function reply(keys: readonly string[], args: readonly unknown[]): unknown[] {
  if (args.length === 0) return keys.map((key) => held.get(key)?.toString() ?? null)
  return keys.map((key, i) => {
    const count = (held.get(key) ?? 0) + Number(args[2 * i])
    held.set(key, count)
    lives.set(key, Number(args[2 * i + 1]))
    return count
  })
}

async function send(limits: Use, line?: string): Promise<FakeContext> {
  const ctx = fakeContext()
  await responseRatelimiting.access?.(ctx, limits)
  if (ctx.answer === null) {
    ctx.answerFromTarget(200, line === undefined ? [] : [[limits.headerName, line]])
  }
  responseRatelimiting.header_filter?.(ctx, limits)
  return ctx
}

describe('response-ratelimiting in Redis', () => {
  it('goes on with what Kong has counted, and writes what Kong reads', async () => {
    held.set(KEY('video', 'minute', NOON), 3)
    const limits = use({ limits: { video: { minute: 10, month: 20 }, image: { hour: 5 } } })
    const ctx = await send(limits, 'video=2, image=1')
    assert.deepEqual(linesOf(ctx.response.headers), [
      'X-RateLimit-Remaining-video: 7',
      'X-RateLimit-Remaining-image: 5',
      'X-RateLimit-Limit-video-minute: 10',
      'X-RateLimit-Remaining-video-minute: 5',
      'X-RateLimit-Limit-video-month: 20',
      'X-RateLimit-Remaining-video-month: 18',
      'X-RateLimit-Limit-image-hour: 5',
      'X-RateLimit-Remaining-image-hour: 4',
    ])
    const month = KEY('video', 'month', Date.UTC(2026, 0))
    const expected = {
      [KEY('video', 'minute', NOON)]: 5,
      [month]: 2,
      [KEY('image', 'hour', NOON)]: 1,
    }
    assert.deepEqual(Object.fromEntries(held), expected)
    // January has 31 days.
    assert.deepEqual([...lives.values()], [60, 31 * 86_400, 3600])
  })

  it('answers 429 and counts nothing when something used was at its limit', async () => {
    held.set(KEY('image', 'minute', NOON), 1)
    const limits = use({ limits: { video: { minute: 4 }, image: { minute: 1 } } })
    assert.equal((await send(limits, 'video=1, image=1')).response.status, 429)
    assert.equal(held.has(KEY('video', 'minute', NOON)), false)
    assert.equal((await send(limits, 'video=1')).response.status, 200)
  })

  it('refuses before the target is asked with block_on_first_violation', async () => {
    held.set(KEY('video', 'minute', NOON), 4)
    const limits = use({ limits: { video: { minute: 4 } }, block_on_first_violation: true })
    assert.equal((await send(limits)).answer?.status, 429)
  })

  it('asks nobody to count when nothing was used', async () => {
    await send(use({ limits: { video: { minute: 4 } } }), 'other=1')
    assert.equal(held.size, 0)
  })

  it('lets requests pass without headers while Redis does not serve', async () => {
    const limits = use({ limits: { video: { minute: 1 } } })
    isAway = true
    const ctx = await send(limits, 'video=5')
    assert.equal(ctx.response.status, 200)
    assert.deepEqual(linesOf(ctx.response.headers), ['x-kong-limit: video=5'])
  })

  it('answers 500 then without fault_tolerant', async () => {
    const limits = use({ limits: { video: { minute: 1 } }, fault_tolerant: false })
    isAway = true
    assert.equal((await send(limits)).answer?.status, 500)
  })

  it('goes on when Redis does not take what was used', async () => {
    const limits = use({ limits: { video: { minute: 5 } } })
    const ctx = fakeContext()
    await responseRatelimiting.access?.(ctx, limits)
    isAway = true
    ctx.answerFromTarget(200, [['x-kong-limit', 'video=2']])
    responseRatelimiting.header_filter?.(ctx, limits)
    assert.equal(ctx.response.headers.get('x-ratelimit-remaining-video-minute'), '3')
    isAway = false
    assert.equal((await send(limits)).response.headers.get('x-ratelimit-remaining-video'), '5')
  })
})
