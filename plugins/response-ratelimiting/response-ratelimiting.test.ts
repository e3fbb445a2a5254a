import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { fakeConsumer, fakeCredential } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { prepared, UNBOUND } from '../../test/support/plugin-config.js'
import { freshCounters, silentEnv } from '../../test/support/plugin-env.js'
import type { Use } from './limits.js'
import responseRatelimiting from './index.js'

const NOON = Date.UTC(2026, 0, 31, 12, 0, 0)

let counters = freshCounters()
beforeEach(() => {
  counters = freshCounters()
  at(NOON)
})

function at(now: number): void {
  void responseRatelimiting.init?.(silentEnv(now, counters))
}

function use(config: object, bound: object = { routeId: 'route' }): Use {
  return prepared(responseRatelimiting, config, { ...UNBOUND, ...bound })
}

/** Asks, and lets the target answer with those lines of the header. */
function send(limits: Use, uses: readonly string[] = [], request: FakeRequest = {}): FakeContext {
  const ctx = fakeContext(request)
  void responseRatelimiting.access?.(ctx, limits)
  if (ctx.answer === null) {
    const lines = uses.map((value) => [limits.headerName, value] as const)
    ctx.answerFromTarget(200, [['Content-Type', 'text/plain'], ...lines])
  }
  responseRatelimiting.header_filter?.(ctx, limits)
  return ctx
}

function status(limits: Use, line: string, request?: FakeRequest): number {
  return send(limits, [line], request).response.status
}

function remaining(ctx: FakeContext, name = 'video-minute'): string | undefined {
  return ctx.response.headers.get(`x-ratelimit-remaining-${name}`)
}

const VIDEO = { limits: { video: { minute: 4 } } }

describe('response-ratelimiting', () => {
  it('tells what was left, the limits, and what is left', () => {
    const limits = use({ limits: { video: { minute: 10, hour: 20 }, image: { hour: 5 } } })
    send(limits, ['video=2'])
    const ctx = send(limits, ['video=1, image=3'])
    assert.deepEqual(linesOf(ctx.response.headers), [
      'Content-Type: text/plain',
      'X-RateLimit-Remaining-video: 8',
      'X-RateLimit-Remaining-image: 5',
      'X-RateLimit-Limit-video-minute: 10',
      'X-RateLimit-Remaining-video-minute: 7',
      'X-RateLimit-Limit-video-hour: 20',
      'X-RateLimit-Remaining-video-hour: 17',
      'X-RateLimit-Limit-image-hour: 5',
      'X-RateLimit-Remaining-image-hour: 2',
    ])
    assert.ok(ctx.isBodyLeft)
  })

  it('takes the header of the target out, also when it hides its own', () => {
    const hidden = use({ ...VIDEO, header_name: 'X-Usage', hide_client_headers: true })
    assert.deepEqual(linesOf(send(hidden, ['video=1']).response.headers), [
      'Content-Type: text/plain',
      'X-RateLimit-Remaining-video: 4',
    ])
    assert.equal(remaining(send(use(VIDEO))), '3')
  })

  const lines: readonly (readonly [readonly string[], string])[] = [
    [[], '4'],
    [['video=1,video=2'], '2'],
    [['image=1', 'video=2'], '4'],
    [['video'], '4'],
    [['video='], '4'],
    [['video=x'], '4'],
    [['video=0'], '4'],
    [['video=-3'], '4'],
    [['VIDEO=1'], '4'],
    [['other=1,  video = 3 '], '1'],
    [['video=0.5'], '3'],
    [['video=1e300'], '0'],
  ]
  for (const [uses, rest] of lines) {
    it(`of ${JSON.stringify(uses)} leaves ${rest} of 4`, () => {
      assert.equal(remaining(send(use(VIDEO), uses)), rest)
      assert.equal(remaining(send(use(VIDEO))), rest)
    })
  }

  describe('past a limit', () => {
    it('answers 429 without the body of the target, nor what speaks of it', () => {
      const limits = use(VIDEO)
      assert.equal(status(limits, 'video=4'), 200)
      const ctx = send(limits, ['video=1'])
      assert.equal(ctx.response.status, 429)
      assert.ok(!ctx.isBodyLeft)
      const chunk = Buffer.from('secret')
      assert.equal(responseRatelimiting.body_filter?.(ctx, limits, chunk, true), null)
      assert.ok(!ctx.response.headers.has('content-type'))
      assert.equal(remaining(ctx), '0')
    })

    it('lets the request pass that crosses it, and those that use nothing of it', () => {
      const limits = use({ limits: { video: { minute: 4 }, image: { minute: 9 } } })
      assert.equal(status(limits, 'video=100'), 200)
      assert.equal(status(limits, 'image=1'), 200)
      assert.equal(status(limits, 'video=1'), 429)
    })

    it('counts nothing of what it refuses, under no name and for no period', () => {
      const limits = use({ limits: { image: { minute: 9 }, video: { second: 1, minute: 4 } } })
      assert.equal(status(limits, 'video=1'), 200)
      const refused = send(limits, ['image=2, video=2'])
      assert.equal(refused.response.status, 429)
      assert.equal(remaining(refused, 'image-minute'), '9')
      at(NOON + 1_000)
      const next = send(limits)
      assert.equal(remaining(next, 'image-minute'), '9')
      assert.equal(remaining(next), '3')
    })

    it('goes on in the next window', () => {
      const limits = use(VIDEO)
      send(limits, ['video=4'])
      at(NOON + 60_000)
      assert.equal(status(limits, 'video=1'), 200)
    })

    it('counts in the window in which the request came', () => {
      const limits = use(VIDEO)
      at(NOON + 59_000)
      const ctx = fakeContext()
      void responseRatelimiting.access?.(ctx, limits)
      at(NOON + 61_000)
      ctx.answerFromTarget(200, [['x-kong-limit', 'video=3']])
      responseRatelimiting.header_filter?.(ctx, limits)
      assert.equal(remaining(ctx), '1')
      assert.equal(remaining(send(limits)), '4')
    })

    it('refuses at once with block_on_first_violation, whatever would have been used', () => {
      const limits = use({
        limits: { video: { minute: 4 }, image: { minute: 1 } },
        block_on_first_violation: true,
      })
      assert.equal(status(limits, 'image=1'), 200)
      const ctx = send(limits, ['video=1'])
      assert.equal(ctx.answer?.status, 429)
      assert.deepEqual(ctx.answer.body, {
        message: "API rate limit exceeded for 'image'",
        request_id: ctx.request.id,
      })
      assert.equal(ctx.response.headers.size, 0)
      assert.ok(ctx.isBodyLeft)
    })
  })

  describe('counts', () => {
    const one: FakeRequest = { consumer: fakeConsumer({ id: 'one' }), clientIp: '192.0.2.1' }
    const other: FakeRequest = { consumer: fakeConsumer({ id: 'two' }), clientIp: '192.0.2.1' }

    it('by consumer', () => {
      const limits = use(VIDEO)
      send(limits, ['video=4'], one)
      assert.equal(status(limits, 'video=1', other), 200)
      assert.equal(status(limits, 'video=1', one), 429)
    })

    it('by credential', () => {
      const limits = use({ ...VIDEO, limit_by: 'credential' })
      const first = {
        ...one,
        credential: fakeCredential(fakeConsumer({ id: 'one' }), { id: 'c1' }),
      }
      send(limits, ['video=4'], first)
      const second = {
        ...one,
        credential: fakeCredential(fakeConsumer({ id: 'one' }), { id: 'c2' }),
      }
      assert.equal(status(limits, 'video=1', second), 200)
      assert.equal(status(limits, 'video=1', first), 429)
    })

    it('by address', () => {
      const limits = use({ ...VIDEO, limit_by: 'ip' })
      send(limits, ['video=4'], one)
      assert.equal(status(limits, 'video=1', other), 429)
      assert.equal(status(limits, 'video=1', { clientIp: '192.0.2.2' }), 200)
    })

    it('for each route and service that it is set on', () => {
      send(use(VIDEO), ['video=4'])
      assert.equal(status(use(VIDEO, { serviceId: 'service' }), 'video=1'), 200)
      assert.equal(status(use(VIDEO), 'video=1'), 429)
    })

    it('nothing of an answer that another plugin has made', () => {
      const limits = use(VIDEO)
      const ctx = fakeContext()
      void responseRatelimiting.access?.(ctx, limits)
      ctx.exit(200, null, { 'X-Kong-Limit': 'video=4' })
      responseRatelimiting.header_filter?.(ctx, limits)
      assert.equal(remaining(ctx), '4')
      assert.equal(remaining(send(limits)), '4')
    })
  })

  it('adds nothing to an answer that was made before its turn', () => {
    const ctx = fakeContext()
    ctx.exit(401)
    responseRatelimiting.header_filter?.(ctx, use(VIDEO))
    assert.equal(ctx.response.headers.size, 0)
    assert.ok(ctx.isBodyLeft)
  })

  it('refuses names that cannot stand in a header', () => {
    assert.throws(() => use({ limits: { 'a b': { minute: 1 } } }), {
      field: 'limits',
      message: '"a b" cannot be part of a header\'s name',
    })
  })
})
