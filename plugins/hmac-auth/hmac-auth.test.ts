import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import hmacAuth from './index.js'

const NOW = 1_700_000_000
const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'alice-1' })
const bob = fakeConsumer({ id: 'bob-id', username: 'bob' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const store = fakeStore({
  consumers: [alice, bob, guest],
  credentials: {
    hmacauth_credentials: [
      fakeCredential(alice, { id: 'alice-key', username: 'alice', secret: 'alice-secret' }),
      fakeCredential(alice, { id: 'umlaut-key', username: 'ümlaut', secret: 'gehe\u0131m' }),
      fakeCredential(bob, { id: 'bob-key', username: 'bob', secret: 'bob-secret' }),
      fakeCredential(bob, { id: 'odd-key', username: 'odd', secret: null }),
    ],
  },
})

function dateAt(seconds: number): string {
  return new Date(seconds * 1000).toUTCString()
}

const DATE = dateAt(NOW)

interface Signing {
  readonly username?: string
  readonly algorithm?: string
  readonly secret?: string
  readonly headers?: string
  /** What is signed; left out, the date. */
  readonly text?: string
}

function signature(signing: Signing = {}): string {
  const { username = 'alice', algorithm = 'sha256', secret = 'alice-secret' } = signing
  const { headers = 'date', text = `date: ${DATE}` } = signing
  const value = createHmac(algorithm, secret).update(text).digest('base64')
  return `hmac username="${username}", algorithm="hmac-${algorithm}", headers="${headers}", signature="${value}"`
}

type HeaderLines = readonly (readonly [name: string, value: string])[]

function signed(signing?: Signing, more: HeaderLines = []): HeaderLines {
  return [['Date', DATE], ['Authorization', signature(signing)], ...more]
}

async function ask(headers: HeaderLines, config: object = {}, request: FakeRequest = {}) {
  void hmacAuth.init?.(silentEnv(NOW * 1000 + 500))
  const ctx = fakeContext({ store, ...request, headers })
  await hmacAuth.access?.(ctx, prepared(hmacAuth, config))
  return ctx
}

function message({ answer }: FakeContext): unknown {
  return answer === null ? null : [answer.status, (answer.body as { message?: unknown }).message]
}

const UNAUTHORIZED = [401, 'Unauthorized']
const NO_DATE = [
  401,
  'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication',
]
const NOT_VERIFIED = [401, 'HMAC signature cannot be verified']
const NO_MATCH = [401, 'HMAC signature does not match']

describe('hmac-auth', () => {
  const line = (target: string, method = 'GET') => `date: ${DATE}\n${method} ${target} HTTP/1.1`
  const accepted: readonly (readonly [title: string, HeaderLines, FakeRequest?])[] = [
    ...['sha1', 'sha256', 'sha384', 'sha512'].map(
      (algorithm) => [`hmac-${algorithm}`, signed({ algorithm })] as const,
    ),
    [
      'the scheme in capitals',
      [
        ['Date', DATE],
        ['Authorization', signature().replace('hmac', 'Hmac')],
      ],
    ],
    [
      'no spaces',
      [
        ['Date', DATE],
        ['Authorization', signature().replaceAll(', ', ',')],
      ],
    ],
    [
      'no padding',
      [
        ['Date', DATE],
        ['Authorization', signature().replace('=""', '"')],
      ],
    ],
    [
      'X-Date',
      [
        ['X-Date', DATE],
        ['Authorization', signature({ headers: 'x-date', text: `x-date: ${DATE}` })],
      ],
    ],
    ['a bad X-Date beside a good Date', signed({}, [['X-Date', 'nonsense']])],
    [
      'a signature in Proxy-Authorization',
      [
        ['Date', DATE],
        ['Proxy-Authorization', signature()],
        ['Authorization', 'Basic x'],
      ],
    ],
    ['a Proxy-Authorization that is none', signed({}, [['Proxy-Authorization', 'hmac nonsense']])],
    [
      'the name of a header as the client wrote it',
      signed({ headers: 'date Content-MD5', text: `date: ${DATE}\nContent-MD5: m` }, [
        ['content-md5', 'm'],
      ]),
    ],
    [
      'a header that is not there',
      signed({ headers: 'date x-none', text: `date: ${DATE}\nx-none:` }),
    ],
    ['a date that is not signed', signed({ headers: 'x', text: 'x: 1' }, [['X', '1']])],
    [
      'the request line',
      signed({ headers: 'date request-line', text: line('/a%20b?q=1&q=%20') }),
      { target: '/a%20b?q=1&q=%20' },
    ],
    [
      'the request target',
      signed({ headers: '@request-target', text: '@request-target: post /y?z' }),
      { method: 'POST', target: '/y?z' },
    ],
    ['letters beyond ASCII', signed({ username: 'ümlaut', secret: 'gehe\u0131m' })],
    ['a body that nobody checks', signed(), { method: 'POST', body: 'x' }],
  ]
  for (const [title, headers, request] of accepted) {
    it(`accepts ${title}`, async () => {
      const ctx = await ask(headers, {}, request)
      assert.equal(message(ctx), null)
      assert.equal(ctx.consumer, alice)
      const identifier = ctx.upstream.headers.get('x-credential-identifier')
      assert.equal(identifier, ctx.credential?.username)
    })
  }

  const authorization = (value: string): HeaderLines => [
    ['Date', DATE],
    ['Authorization', value],
  ]
  const good = signature()
  const refused: readonly (readonly [
    title: string,
    HeaderLines,
    expected: unknown,
    config?: object,
  ])[] = [
    ['no header', [['Date', DATE]], UNAUTHORIZED],
    ['no date', [['Authorization', good]], NO_DATE],
    [
      'a date that is none',
      [
        ['Date', 'yesterday'],
        ['Authorization', good],
      ],
      NO_DATE,
    ],
    [
      'an ISO date',
      [
        ['Date', new Date(NOW * 1000).toISOString()],
        ['Authorization', good],
      ],
      NO_DATE,
    ],
    [
      'an old date',
      [
        ['Date', dateAt(NOW - 301)],
        ['Authorization', good],
      ],
      NO_DATE,
    ],
    [
      'a date to come',
      [
        ['Date', dateAt(NOW + 301)],
        ['Authorization', good],
      ],
      NO_DATE,
    ],
    [
      'an old date that is signed, and another beside it',
      [
        ['Date', dateAt(NOW - 301)],
        ['X-Date', DATE],
        ['Authorization', signature({ text: `date: ${dateAt(NOW - 301)}` })],
      ],
      NO_DATE,
    ],
    [
      'the same with its name in capitals',
      [
        ['Date', dateAt(NOW - 301)],
        ['X-Date', DATE],
        ['Authorization', signature({ headers: 'DATE', text: `DATE: ${dateAt(NOW - 301)}` })],
      ],
      NO_DATE,
    ],
    ['an empty header', authorization(''), NOT_VERIFIED],
    ['another scheme', authorization('Basic YWxpY2U6cHc='), NOT_VERIFIED],
    ['the scheme in upper case', authorization(good.replace('hmac', 'HMAC')), NOT_VERIFIED],
    ['single quotes', authorization(good.replaceAll('"', "'")), NOT_VERIFIED],
    ['no user', authorization(good.replace('username="alice", ', '')), NOT_VERIFIED],
    ['an empty user', authorization(signature({ username: '' })), NOT_VERIFIED],
    ['an unknown user', authorization(signature({ username: 'nobody' })), NOT_VERIFIED],
    [
      'what every object has for a user',
      authorization(signature({ username: '__proto__' })),
      NOT_VERIFIED,
    ],
    ['a quote in the user', authorization(signature({ username: 'x", y="alice' })), NOT_VERIFIED],
    ['no algorithm', authorization(good.replace(', algorithm="hmac-sha256"', '')), NOT_VERIFIED],
    [
      'an algorithm that Kong does not know',
      authorization(signature({ algorithm: 'md5' })),
      NOT_VERIFIED,
    ],
    [
      'an algorithm that may not be used',
      signed({ algorithm: 'sha1' }),
      NOT_VERIFIED,
      { algorithms: ['hmac-sha256'] },
    ],
    ['no list of headers', authorization(good.replace('"date"', '""')), NOT_VERIFIED],
    ['no signature', authorization(good.replace(/, signature.*/, '')), NOT_VERIFIED],
    [
      'an empty signature',
      authorization(good.replace(/signature=.*/, 'signature=""')),
      NOT_VERIFIED,
    ],
    [
      'fields in another order',
      authorization(good.replace(/^hmac (.*?), (.*?),/, 'hmac $2, $1,')),
      NOT_VERIFIED,
    ],
    [
      'a header that has to be signed',
      signed(),
      NOT_VERIFIED,
      { enforce_headers: ['date', 'request-line'] },
    ],
    [
      'the same in other letters',
      signed({ headers: 'DATE', text: `DATE: ${DATE}` }),
      NOT_VERIFIED,
      { enforce_headers: ['date'] },
    ],
    [
      'a signature that is no base64',
      authorization(good.replace(/signature=.*/, 'signature="#"')),
      NO_MATCH,
    ],
    ['a signature cut short', authorization(good.replace(/.{5}"$/, '"')), NO_MATCH],
    ['a signature of another length', authorization(good.replace('sha256', 'sha512')), NO_MATCH],
    ['a signature of another secret', signed({ secret: 'bob-secret' }), NO_MATCH],
    ['a signature of another user', signed({ username: 'bob' }), NO_MATCH],
    ['a credential without a secret', signed({ username: 'odd', secret: 'null' }), NO_MATCH],
    ['a signature of another text', signed({ text: 'date: x' }), NO_MATCH],
    ['a line break at the end', signed({ text: `date: ${DATE}\n` }), NO_MATCH],
    [
      'a signature without the query',
      signed({ headers: 'date request-line', text: line('/') }),
      NO_MATCH,
    ],
    ['two spaces in the list', signed({ headers: 'date  x', text: `date: ${DATE}\nx:` }), NO_MATCH],
    [
      'a signed header that comes twice',
      signed({ headers: 'x', text: 'x: 1' }, [
        ['X', '1'],
        ['x', '2'],
      ]),
      NO_MATCH,
    ],
    [
      'a header that is named twice',
      signed({ headers: 'date Date', text: `date: ${DATE}\nDate: ${DATE}` }),
      NO_MATCH,
    ],
    ['a huge header', authorization(`hmac username="${'hmac '.repeat(200_000)}`), NOT_VERIFIED],
    [
      'a huge header of fields',
      authorization('hmac username="a", algorithm="b", headers="c", '.repeat(20_000)),
      NOT_VERIFIED,
    ],
    [
      'a huge signature',
      authorization(good.replace(/signature=.*/, `signature="${'A'.repeat(2 ** 20)}"`)),
      NO_MATCH,
    ],
  ]
  for (const [title, headers, expected, config] of refused) {
    it(`refuses ${title}`, async () => {
      const ctx = await ask(headers, config, { target: '/?q' })
      assert.deepEqual(message(ctx), expected)
      assert.deepEqual(ctx.answer?.headers, { 'WWW-Authenticate': 'hmac' })
      assert.equal(ctx.consumer, null)
    })
  }

  it('takes a signature once more while its date is recent', async () => {
    assert.equal((await ask(signed())).consumer, alice)
    assert.equal((await ask(signed())).consumer, alice)
    void hmacAuth.init?.(silentEnv((NOW + 301) * 1000))
    const ctx = fakeContext({ store, headers: signed() })
    await hmacAuth.access?.(ctx, prepared(hmacAuth))
    assert.deepEqual(message(ctx), NO_DATE)
  })

  it('names the realm', async () => {
    const { answer } = await ask([], { realm: 'R' })
    assert.deepEqual(answer?.headers, { 'WWW-Authenticate': 'hmac realm="R"' })
  })

  describe('validate_request_body', () => {
    const config = { validate_request_body: true }
    const digestOf = (body: string) =>
      `SHA-256=${createHash('sha256').update(body).digest('base64')}`
    const cases: readonly (readonly [
      string,
      body: string,
      digests: readonly string[],
      isRight: boolean,
    ])[] = [
      ['the right digest', 'hello', [digestOf('hello')], true],
      ['a digest of another body', 'hello', [digestOf('hallo')], false],
      ['no digest', 'hello', [], false],
      ['two digests', 'hello', [digestOf('hello'), digestOf('hallo')], false],
      ['a digest in other letters', 'hello', [digestOf('hello').toLowerCase()], false],
      ['an empty digest', 'hello', [''], false],
      ['no body', '', [], true],
      ['no body, and its digest', '', [digestOf('')], true],
      ['no body, and the digest of one', '', [digestOf('hello')], false],
      ['a long body', 'x'.repeat(2 ** 20), [digestOf('x'.repeat(2 ** 20))], true],
    ]
    for (const [title, body, digests, isRight] of cases) {
      for (const isChunked of [false, true]) {
        it(`${isRight ? 'accepts' : 'refuses'} ${title}${isChunked ? ', in chunks' : ''}`, async () => {
          const more = digests.map((digest) => ['Digest', digest] as const)
          const ctx = await ask(signed({}, more), config, { method: 'POST', body, isChunked })
          assert.deepEqual(message(ctx), isRight ? null : NO_MATCH)
          assert.equal(ctx.consumer, isRight ? alice : null)
        })
      }
    }

    it('reads no body of a request with a wrong signature', async () => {
      const ctx = await ask(signed({ secret: 'x' }), config, { method: 'POST', body: 'x' })
      assert.equal(ctx.bodyReads, 0)
    })

    it('answers 413 for a body beyond its limit', async () => {
      const request = { method: 'POST', body: 'x'.repeat(2 ** 20 + 1) }
      await assert.rejects(ask(signed(), config, request), { code: 'BODY_TOO_LARGE' })
    })
  })

  describe('hide_credentials', () => {
    const config = { hide_credentials: true, anonymous: 'guest' }
    const proxy = ['Proxy-Authorization', good] as const

    it('takes away the header that was used', async () => {
      assert.equal((await ask(signed(), config)).upstream.headers.has('authorization'), false)
      const { upstream } = await ask([['Date', DATE], proxy, ['Authorization', 'x']], config)
      assert.equal(upstream.headers.has('proxy-authorization'), false)
      assert.equal(upstream.headers.get('authorization'), 'x')
    })

    it('takes away what cannot be read before the request goes on as anonymous', async () => {
      const ctx = await ask(authorization('hmac nonsense'), config)
      assert.equal(ctx.consumer, guest)
      assert.equal(ctx.upstream.headers.has('authorization'), false)
    })
  })

  describe('anonymous', () => {
    const config = { anonymous: 'guest' }

    it('lets a request without a valid signature go on as that consumer', async () => {
      for (const headers of [[], signed({ secret: 'x' })]) {
        const ctx = await ask(headers, config)
        assert.equal(ctx.consumer, guest)
        assert.equal(ctx.upstream.headers.get('x-anonymous-consumer'), 'true')
      }
    })

    it('is enough for a request that another plugin has authenticated', async () => {
      const credential = fakeCredential(bob, { id: 'key' })
      assert.equal((await ask(signed(), config, { consumer: bob, credential })).consumer, bob)
    })

    it('left out, asks a request that another plugin has authenticated, too', async () => {
      const credential = fakeCredential(bob, { id: 'key' })
      assert.deepEqual(message(await ask([], {}, { consumer: bob, credential })), UNAUTHORIZED)
    })

    it('fails for a consumer that does not exist', async () => {
      await assert.rejects(ask([], { anonymous: 'nobody' }), /"nobody" does not exist/)
    })
  })

  it('answers without waiting when there is no body to check', () => {
    void hmacAuth.init?.(silentEnv(NOW * 1000))
    const ctx = fakeContext({ store, headers: signed() })
    const use = prepared(hmacAuth, { validate_request_body: true })
    assert.equal(hmacAuth.access?.(ctx, use), undefined)
    assert.equal(ctx.consumer, alice)
  })
})

const ALGORITHMS = ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512']

describe('a configuration of hmac-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(hmacAuth, {}), {
      hide_credentials: false,
      clock_skew: 300,
      validate_request_body: false,
      enforce_headers: [],
      algorithms: ALGORITHMS,
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ clock_skew: 0 }, 'clock_skew: value must be greater than 0'],
    [{ algorithms: ['hmac-md5'] }, `algorithms[0]: expected one of: ${ALGORITHMS.join(', ')}`],
    [{ enforce_headers: ['date', ''] }, 'enforce_headers[1]: length must be at least 1'],
    [{ validate_request_body: null }, 'validate_request_body: required field missing'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(hmacAuth, config), [fault])
    })
  }
})
