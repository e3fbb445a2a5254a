import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, linesOf, type FakeContext } from '../../test/support/fake-context.js'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import cors from './index.js'

type Line = readonly [name: string, value: string]
const ALL_METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT'

/** Sends a request through both phases; the target answers with the given headers. */
function send(
  config: object,
  method: string,
  headers: readonly Line[],
  target: readonly Line[] = [],
) {
  const use = prepared(cors, config)
  const ctx = fakeContext({ method, headers })
  void cors.access?.(ctx, use)
  if (ctx.answer === null) ctx.answerFromTarget(200, target)
  cors.header_filter?.(ctx, use)
  return ctx
}

function get(config: object, origin?: string, target: readonly Line[] = []): string[] {
  const headers: Line[] = origin === undefined ? [] : [['Origin', origin]]
  return linesOf(send(config, 'GET', headers, target).response.headers)
}

function preflight(config: object, origin: string, more: readonly Line[] = []): FakeContext {
  const headers: Line[] = [['Origin', origin], ['Access-Control-Request-Method', 'PUT'], ...more]
  return send(config, 'OPTIONS', headers)
}

/** The Allow-Origin that a GET from this origin gets; null for none. */
function allowed(origins: readonly string[], origin: string): string | null {
  const ctx = send({ origins }, 'GET', [['Origin', origin]])
  return ctx.response.headers.get('access-control-allow-origin') ?? null
}

describe('cors', () => {
  describe('an ordinary request', () => {
    it('allows every origin by default', () => {
      assert.deepEqual(get({}), ['Access-Control-Allow-Origin: *'])
      assert.deepEqual(get({ origins: [] }, 'http://a.test'), ['Access-Control-Allow-Origin: *'])
      assert.deepEqual(get({ origins: ['*'] }, 'http://a.test'), ['Access-Control-Allow-Origin: *'])
    })

    it('names the only plain origin whoever asks', () => {
      const expected = ['Vary: Origin', 'Access-Control-Allow-Origin: http://only.test']
      assert.deepEqual(get({ origins: ['http://only.test'] }), expected)
      assert.deepEqual(get({ origins: ['http://only.test'] }, 'http://else.test'), expected)
    })

    it('names the origin of a list that matches, and exposes headers', () => {
      const config = {
        origins: ['http://a.test', 'http://b.test'],
        credentials: true,
        exposed_headers: ['X-A', 'X-B'],
      }
      assert.deepEqual(get(config, 'http://b.test'), [
        'Vary: Origin',
        'Access-Control-Allow-Credentials: true',
        'Access-Control-Allow-Origin: http://b.test',
        'Access-Control-Expose-Headers: X-A,X-B',
      ])
    })

    it('names no origin that does not match, and removes what the target named', () => {
      const config = { origins: ['http://a.test', 'http://b.test'], credentials: true }
      const target: Line[] = [
        ['Access-Control-Allow-Origin', '*'],
        ['Vary', 'Accept'],
      ]
      const expected = ['Vary: Accept', 'Vary: Origin', 'Access-Control-Allow-Credentials: true']
      assert.deepEqual(get(config, 'http://z.test', target), expected)
      assert.deepEqual(get(config, undefined, target), expected)
    })

    it('names the origin itself when all may come with credentials', () => {
      const config = { origins: ['*'], credentials: true }
      assert.deepEqual(get(config, 'http://a.test', [['Vary', 'Accept']]), [
        'Vary: Accept',
        'Vary: Origin',
        'Access-Control-Allow-Credentials: true',
        'Access-Control-Allow-Origin: http://a.test',
      ])
      assert.deepEqual(get(config), ['Access-Control-Allow-Origin: *'])
    })

    it('lets a star among others allow every origin', () => {
      const origins = ['http://a.test', '*']
      assert.equal(allowed(origins, 'http://z.test'), '*')
      assert.deepEqual(get({ origins, credentials: true }, 'http://z.test'), [
        'Vary: Origin',
        'Vary: Origin',
        'Access-Control-Allow-Credentials: true',
        'Access-Control-Allow-Origin: http://z.test',
      ])
      assert.deepEqual(get({ origins, credentials: true }), [
        'Vary: Origin',
        'Access-Control-Allow-Credentials: true',
      ])
    })

    it('treats OPTIONS without a requested method as ordinary', () => {
      const ctx = send({}, 'OPTIONS', [['Origin', 'http://a.test']])
      assert.equal(ctx.answer, null)
      assert.deepEqual(linesOf(ctx.response.headers), ['Access-Control-Allow-Origin: *'])
    })

    it('marks the answer of another plugin that refused before its turn', () => {
      const ctx = fakeContext({
        method: 'OPTIONS',
        headers: [
          ['Origin', 'http://a.test'],
          ['Access-Control-Request-Method', 'GET'],
        ],
      })
      ctx.error(403, 'Forbidden')
      cors.header_filter?.(ctx, prepared(cors))
      assert.equal(ctx.response.headers.get('access-control-allow-origin'), '*')
    })
  })

  describe('a preflight', () => {
    it('is answered with 200 and no body', () => {
      const ctx = preflight({}, 'http://a.test')
      assert.deepEqual(ctx.answer, { status: 200, body: null, headers: {} })
      assert.deepEqual(linesOf(ctx.response.headers), [
        'Access-Control-Allow-Origin: *',
        `Access-Control-Allow-Methods: ${ALL_METHODS}`,
      ])
    })

    it('gets the configured headers, methods and age, but no exposed headers', () => {
      const config = {
        origins: ['http://a.test'],
        headers: ['A', 'B'],
        exposed_headers: ['C'],
        methods: ['PUT', 'GET'],
        max_age: 5,
        credentials: true,
      }
      assert.deepEqual(linesOf(preflight(config, 'http://z.test').response.headers), [
        'Vary: Origin',
        'Access-Control-Allow-Credentials: true',
        'Access-Control-Allow-Origin: http://a.test',
        'Access-Control-Allow-Headers: A,B',
        'Access-Control-Allow-Methods: PUT,GET',
        'Access-Control-Max-Age: 5',
      ])
    })

    it('gets back the headers that it asks for when none are configured', () => {
      const ctx = preflight({ max_age: 0, methods: [], headers: [] }, 'http://a.test', [
        ['Access-Control-Request-Headers', 'X-One, X-Two'],
      ])
      assert.deepEqual(linesOf(ctx.response.headers), [
        'Access-Control-Allow-Origin: *',
        'Access-Control-Allow-Headers: X-One, X-Two',
        'Access-Control-Allow-Methods: ',
        'Access-Control-Max-Age: 0',
      ])
    })

    it('names Vary once for a star with credentials', () => {
      const ctx = preflight({ origins: ['http://a.test', '*'], credentials: true }, 'http://z.test')
      assert.deepEqual(ctx.response.headers.getAll('vary'), ['Origin'])
      assert.equal(ctx.response.headers.get('access-control-allow-origin'), 'http://z.test')
    })

    it('is answered from an origin that is not allowed too, without naming one', () => {
      const { answer, response } = preflight(
        { origins: ['http://a.test', 'http://b.test'] },
        'http://z.test',
      )
      assert.equal(answer?.status, 200)
      assert.equal(response.headers.has('access-control-allow-origin'), false)
    })

    it('is granted a private network when that is configured and asked for exactly', () => {
      const granted = (config: object, value: string): boolean =>
        preflight(config, 'http://a.test', [
          ['Access-Control-Request-Private-Network', value],
        ]).response.headers.has('access-control-allow-private-network')
      assert.equal(granted({ private_network: true }, 'true'), true)
      assert.equal(granted({ private_network: true }, 'TRUE'), false)
      assert.equal(granted({}, 'true'), false)
    })

    it('is left to the target with preflight_continue, its answer untouched', () => {
      const ctx = preflight({ preflight_continue: true }, 'http://a.test')
      assert.equal(ctx.answer, null)
      assert.deepEqual(linesOf(ctx.response.headers), [])
    })
  })

  describe('an origin', () => {
    const cases: readonly (readonly [
      origins: readonly string[],
      origin: string,
      allowed: string | null,
    ])[] = [
      [['foo\\.test'], 'http://foo.test', 'http://foo.test'],
      [['foo\\.test'], 'http://foo.test:8000', 'http://foo.test:8000'],
      [['foo\\.test'], 'http://foo.test:80', 'http://foo.test'],
      [['foo\\.test'], 'https://foo.test:443', 'https://foo.test'],
      [['foo\\.test'], 'http://x.foo.test', null],
      [['foo\\.test'], 'http://foobtest', null],
      [['foo\\.test'], 'http://foo.test.evil.test', null],
      [['foo\\.test'], 'foo.test', 'foo.test'],
      [['(.*[./])?foo\\.test:8000'], 'https://foo.test:8000', 'https://foo.test:8000'],
      [['(.*[./])?foo\\.test:8000'], 'http://foo.test', null],
      [['^http://(.*[.])?foo\\.test(:(80|90))?$'], 'http://x.foo.test', 'http://x.foo.test'],
      [['^http://(.*[.])?foo\\.test(:(80|90))?$'], 'http://foo.test:80', 'http://foo.test'],
      [['^http://(.*[.])?foo\\.test(:(80|90))?$'], 'http://foo.test:90', 'http://foo.test:90'],
      [['^http://(.*[.])?foo\\.test(:(80|90))?$'], 'https://foo.test', null],
      [['http://a\\.test|http://b\\.test'], 'http://a.test.evil', null],
      [['http://a\\.test|http://b\\.test'], 'http://b.test', 'http://b.test'],
      [['foo.test', 'bar.test'], 'http://foo.test', null],
      [['foo.test', 'bar.test'], 'foo.test', 'foo.test'],
      [['http://foo.test:80', 'https://bar.test:1234'], 'http://foo.test', 'http://foo.test'],
      [
        ['http://foo.test', 'https://bar.test:1234'],
        'https://bar.test:1234',
        'https://bar.test:1234',
      ],
      [['http://foo.test', 'https://bar.test:1234'], 'http://foo.test:8000', null],
      [['http://a.test', 'http://b.test'], 'http://A.test', null],
      [['http://a.test', 'http://b.test'], 'null', null],
      [['http://\\[::1\\]'], 'http://[::1]:80', 'http://[::1]'],
      [['http://a.test', 'http://b.test'], 'http://user@a.test', 'http://a.test'],
    ]
    for (const [origins, origin, expected] of cases) {
      it(`${origin} ${expected === null ? 'is not allowed' : `is allowed as ${expected}`} by ${origins.join(' ')}`, () => {
        assert.equal(allowed(origins, origin), expected)
      })
    }
  })

  it('refuses origins that are no regular expressions in the words of Kong', () => {
    assert.deepEqual(
      faultsOf(cors, { origins: ['(a', '.*.example.com', 'invalid_**regex', '*'] }),
      [
        "origins[0]: '(a' is not a valid regex",
        "origins[2]: 'invalid_**regex' is not a valid regex",
      ],
    )
  })

  it('refuses an unknown method, and null for what Kong requires', () => {
    assert.deepEqual(faultsOf(cors, { methods: ['BREW'], credentials: null }), [
      'credentials: required field missing',
      'methods[0]: expected one of: GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS, TRACE, CONNECT',
    ])
  })
})
