import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeService } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { faultsOf, prepared, UNBOUND } from '../../test/support/plugin-config.js'
import { freshCounters, silentEnv } from '../../test/support/plugin-env.js'
import { inThreads } from '../../test/support/threads.js'
import { CounterTable } from '../../src/plugin/counter-table.js'
import rateLimiting from './index.js'
import type { Use } from './limits.js'

const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)

let counters = freshCounters()
beforeEach(() => {
  counters = freshCounters()
  at(NOON)
})

function at(now: number): void {
  void rateLimiting.init?.(silentEnv(now, counters))
}

function use(config: object, bound: object = { routeId: 'route' }): Use {
  return prepared(rateLimiting, config, { ...UNBOUND, ...bound })
}

function send(configured: Use, request: FakeRequest = {}): FakeContext {
  const ctx = fakeContext(request)
  void rateLimiting.access?.(ctx, configured)
  return ctx
}

/** Status of each of several requests in a row. */
function statuses(configured: Use, ...requests: FakeRequest[]): number[] {
  return requests.map((request) => send(configured, request).answer?.status ?? 200)
}

const from = (clientIp: string): FakeRequest => ({ clientIp })

describe('rate-limiting', () => {
  describe('headers', () => {
    it('tell limit, rest and time to wait of each request', () => {
      at(NOON + 20_999)
      const limits = use({ minute: 2 })
      assert.deepEqual(linesOf(send(limits).response.headers), [
        'X-RateLimit-Limit-Minute: 2',
        'X-RateLimit-Remaining-Minute: 1',
        'RateLimit-Limit: 2',
        'RateLimit-Remaining: 1',
        'RateLimit-Reset: 40',
      ])
      send(limits)
      const third = send(limits)
      assert.equal(third.answer?.status, 429)
      assert.deepEqual(third.answer.body, {
        message: 'API rate limit exceeded',
        request_id: third.request.id,
      })
      assert.deepEqual(linesOf(third.response.headers), [
        'X-RateLimit-Limit-Minute: 2',
        'X-RateLimit-Remaining-Minute: 0',
        'RateLimit-Limit: 2',
        'RateLimit-Remaining: 0',
        'RateLimit-Reset: 40',
        'Retry-After: 40',
      ])
    })

    it('report the tighter window, and do not take a refused request off the others', () => {
      const limits = use({ minute: 1, hour: 10 })
      assert.equal(send(limits).response.headers.get('x-ratelimit-remaining-hour'), '9')
      const { headers } = send(limits).response
      assert.equal(headers.get('x-ratelimit-remaining-hour'), '9')
      assert.equal(headers.get('x-ratelimit-remaining-minute'), '0')
      assert.equal(headers.get('ratelimit-limit'), '1')
    })

    it('report the longer window on a tie', () => {
      const { headers } = send(use({ hour: 5, day: 5 })).response
      assert.equal(headers.get('ratelimit-reset'), String(12 * 3600))
    })

    it('reckon a month as 30 days, and never less than a second', () => {
      const { headers } = send(use({ month: 5 })).response
      assert.equal(headers.get('ratelimit-reset'), '1')
    })

    it('print fractions as Lua does', () => {
      const limits = use({ minute: 1.1 })
      assert.equal(send(limits).response.headers.get('x-ratelimit-limit-minute'), '1.1')
      assert.equal(send(use({ hour: 1.1 })).response.headers.get('ratelimit-remaining'), '0.1')
      assert.deepEqual(statuses(limits, {}, {}), [200, 429])
    })

    it('are left out with hide_client_headers', () => {
      const limits = use({ minute: 1, hide_client_headers: true })
      assert.equal(send(limits).response.headers.size, 0)
      assert.equal(send(limits).response.headers.size, 0)
    })
  })

  it('answers with the configured status and message', () => {
    const limits = use({ minute: 1, error_code: 404, error_message: 'Fake Not Found' })
    send(limits)
    const { answer } = send(limits)
    assert.equal(answer?.status, 404)
    assert.equal((answer.body as { message: string }).message, 'Fake Not Found')
  })

  it('counts no request that it refuses', () => {
    const limits = use({ second: 1, minute: 2 })
    assert.deepEqual(statuses(limits, {}, {}, {}), [200, 429, 429])
    at(NOON + 1000)
    assert.deepEqual(statuses(limits, {}), [200])
    at(NOON + 2000)
    assert.deepEqual(statuses(limits, {}), [429])
  })

  it('begins anew at the turn of the window, not after its length', () => {
    at(NOON + 59_999)
    const limits = use({ minute: 1 })
    assert.deepEqual(statuses(limits, {}, {}), [200, 429])
    at(NOON + 60_000)
    assert.deepEqual(statuses(limits, {}), [200])
  })

  describe('limit_by', () => {
    const alice = fakeConsumer({ id: 'alice' })
    const bob = fakeConsumer({ id: 'bob' })
    const as = (consumer: typeof alice, credential: string): FakeRequest => ({
      consumer,
      credential: fakeCredential(consumer, { id: credential }),
    })

    it('consumer counts by consumer, and those without by address', () => {
      const limits = use({ minute: 1 })
      const requests = [
        as(alice, '1'),
        as(alice, '2'),
        as(bob, '3'),
        from('10.0.0.1'),
        from('10.0.0.2'),
        from('10.0.0.1'),
      ]
      assert.deepEqual(statuses(limits, ...requests), [200, 429, 200, 200, 200, 429])
    })

    it('credential counts each credential of a consumer', () => {
      const limits = use({ minute: 1, limit_by: 'credential' })
      assert.deepEqual(
        statuses(limits, as(alice, '1'), as(alice, '2'), as(alice, '1')),
        [200, 200, 429],
      )
    })

    it('ip counts by address, whoever the consumer is', () => {
      const limits = use({ minute: 1, limit_by: 'ip' })
      assert.deepEqual(statuses(limits, as(alice, '1'), as(bob, '3')), [200, 429])
    })

    it('service counts by service', () => {
      const limits = use({ minute: 1, limit_by: 'service' })
      const one = { service: fakeService({ id: 'one' }) }
      const two = { service: fakeService({ id: 'two' }) }
      assert.deepEqual(statuses(limits, one, two, one), [200, 200, 429])
    })

    it('header counts by its first value, an empty one too, and without one by address', () => {
      const limits = use({ minute: 1, limit_by: 'header', header_name: 'x_key' })
      const key = (...values: string[]): FakeRequest => ({
        headers: values.map((value) => ['X-Key', value]),
      })
      const requests = [key('a'), key('A'), key('b', 'a'), key(''), {}, key('a')]
      assert.deepEqual(statuses(limits, ...requests), [200, 200, 200, 200, 200, 429])
    })

    it('path counts that path alone, all others by address', () => {
      const limits = use({ minute: 1, limit_by: 'path', path: '/one' })
      const requests = [
        { target: '/one?x=1', clientIp: '10.0.0.1' },
        { target: '/two', clientIp: '10.0.0.1' },
        { target: '/one', clientIp: '10.0.0.2' },
      ]
      assert.deepEqual(statuses(limits, ...requests), [200, 200, 429])
    })
  })

  describe('counters', () => {
    it('survive a reload, and measure by the new limit', () => {
      statuses(use({ hour: 5 }), {}, {}, {})
      assert.deepEqual(statuses(use({ hour: 3 }), {}), [429])
    })

    it('stay in their window when the clock is set back a little', () => {
      const limits = use({ minute: 1 })
      statuses(limits, {})
      at(NOON - 1000)
      assert.deepEqual(statuses(limits, {}), [429])
    })

    it('are those of the node: what another thread has counted counts here', () => {
      statuses(use({ minute: 1 }), {})
      counters = CounterTable.attach(counters.buffer)
      at(NOON)
      assert.deepEqual(statuses(use({ minute: 1 }), {}), [429])
    })

    it('let as many pass as the tightest limit allows, however many threads count', async () => {
      const config = { second: 700, minute: 700, hour: 900 }
      const limits = use(config, UNBOUND)
      for (let i = 0; i < 400; i++) send(limits)
      at(NOON + 60_000)
      const job = {
        plugin: 'rate-limiting',
        buffer: counters.buffer,
        now: NOON + 60_000,
        config,
        requests: 400,
      }
      const thread = new URL('../../test/support/limited-thread.js', import.meta.url)
      const passed = await inThreads<number>(thread, 4, job)
      assert.equal(
        passed.reduce((sum, one) => sum + one),
        500,
      )
      const { response, answer } = send(limits)
      assert.equal(answer?.status, 429)
      assert.equal(response.headers.get('x-ratelimit-remaining-second'), '200')
      assert.equal(response.headers.get('x-ratelimit-remaining-minute'), '200')
      assert.equal(response.headers.get('x-ratelimit-remaining-hour'), '0')
    })

    it('are shared by the routes of a service, and not by two routes with limits of their own', () => {
      const ofService = { serviceId: 'service' }
      assert.deepEqual(statuses(use({ minute: 1 }, ofService), {}), [200])
      assert.deepEqual(statuses(use({ minute: 1 }, ofService), {}), [429])
      assert.deepEqual(statuses(use({ minute: 1 }, { routeId: 'other' }), {}), [200])
    })
  })

  describe('a configuration', () => {
    const refused: readonly (readonly [config: object, fault: string])[] = [
      [
        {},
        "at least one of these fields must be non-empty: 'config.second', 'config.minute', 'config.hour', 'config.day', 'config.month', 'config.year'",
      ],
      [
        { second: 20, hour: 10 },
        'The limit for hour(10.0) cannot be lower than the limit for second(20.0)',
      ],
      [{ minute: 1, limit_by: 'header' }, 'header_name: required field missing'],
      [
        { minute: 1, header_name: 'a b' },
        "header_name: bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
      ],
      [{ minute: 1, limit_by: 'path' }, 'path: required field missing'],
      [{ minute: 1, path: 'x' }, 'path: should start with: /'],
      [{ minute: 1, path: '/a//b' }, 'path: must not have empty segments'],
      [
        { minute: 1, path: '/ä' },
        "path: invalid path: '/ä' (characters outside of the reserved list of RFC 3986 found)",
      ],
      [{ minute: 1, path: '/%zz' }, "path: invalid url-encoded value: '%zz'"],
      [{ minute: 1, sync_rate: 1 }, 'sync_rate can only be used with the redis policy'],
      [
        { minute: 1, policy: 'redis', redis: { host: 'a' }, sync_rate: 0.01 },
        'sync_rate must be greater than 0.02, or -1 to disable',
      ],
      [{ minute: 1, policy: 'redis' }, 'redis.host: required field missing'],
      [
        { minute: 1, redis: { host: 'a' }, redis_host: 'b' },
        'redis_host: both deprecated and new field are used but their values mismatch: redis_host = b vs redis.host = a',
      ],
      [
        { minute: 1, redis: { sentinel_nodes: [{ host: 'a' }] } },
        "redis: all or none of these fields must be set: 'sentinel_master', 'sentinel_nodes'",
      ],
      [
        { minute: 1, redis: { cluster_nodes: [{ ip: 'a' }], database: 1 } },
        'redis.database: value must be 0',
      ],
      [{ minute: 0 }, 'minute: value must be greater than 0'],
      [{ minute: 1, policy: 'cluster' }, 'policy: expected one of: local, redis'],
      [{ minute: 1, error_code: 0 }, 'error_code: value must be greater than 0'],
      [{ minute: 1, fault_tolerant: null }, 'fault_tolerant: required field missing'],
    ]
    for (const [config, fault] of refused) {
      it(`${JSON.stringify(config)} is refused in the words of Kong`, () => {
        assert.deepEqual(faultsOf(rateLimiting, config), [fault])
      })
    }

    const taken: readonly (readonly [title: string, redis: object])[] = [
      ['a server', { redis: { host: 'a' } }],
      ['a server under its old name', { redis_host: 'a', sync_rate: 0.02 }],
      [
        'sentinels',
        {
          redis: { sentinel_master: 'm', sentinel_role: 'master', sentinel_nodes: [{ host: 'a' }] },
        },
      ],
      ['a cluster', { redis: { cluster_nodes: [{ ip: '10.0.0.1' }], keepalive_pool_size: 5 } }],
    ]
    for (const [title, redis] of taken) {
      it(`may name ${title} for the redis policy, and nothing connects`, () => {
        const { remote } = use({ minute: 1, policy: 'redis', ...redis })
        assert.equal(remote?.redis, null)
      })
    }

    it('may have equal limits and an unused redis record', () => {
      const config = { second: 5, minute: 5, redis: { host: 'redis.test' }, redis_port: 6380 }
      assert.equal(use(config).limits.length, 2)
    })
  })
})
