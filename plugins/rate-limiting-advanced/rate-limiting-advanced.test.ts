import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { fakeConsumer, fakeCredential } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { faultsOf, prepared, UNBOUND } from '../../test/support/plugin-config.js'
import { freshCounters, silentEnv } from '../../test/support/plugin-env.js'
import { inThreads } from '../../test/support/threads.js'
import rateLimitingAdvanced from './index.js'
import type { Use } from './limits.js'

const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)

let counters = freshCounters()
beforeEach(() => {
  counters = freshCounters()
  at(0)
})

/** Seconds after noon. */
function at(seconds: number): void {
  void rateLimitingAdvanced.init?.(silentEnv(NOON + seconds * 1000, counters))
}

function use(config: object, id = 'use'): Use {
  return prepared(rateLimitingAdvanced, config, { ...UNBOUND, id })
}

const fixed = (limit: number[], sizes: number[], config: object = {}): Use =>
  use({ limit, window_size: sizes, window_type: 'fixed', ...config })
const sliding = (limit: number[], sizes: number[], config: object = {}): Use =>
  use({ limit, window_size: sizes, ...config })

function send(configured: Use, request: FakeRequest = {}): FakeContext {
  const ctx = fakeContext(request)
  void rateLimitingAdvanced.access?.(ctx, configured)
  return ctx
}

function statuses(configured: Use, ...requests: FakeRequest[]): number[] {
  return requests.map((request) => send(configured, request).answer?.status ?? 200)
}

function passed(configured: Use, requests: number): number {
  return statuses(configured, ...Array<FakeRequest>(requests).fill({})).filter((s) => s === 200)
    .length
}

const headerOf = (ctx: FakeContext, name: string): string | undefined =>
  ctx.response.headers.get(name)

describe('rate-limiting-advanced', () => {
  describe('headers', () => {
    it('name windows as Kong does, and report the tightest limit', () => {
      at(20)
      const limits = fixed([10, 2, 100], [3600, 30, 60])
      assert.deepEqual(linesOf(send(limits).response.headers), [
        'X-RateLimit-Limit-30: 2',
        'X-RateLimit-Remaining-30: 1',
        'X-RateLimit-Limit-Minute: 100',
        'X-RateLimit-Remaining-Minute: 99',
        'X-RateLimit-Limit-Hour: 10',
        'X-RateLimit-Remaining-Hour: 9',
        'RateLimit-Limit: 2',
        'RateLimit-Remaining: 1',
        'RateLimit-Reset: 10',
      ])
    })

    it('say when to come back, and a request that comes then passes', () => {
      const limits = sliding([10], [60], { disable_penalty: true })
      at(50)
      assert.equal(passed(limits, 12), 10)
      const refused = send(limits)
      assert.equal(refused.answer?.status, 429)
      // The next window has to be a tenth over before nine of the ten are left.
      assert.equal(headerOf(refused, 'Retry-After'), '16')
      assert.equal(headerOf(refused, 'RateLimit-Reset'), '16')
      at(65)
      assert.equal(passed(limits, 1), 0)
      at(66)
      assert.equal(passed(limits, 2), 1)
    })

    it('put off clients at random with retry_after_jitter_max', () => {
      const limits = fixed([1], [60], { retry_after_jitter_max: 5 })
      send(limits)
      const told = new Set(
        Array.from({ length: 200 }, () => Number(headerOf(send(limits), 'Retry-After'))),
      )
      assert.deepEqual([...told].sort(), [60, 61, 62, 63, 64, 65])
      assert.equal(headerOf(send(limits), 'RateLimit-Reset'), '60')
    })

    it('are left out with hide_client_headers', () => {
      const limits = fixed([1], [60], { hide_client_headers: true })
      send(limits)
      assert.equal(send(limits).response.headers.size, 0)
    })
  })

  it('answers with the configured status and message', () => {
    const limits = fixed([0], [60], { error_code: 403, error_message: 'No more' })
    const { answer } = send(limits)
    assert.equal(answer?.status, 403)
    assert.equal((answer.body as { message: string }).message, 'No more')
  })

  describe('fixed windows', () => {
    it('begin on multiples of their length, with the whole limit', () => {
      const limits = fixed([3], [60])
      at(59)
      assert.equal(passed(limits, 5), 3)
      at(60)
      assert.equal(passed(limits, 5), 3)
    })

    it('count for no window what one of them refuses', () => {
      const limits = fixed([2, 3], [10, 60])
      assert.equal(passed(limits, 9), 2)
      at(10)
      assert.equal(passed(limits, 9), 1)
      assert.equal(headerOf(send(limits), 'X-RateLimit-Remaining-10'), '1')
    })
  })

  describe('sliding windows', () => {
    it('count the window before by the share that is left of it', () => {
      const limits = sliding([100], [60], { disable_penalty: true })
      at(30)
      assert.equal(passed(limits, 80), 80)
      // A quarter of the window is over: three quarters of 80 are left.
      at(75)
      assert.equal(passed(limits, 100), 40)
      at(120)
      assert.equal(passed(limits, 100), 60)
      // The window before it is empty.
      at(240)
      assert.equal(passed(limits, 200), 100)
    })

    it('keep out who goes on past the limit, since refused requests count', () => {
      const limits = sliding([10], [60])
      assert.equal(passed(limits, 40), 10)
      at(90)
      assert.equal(passed(limits, 1), 0)
      at(105)
      // A quarter of 40, and the one that was refused.
      assert.equal(passed(limits, 1), 0)
      at(180)
      assert.equal(passed(limits, 1), 1)
    })

    it('forget what they refuse with disable_penalty', () => {
      const limits = sliding([10], [60], { disable_penalty: true })
      assert.equal(passed(limits, 40), 10)
      at(90)
      assert.equal(passed(limits, 40), 5)
    })

    it('count a refused request for all windows, or for none', () => {
      const config = { identifier: 'ip' }
      const strict = sliding([1, 100], [10, 3600], config)
      assert.equal(passed(strict, 5), 1)
      assert.equal(headerOf(send(strict), 'X-RateLimit-Remaining-Hour'), '94')
      const lenient = use(
        { limit: [1, 100], window_size: [10, 3600], disable_penalty: true, ...config },
        'other',
      )
      assert.equal(passed(lenient, 5), 1)
      assert.equal(headerOf(send(lenient), 'X-RateLimit-Remaining-Hour'), '99')
    })
  })

  describe('identifiers', () => {
    const alice = fakeConsumer({ id: 'alice' })
    const as = (credential: string, clientIp = '10.0.0.1'): FakeRequest => ({
      consumer: alice,
      credential: fakeCredential(alice, { id: credential }),
      clientIp,
    })

    it('are consumers, or else addresses', () => {
      const limits = fixed([1], [60])
      const from = (clientIp: string): FakeRequest => ({ clientIp })
      assert.deepEqual(
        statuses(limits, as('1'), as('2'), from('10.0.0.1'), from('10.0.0.2'), from('10.0.0.1')),
        [200, 429, 200, 200, 429],
      )
    })

    it('may be several things together', () => {
      const limits = fixed([1], [60], {
        identifier: 'ip',
        compound_identifier: ['credential', 'ip'],
      })
      assert.deepEqual(
        statuses(limits, as('1'), as('1', '10.0.0.2'), as('2'), as('1')),
        [200, 200, 200, 429],
      )
    })
  })

  describe('counters', () => {
    it('are shared in a namespace, and not otherwise', () => {
      const config = { limit: [1], window_size: [60], window_type: 'fixed' }
      const common = { ...config, namespace: 'common' }
      assert.deepEqual(statuses(use(common, 'a'), {}), [200])
      assert.deepEqual(statuses(use(common, 'b'), {}), [429])
      assert.deepEqual(statuses(use(config, 'a'), {}, {}), [200, 429])
      assert.deepEqual(statuses(use(config, 'b'), {}), [200])
    })

    it('take the lower of two limits for one window', () => {
      assert.equal(passed(fixed([5, 2], [60, 60]), 9), 2)
    })

    for (const disabled of [false, true]) {
      it(`let as many pass as the limit says, however many threads count, disable_penalty ${String(disabled)}`, async () => {
        // With a penalty a refused request counts for the hour, too, before or after those that pass.
        const hour = disabled ? 900 : 5000
        const config = {
          limit: [500, hour],
          window_size: [60, 3600],
          disable_penalty: disabled,
        }
        const job = { plugin: 'rate-limiting-advanced', buffer: counters.buffer, config }
        const thread = new URL('../../test/support/limited-thread.js', import.meta.url)
        const all = await inThreads<number>(thread, 4, { ...job, now: NOON, requests: 400 })
        assert.equal(
          all.reduce((sum, one) => sum + one),
          500,
        )
      })
    }
  })

  describe('a configuration', () => {
    const pair = { limit: [1], window_size: [60] }
    const refused: readonly (readonly [config: object, fault: string])[] = [
      [{}, 'limit: required field missing'],
      [
        { limit: [1, 2], window_size: [60] },
        'You must provide the same number of windows and limits',
      ],
      [{ ...pair, window_size: [0.5] }, 'window_size[0]: expected an integer'],
      [{ ...pair, strategy: 'cluster' }, 'strategy: expected one of: local, redis'],
      [
        { ...pair, sync_rate: 1 },
        'sync_rate: sync_rate cannot be configured when using a local strategy',
      ],
      [{ ...pair, strategy: 'redis' }, 'sync_rate: required field missing'],
      [
        { ...pair, strategy: 'redis', sync_rate: 0.01 },
        'sync_rate: value must be 0, -1, or 0.02 or more',
      ],
      [{ ...pair, identifier: 'header' }, 'header_name: required field missing'],
      [{ ...pair, compound_identifier: ['ip', 'path'] }, 'path: required field missing'],
      [{ ...pair, identifier: 'consumer-group' }, 'identifier: is not supported by this gateway'],
      [
        { ...pair, compound_identifier: ['consumer-group'] },
        'compound_identifier: is not supported by this gateway',
      ],
      [
        { ...pair, enforce_consumer_groups: true },
        'enforce_consumer_groups: is not supported by this gateway',
      ],
      [{ ...pair, consumer_groups: ['gold'] }, 'consumer_groups: is not supported by this gateway'],
      [
        { ...pair, throttling: { enabled: true } },
        'throttling.enabled: is not supported by this gateway',
      ],
      [
        { ...pair, redis: { connection_is_proxied: true } },
        'redis.connection_is_proxied: is not supported by this gateway',
      ],
      [
        { ...pair, redis: { sentinel_addresses: ['a:26379'] } },
        'redis.sentinel_addresses: is not supported by this gateway',
      ],
      [
        { ...pair, redis: { sentinel_role: 'any' } },
        'redis.sentinel_role: expected one of: master',
      ],
    ]
    for (const [config, fault] of refused) {
      it(`${JSON.stringify(config)} is refused`, () => {
        assert.ok(faultsOf(rateLimitingAdvanced, config).includes(fault), fault)
      })
    }

    it('may have what Kong fills in, and what has no effect here', () => {
      const config = {
        ...pair,
        sync_rate: null,
        enforce_consumer_groups: false,
        consumer_groups: null,
        throttling: { enabled: false, interval: 5, queue_limit: 5, retry_times: 3 },
        dictionary_name: 'kong_rate_limiting_counters',
        lock_dictionary_name: 'kong_locks',
        redis: { host: '127.0.0.1', connection_is_proxied: false, send_timeout: 2000 },
      }
      assert.deepEqual(faultsOf(rateLimitingAdvanced, config), [])
    })

    it('counts in Redis with sync_rate 0, now and then above, and on the node with -1', () => {
      const redis = (rate: number): Use =>
        sliding([1], [60], { strategy: 'redis', sync_rate: rate })
      assert.deepEqual(
        [0, 1, -1].map((rate) => [redis(rate).remote !== null, redis(rate).synced !== null]),
        [
          [true, false],
          [false, true],
          [false, false],
        ],
      )
    })
  })
})
