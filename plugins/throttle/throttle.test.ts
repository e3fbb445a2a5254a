import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { fakeConsumer } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { faultsOf, prepared, UNBOUND } from '../../test/support/plugin-config.js'
import { freshCounters, silentEnv } from '../../test/support/plugin-env.js'
import { inThreads } from '../../test/support/threads.js'
import throttle from './index.js'
import { quotaWindow } from './quota.js'
import type { Use } from './use.js'

/** A Saturday. */
const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)

let counters = freshCounters()
let buckets = freshCounters()
beforeEach(() => {
  counters = freshCounters()
  buckets = freshCounters()
  at(0)
  mock.timers.enable({ apis: ['setTimeout'] })
})
afterEach(() => mock.timers.reset())

/** Milliseconds after noon. */
function at(ms: number): void {
  void throttle.init?.(silentEnv(NOON + ms, counters, buckets))
}

/** In force. */
function use(config: object, id = 'use'): Use {
  const made = prepared(throttle, config, { ...UNBOUND, id })
  throttle.configure?.([made])
  return made
}

interface Sent {
  readonly ctx: FakeContext
  /** True when it may go on to the target. */
  passed(): boolean
}

function send(configured: Use, request: FakeRequest = {}): Sent {
  const ctx = fakeContext(request)
  const result = throttle.access?.(ctx, configured)
  let isOver = !(result instanceof Promise)
  if (result instanceof Promise) void result.then(() => (isOver = true))
  return { ctx, passed: () => isOver && ctx.answer === null }
}

function passedOf(configured: Use, requests: number): number {
  return Array.from({ length: requests }, () => send(configured)).filter((one) => one.passed())
    .length
}

/** Lets promises that are due be heard. */
async function tick(ms: number): Promise<void> {
  mock.timers.tick(ms)
  for (let i = 0; i < 5; i++) await Promise.resolve()
}

describe('throttle', () => {
  describe('with a token bucket', () => {
    it('lets the burst pass at once, and then one for each part of the period', () => {
      const bucket = use({ rate: 2, burst: 5 })
      assert.equal(passedOf(bucket, 9), 5)
      at(499)
      assert.equal(passedOf(bucket, 9), 0)
      at(500)
      assert.equal(passedOf(bucket, 9), 1)
      at(2000)
      assert.equal(passedOf(bucket, 9), 3)
      at(60_000)
      assert.equal(passedOf(bucket, 9), 5)
    })

    it('goes on over the turn of what it keeps together', () => {
      const bucket = use({ rate: 1, period: 'minute', burst: 10 })
      let passed = passedOf(bucket, 20)
      for (let minute = 1; minute <= 120; minute++) {
        at(minute * 60_000)
        passed += passedOf(bucket, 3)
      }
      assert.equal(passed, 130)
    })

    it('tells what is left, and when to come back', () => {
      const bucket = use({ rate: 2, period: 'minute', burst: 2 })
      assert.deepEqual(linesOf(send(bucket).ctx.response.headers), [
        'RateLimit-Limit: 2',
        'RateLimit-Remaining: 1',
        'RateLimit-Reset: 30',
      ])
      send(bucket)
      const { ctx } = send(bucket)
      assert.equal(ctx.answer?.status, 429)
      assert.deepEqual(linesOf(ctx.response.headers), [
        'RateLimit-Limit: 2',
        'RateLimit-Remaining: 0',
        'RateLimit-Reset: 60',
        'Retry-After: 30',
      ])
    })

    it('answers as configured, and without headers if asked', () => {
      const config = { hide_client_headers: true, error_code: 503, error_message: 'Slow down' }
      const bucket = use({ rate: 1, ...config })
      send(bucket)
      const { ctx } = send(bucket)
      assert.equal(ctx.answer?.status, 503)
      assert.equal((ctx.answer.body as { message: string }).message, 'Slow down')
      assert.equal(ctx.response.headers.size, 0)
    })

    it('keeps a bucket for each identifier', () => {
      const bucket = use({ rate: 1, limit_by: 'consumer' })
      const as = (id: string): FakeRequest => ({ consumer: fakeConsumer({ id }) })
      const passed = [as('a'), as('b'), as('a')].map((request) => send(bucket, request).passed())
      assert.deepEqual(passed, [true, true, false])
    })

    it('does not keep clients out when the clock is set back', () => {
      const bucket = use({ rate: 10, burst: 10 })
      at(3_600_000)
      passedOf(bucket, 20)
      at(0)
      passedOf(bucket, 20)
      at(1000)
      assert.equal(passedOf(bucket, 20), 10)
    })
  })

  describe('with a leaky bucket', () => {
    it('lets requests of the burst wait for their turn, and refuses others', async () => {
      const bucket = use({ algorithm: 'leaky_bucket', rate: 10, burst: 3 })
      const sent = Array.from({ length: 6 }, () => send(bucket))
      const passed = () => sent.map((one) => one.passed())
      assert.deepEqual(passed(), [true, false, false, false, false, false])
      assert.deepEqual(
        sent.map(({ ctx }) => ctx.answer?.status),
        [undefined, undefined, undefined, undefined, 429, 429],
      )
      await tick(99)
      assert.equal(passed().filter(Boolean).length, 1)
      await tick(1)
      assert.equal(passed().filter(Boolean).length, 2)
      await tick(200)
      assert.deepEqual(passed(), [true, true, true, true, false, false])
    })

    it('delays none with nodelay, and only those beyond delay', () => {
      assert.equal(
        passedOf(use({ algorithm: 'leaky_bucket', rate: 10, burst: 3, nodelay: true }), 9),
        4,
      )
      const config = { algorithm: 'leaky_bucket', rate: 20, burst: 3, delay: 2 }
      assert.equal(passedOf(use(config, 'other'), 9), 3)
    })

    it('refuses who would wait for longer than max_delay', () => {
      const bucket = use({ algorithm: 'leaky_bucket', rate: 10, burst: 100, max_delay: 0.25 })
      const sent = Array.from({ length: 9 }, () => send(bucket))
      assert.equal(sent.filter(({ ctx }) => ctx.answer === null).length, 3)
    })

    it('lets no more wait than max_queued, also over a reload, and a leaving client makes room', async () => {
      const config = { algorithm: 'leaky_bucket', rate: 10, burst: 100, max_queued: 2 }
      const sent = Array.from({ length: 5 }, () => send(use(config)))
      assert.deepEqual(
        sent.map(({ ctx }) => ctx.answer?.status),
        [undefined, undefined, undefined, 429, 429],
      )
      const bucket = use(config)
      assert.equal(bucket.room?.taken, 2)
      const [, leaver, stayer] = sent
      if (leaver === undefined) throw new Error('nobody waits')
      throttle.log?.(leaver.ctx, bucket)
      throttle.log?.(leaver.ctx, bucket)
      assert.equal(bucket.room.taken, 1)
      assert.equal(send(bucket).ctx.answer, null)
      await tick(10_000)
      assert.equal(stayer?.passed(), true)
      assert.equal(bucket.room.taken, 0)
      // The end of a request that did not leave before its turn changes nothing.
      throttle.log?.(stayer.ctx, bucket)
      assert.equal(bucket.room.taken, 0)
    })
  })

  describe('with a quota', () => {
    it('refuses when it is used up, until the period of the calendar is over', () => {
      const plan = use({ rate: 100, burst: 100, quota: { limit: 3, period: 'day' } })
      assert.equal(passedOf(plan, 5), 3)
      const { ctx } = send(plan)
      assert.deepEqual(linesOf(ctx.response.headers), [
        'X-RateLimit-Limit-Day: 3',
        'X-RateLimit-Remaining-Day: 0',
        'RateLimit-Limit: 3',
        'RateLimit-Remaining: 0',
        'RateLimit-Reset: 43200',
        'Retry-After: 43200',
      ])
      at(43_200_000)
      assert.equal(passedOf(plan, 5), 3)
    })

    it('counts no request that the rate refuses', () => {
      const plan = use({ rate: 1, quota: { limit: 2, period: 'week' } })
      assert.equal(passedOf(plan, 5), 1)
      at(1000)
      const { ctx } = send(plan)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.response.headers.get('x-ratelimit-remaining-week'), '0')
    })

    it('has weeks that begin on Monday, and months of the calendar', () => {
      const week = quotaWindow('week', NOON)
      assert.deepEqual([week.start, week.end], [Date.UTC(2026, 0, 26), Date.UTC(2026, 1, 2)])
      assert.equal(quotaWindow('week', week.end).start, week.end)
      assert.equal(quotaWindow('month', NOON).end, Date.UTC(2026, 1, 1))
    })
  })

  it('lets as many pass as rate, burst and quota say, however many threads count', async () => {
    const thread = new URL('../../test/support/limited-thread.js', import.meta.url)
    for (const more of [{}, { quota: { limit: 150 } }]) {
      const job = {
        plugin: 'throttle',
        buffer: freshCounters().buffer,
        buckets: freshCounters().buffer,
        config: { rate: 1, period: 'hour', burst: 200, ...more },
        now: NOON,
        requests: 400,
      }
      const passed = await inThreads<number>(thread, 4, job)
      const sum = passed.reduce((all, one) => all + one)
      assert.equal(sum, 'quota' in more ? 150 : 200)
    }
  })

  describe('a configuration', () => {
    const refused: readonly (readonly [config: object, fault: string])[] = [
      [{}, 'rate: required field missing'],
      [{ rate: 0 }, 'rate: value should be between 1 and 1000000'],
      [{ rate: 1, burst: 0 }, 'burst: value must be 1 or more'],
      [{ rate: 1, nodelay: true }, 'nodelay: a token bucket delays no requests'],
      [
        { rate: 1, algorithm: 'leaky_bucket', burst: 1, delay: 2 },
        'delay: value must not be greater than burst',
      ],
      [
        { rate: 1, algorithm: 'leaky_bucket', burst: 1, delay: 1, nodelay: true },
        'delay: only one of delay and nodelay may be set',
      ],
      [{ rate: 1, policy: 'redis' }, 'redis.host: required field missing'],
      [{ rate: 1, limit_by: 'header' }, 'header_name: required field missing'],
      [{ rate: 1, limit_by: 'path' }, 'path: required field missing'],
      [{ rate: 1, quota: { period: 'day' } }, 'quota.limit: required field missing'],
    ]
    for (const [config, fault] of refused) {
      it(`${JSON.stringify(config)} is refused`, () => {
        assert.ok(faultsOf(throttle, config).includes(fault), faultsOf(throttle, config).join())
      })
    }

    it('whose bucket would take years to fill is refused', () => {
      assert.throws(() => use({ rate: 1, period: 'day', burst: 1000 }), { field: 'burst' })
    })
  })
})
