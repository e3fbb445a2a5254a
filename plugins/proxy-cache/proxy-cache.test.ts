import assert from 'node:assert/strict'
import { beforeEach, describe, it, mock } from 'node:test'
import { fakeConsumer, fakeRoute } from '../../test/support/fake-entities.js'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import proxyCache, { MAX_BODY_BYTES } from './index.js'
import type { Use } from './use.js'

const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)

beforeEach(() => {
  at(NOON)
  proxyCache.configure?.([])
})

function at(now: number): void {
  void proxyCache.init?.(silentEnv(now))
}

function use(config: object = {}): Use {
  return prepared(proxyCache, { strategy: 'memory', ...config })
}

interface Target {
  readonly status?: number
  readonly type?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly chunks?: readonly string[]
}

const ROUTE = fakeRoute({ id: 'route' })

async function ask(configured: Use, request: FakeRequest = {}): Promise<FakeContext> {
  const ctx = fakeContext({ route: ROUTE, ...request })
  await proxyCache.access?.(ctx, configured)
  return ctx
}

/** The target answers; returns what goes out of its body. */
function answer(configured: Use, ctx: FakeContext, target: Target = {}): string {
  const { status = 200, type = 'text/plain', headers = [], chunks = ['body'] } = target
  ctx.answerFromTarget(status, [['Content-Type', type], ...headers])
  return filter(configured, ctx, chunks)
}

function filter(configured: Use, ctx: FakeContext, chunks: readonly string[]): string {
  proxyCache.header_filter?.(ctx, configured)
  let out = ''
  if (!ctx.isBodyLeft) {
    chunks.forEach((chunk, i) => {
      const last = i === chunks.length - 1
      const sent = proxyCache.body_filter?.(ctx, configured, Buffer.from(chunk), last)
      out += sent?.toString() ?? ''
    })
  }
  proxyCache.log?.(ctx, configured)
  return ctx.isBodyLeft ? chunks.join('') : out
}

/** Asks, lets the target answer if it is asked, and tells what the client sees in X-Cache-Status. */
async function see(configured: Use, request?: FakeRequest, target?: Target): Promise<string> {
  const ctx = await ask(configured, request)
  if (ctx.answer === null) answer(configured, ctx, target)
  return ctx.response.headers.get('x-cache-status') ?? `none, ${String(ctx.answer?.status)}`
}

const control = (value: string): Target => ({ headers: [['Cache-Control', value]] })
const wish = (value: string): FakeRequest => ({ headers: [['Cache-Control', value]] })

describe('proxy-cache', () => {
  it('gives the second client what the first one got, with its age', async () => {
    const cache = use()
    const headers = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-RateLimit-Remaining-Minute', '5'],
      ['Keep-Alive', 'x'],
    ] as const
    const first = await ask(cache)
    assert.equal(answer(cache, first, { headers, chunks: ['he', 'llo'] }), 'hello')
    assert.ok(first.isBodyWatched)
    at(NOON + 2_900)
    const second = await ask(cache)
    assert.equal(second.answer?.status, 200)
    assert.equal(String(second.answer.body), 'hello')
    const shown = second.response.headers
    assert.deepEqual(shown.getAll('set-cookie'), ['a=1', 'b=2'])
    assert.equal(shown.get('age'), '2')
    assert.equal(shown.get('x-cache-status'), 'Hit')
    assert.match(shown.get('x-cache-key') ?? '', /^[0-9a-f]{64}$/)
    assert.equal(shown.get('x-cache-key'), first.response.headers.get('x-cache-key'))
    assert.ok(!shown.has('x-ratelimit-remaining-minute') && !shown.has('keep-alive'))
  })

  describe('the key', () => {
    const cases: readonly (readonly [string, object, FakeRequest, FakeRequest, 'Hit' | 'Miss'])[] =
      [
        [
          'takes arguments in any order',
          {},
          { target: '/?a=1&b=2' },
          { target: '/?b=2&a=1' },
          'Hit',
        ],
        ['tells values apart', {}, { target: '/?a=1' }, { target: '/?a=2' }, 'Miss'],
        ['tells a from a=', {}, { target: '/?a&b=1' }, { target: '/?a=&b=1' }, 'Miss'],
        ['is not fooled by a colon', {}, { target: '/?a=1&b=2' }, { target: '/?a=1:b=2' }, 'Miss'],
        ['is not fooled by a comma', {}, { target: '/?a=1&a=2' }, { target: '/?a=1,2' }, 'Miss'],
        [
          'is not fooled by a bar',
          { vary_headers: ['v'] },
          { target: '/?a=1', headers: [['v', 'x']] },
          { target: '/|a=1?', headers: [['v', 'x']] },
          'Miss',
        ],
        [
          'looks at the chosen arguments alone',
          { vary_query_params: ['a'] },
          { target: '/?a=1&b=2' },
          { target: '/?b=3&a=1' },
          'Hit',
        ],
        [
          'tells chosen headers apart',
          { vary_headers: ['Accept'] },
          { headers: [['accept', 'a/b']] },
          { headers: [['accept', 'a/c']] },
          'Miss',
        ],
        ['leaves other headers', {}, { headers: [['accept', 'a/b']] }, {}, 'Hit'],
        ['minds the case of paths', {}, { target: '/A' }, { target: '/a' }, 'Miss'],
        ['need not', { ignore_uri_case: true }, { target: '/A' }, { target: '/a' }, 'Hit'],
        [
          'tells consumers apart',
          {},
          { consumer: fakeConsumer({ id: 'one' }) },
          { consumer: fakeConsumer({ id: 'other' }) },
          'Miss',
        ],
        ['tells consumers from none', {}, { consumer: fakeConsumer({ id: 'one' }) }, {}, 'Miss'],
        ['tells routes apart', {}, {}, { route: fakeRoute({ id: 'other' }) }, 'Miss'],
        [
          'tells methods apart',
          { request_method: ['GET', 'POST'] },
          { method: 'GET' },
          { method: 'POST' },
          'Miss',
        ],
      ]
    for (const [what, config, one, other, expected] of cases) {
      it(what, async () => {
        const cache = use(config)
        assert.equal(await see(cache, one), 'Miss')
        assert.equal(await see(cache, other), expected)
        assert.equal(await see(cache, one), 'Hit')
      })
    }
  })

  describe('keeps', () => {
    const kept: readonly (readonly [string, object, Target])[] = [
      ['another status that is listed', { response_code: [418] }, { status: 418 }],
      ['any type with */*', { content_type: ['*/*'] }, { type: 'image/png' }],
      ['a type in other letters', {}, { type: 'TEXT/Plain' }],
      ['a type with the same parameters', { content_type: ['a/b; c=d'] }, { type: 'a/b;c="d"' }],
      ['what no-store forbids, as Kong', {}, control('no-store')],
      ['what s-maxage allows', { cache_control: true }, control('max-age=0, s-maxage=9')],
      [
        'what Expires allows',
        { cache_control: true },
        { headers: [['Expires', new Date(NOON + 9_000).toUTCString()]] },
      ],
    ]
    for (const [what, config, target] of kept) {
      it(what, async () => {
        assert.equal(await see(use(config), {}, target), 'Miss')
        assert.equal(await see(use(config), {}, target), 'Hit')
      })
    }
  })

  describe('does not keep', () => {
    const cacheControl = { cache_control: true }
    const passed: readonly (readonly [string, object, FakeRequest, Target])[] = [
      ['another method', {}, { method: 'POST' }, {}],
      ['another status', {}, {}, { status: 500 }],
      ['another type', {}, {}, { type: 'text/html' }],
      ['a type with other parameters', {}, {}, { type: 'text/plain; charset=utf-8' }],
      ['a broken type', { content_type: ['*/*'] }, {}, { type: 'text/plain;' }],
      ['two types', {}, {}, { headers: [['Content-Type', 'text/plain']] }],
      ['what is not said to be fresh', cacheControl, {}, control('public')],
      ['what is over', cacheControl, {}, control('max-age=0')],
      ['an age that is no number', cacheControl, {}, control('max-age=x')],
      ['private', cacheControl, {}, control('max-age=9, PRIVATE')],
      ['no-store', cacheControl, {}, control('max-age=9,no-store')],
      ['what a client forbids', cacheControl, wish('no-store'), control('max-age=9')],
      ['what a client asks for anew', cacheControl, wish('No-Cache'), control('max-age=9')],
    ]
    for (const [what, config, request, target] of passed) {
      it(what, async () => {
        assert.equal(await see(use(config), request, target), 'Bypass')
        assert.equal(await see(use(config), request, target), 'Bypass')
      })
    }

    it('HEAD', async () => {
      assert.equal(await see(use(), { method: 'HEAD' }), 'Miss')
      assert.equal(await see(use(), { method: 'HEAD' }), 'Miss')
    })

    it('a fault of the gateway, whatever its status', async () => {
      const cache = use({ response_code: [502] })
      const ctx = await ask(cache)
      ctx.answerFromTarget(502, [['Content-Type', 'text/plain']])
      ctx.response.source = 'error'
      filter(cache, ctx, ['fault'])
      assert.equal(ctx.response.headers.get('x-cache-status'), 'Bypass')
      assert.equal(await see(cache), 'Bypass')
    })

    it('an answer that breaks off', async () => {
      const cache = use()
      const ctx = await ask(cache)
      ctx.answerFromTarget(200, [['Content-Type', 'text/plain']])
      proxyCache.header_filter?.(ctx, cache)
      proxyCache.body_filter?.(ctx, cache, Buffer.from('half'), false)
      proxyCache.log?.(ctx, cache)
      assert.equal(await see(cache), 'Miss')
    })

    it('a body over the bound, which goes by all the same', async () => {
      const cache = use()
      const chunks = ['a'.repeat(MAX_BODY_BYTES), 'b', 'c']
      assert.equal(answer(cache, await ask(cache), { chunks }).length, MAX_BODY_BYTES + 2)
      assert.equal(await see(cache), 'Miss')
    })

    it('across a reload, not even what was on its way', async () => {
      const cache = use()
      const ctx = await ask(cache)
      proxyCache.configure?.([cache])
      answer(cache, ctx)
      assert.equal(await see(cache), 'Miss')
      proxyCache.configure?.([cache])
      assert.equal(await see(cache), 'Miss')
    })
  })

  describe('time', () => {
    it('ends an answer with cache_ttl', async () => {
      const cache = use({ cache_ttl: 2 })
      assert.equal(await see(cache), 'Miss')
      at(NOON + 1_999)
      assert.equal(await see(cache), 'Hit')
      at(NOON + 2_000)
      assert.equal(await see(cache), 'Miss')
    })

    it('makes what storage_ttl keeps longer a Refresh', async () => {
      const cache = use({ cache_ttl: 2, storage_ttl: 60 })
      await see(cache)
      at(NOON + 3_000)
      assert.equal(await see(cache), 'Refresh')
      assert.equal(await see(cache), 'Hit')
    })

    const wishes: readonly (readonly [string, string])[] = [
      ['max-age=2', 'Refresh'],
      ['max-age=3', 'Hit'],
      ['min-fresh=7', 'Hit'],
      ['min-fresh=8', 'Refresh'],
      ['max-stale=1', 'Hit'],
      ['max-stale', 'Hit'],
      ['only-if-cached', 'Hit'],
      ['max-age=x', 'Hit'],
    ]
    for (const [value, status] of wishes) {
      it(`is what clients wish: ${value} of 3 s of 10 is a ${status}`, async () => {
        const cache = use({ cache_control: true })
        await see(cache, {}, control('max-age=10'))
        at(NOON + 3_000)
        assert.equal(await see(cache, wish(value), control('max-age=10')), status)
      })
    }

    it('over, but no longer than max-stale', async () => {
      const cache = use({ cache_control: true, storage_ttl: 60 })
      await see(cache, {}, control('max-age=10'))
      at(NOON + 12_000)
      assert.equal(await see(cache, wish('max-stale=2'), control('max-age=10')), 'Hit')
      assert.equal(await see(cache, wish('max-stale=1'), control('max-age=10')), 'Refresh')
    })

    it('answers 504 to only-if-cached when nothing is kept', async () => {
      const cache = use({ cache_control: true })
      assert.equal(await see(cache, wish('only-if-cached')), 'none, 504')
    })
  })

  describe('its headers', () => {
    const response_headers = { age: false, 'X-Cache-Status': false, 'X-Cache-Key': false }
    const names = ['age', 'x-cache-status', 'x-cache-key']

    it('are left out as configured', async () => {
      const cache = use({ response_headers })
      answer(cache, await ask(cache))
      const { headers } = (await ask(cache)).response
      assert.deepEqual(
        names.map((name) => headers.has(name)),
        [false, false, false],
      )
    })

    it('are there for a request with Kong-Debug', async () => {
      const cache = use({ response_headers })
      answer(cache, await ask(cache))
      const { headers } = (await ask(cache, { headers: [['kong-debug', '1']] })).response
      assert.deepEqual(
        names.map((name) => headers.has(name)),
        [true, true, true],
      )
    })
  })

  describe('asked by the Admin API', () => {
    async function keyOf(cache: Use, target: string): Promise<string> {
      const ctx = await ask(cache, { target })
      answer(cache, ctx, { headers: ['1', '2', '3'].map((value) => ['A', value] as const) })
      return ctx.response.headers.get('x-cache-key') ?? ''
    }

    it('shows what it keeps', async () => {
      const key = await keyOf(use(), '/')
      assert.deepEqual(structuredClone(await proxyCache.inquire?.({ kind: 'find', key })), {
        version: 1,
        status: 200,
        headers: { 'Content-Type': 'text/plain', A: ['1', '2', '3'] },
        body: 'body',
        body_len: 4,
        timestamp: NOON / 1000,
        ttl: 300,
      })
      assert.equal(await proxyCache.inquire?.({ kind: 'find', key: 'other' }), null)
    })

    it('drops one answer', async () => {
      const cache = use()
      const key = await keyOf(cache, '/one')
      await keyOf(cache, '/other')
      const dropped = await Promise.all(
        [1, 2].map(() => proxyCache.inquire?.({ kind: 'drop', key })),
      )
      assert.deepEqual(dropped, [true, false])
      assert.equal(await see(cache, { target: '/one' }), 'Miss')
      assert.equal(await see(cache, { target: '/other' }), 'Hit')
    })

    it('drops all, and what was on its way', async () => {
      const cache = use()
      await keyOf(cache, '/one')
      const ctx = await ask(cache)
      await proxyCache.inquire?.({ kind: 'clear' })
      answer(cache, ctx)
      assert.equal(await see(cache, { target: '/one' }), 'Miss')
      assert.equal(await see(cache), 'Miss')
    })
  })

  describe('with coalesce_wait', () => {
    const cache = use({ coalesce_wait: 5 })

    it('asks the target once for those who come at the same time', async () => {
      const first = await ask(cache)
      const others = [see(cache), see(cache)]
      answer(cache, first)
      assert.deepEqual(await Promise.all(others), ['Hit', 'Hit'])
    })

    it('lets all go to the target when the answer may not be kept, and the next ones at once', async () => {
      const html = { type: 'text/html' }
      const first = await ask(cache)
      const others = [see(cache, {}, html), see(cache, {}, html)]
      answer(cache, first, html)
      assert.deepEqual(await Promise.all(others), ['Bypass', 'Bypass'])
      const leader = await ask(cache)
      const next = await ask(cache)
      assert.deepEqual([leader.answer, next.answer], [null, null])
      answer(cache, leader)
    })

    it('puts another in the place of one that has left', async () => {
      const target = '/left'
      const first = await ask(cache, { target })
      const others = [ask(cache, { target }), ask(cache, { target })]
      proxyCache.log?.(first, cache)
      const second = await Promise.race(others)
      assert.equal(second.answer, null)
      answer(cache, second)
      const hits = (await Promise.all(others)).filter((ctx) => ctx.answer !== null)
      assert.equal(hits.length, 1)
    })

    it('waits no longer than that', async () => {
      mock.timers.enable({ apis: ['setTimeout'] })
      try {
        const target = '/slow'
        const first = await ask(cache, { target })
        const late = ask(cache, { target })
        mock.timers.tick(5_000)
        assert.equal((await late).answer, null)
        proxyCache.log?.(first, cache)
      } finally {
        mock.timers.reset()
      }
    })
  })

  describe('with stale_while_revalidate', () => {
    const config = { cache_ttl: 1, stale_while_revalidate: 10 }

    it('gives others the old answer while one fetches the next', async () => {
      const cache = use(config)
      await see(cache)
      at(NOON + 5_000)
      const first = await ask(cache)
      assert.equal(first.answer, null)
      assert.equal(await see(cache), 'Stale')
      assert.equal(answer(cache, first, { chunks: ['new'] }), 'new')
      assert.equal(first.response.headers.get('x-cache-status'), 'Refresh')
      const next = await ask(cache)
      assert.equal(String(next.answer?.body), 'new')
    })

    it('gives it no longer than that, nor when the target forbids it', async () => {
      const cache = use(config)
      await see(cache)
      await see(cache, { target: '/strict' }, control('must-revalidate'))
      at(NOON + 5_000)
      const strict = await ask(cache, { target: '/strict' })
      assert.equal(await see(cache, { target: '/strict' }), 'Refresh')
      proxyCache.log?.(strict, cache)
      at(NOON + 11_000)
      assert.equal(await see(cache), 'Miss')
    })
  })

  describe('with stale_if_error', () => {
    const cache = use({ cache_ttl: 1, stale_if_error: 10 })

    async function failing(source: 'upstream' | 'error', status: number): Promise<FakeContext> {
      const ctx = await ask(cache)
      ctx.answerFromTarget(status, [['Content-Type', 'text/html']])
      ctx.response.source = source
      return ctx
    }

    for (const source of ['upstream', 'error'] as const) {
      it(`gives the old answer in the place of a 503 (${source})`, async () => {
        answer(cache, await ask(cache), { headers: [['X-A', 'é']], chunks: ['old'] })
        at(NOON + 5_000)
        const ctx = await failing(source, 503)
        assert.equal(filter(cache, ctx, ['sorry', '', '']), 'old')
        assert.ok(!ctx.isBodyWatched)
        const { status, headers } = ctx.response
        assert.equal(status, 200)
        assert.equal(headers.get('content-type'), 'text/plain')
        assert.equal(headers.get('x-cache-status'), 'Stale')
        assert.equal(headers.get('age'), '5')
      })
    }

    it('lets a 404 through, and a failure after that time', async () => {
      await see(cache)
      at(NOON + 5_000)
      const missing = await failing('upstream', 404)
      assert.equal(filter(cache, missing, ['none']), 'none')
      at(NOON + 11_000)
      const late = await failing('upstream', 503)
      assert.equal(filter(cache, late, ['sorry']), 'sorry')
      assert.equal(late.response.status, 503)
    })
  })
})
