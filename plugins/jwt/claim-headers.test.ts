// claims_to_headers and hide_credentials, which Kong does not have.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import { hmacToken } from '../../test/support/signed-tokens.js'
import jwt from './index.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const credential = fakeCredential(alice, { id: 'c', key: 'k', secret: 's', algorithm: 'HS256' })
const store = fakeStore({
  consumers: [alice, guest],
  credentials: { jwt_secrets: [credential] },
})

function ask(request: FakeRequest, config: object): FakeContext {
  const ctx = fakeContext({ store, ...request })
  void jwt.access?.(ctx, prepared(jwt, config))
  return ctx
}

function tokenOf(claims: object): string {
  return hmacToken({ iss: 'k', ...claims }, 's')
}

describe('claims_to_headers', () => {
  const config = { claims_to_headers: { sub: 'X-User-ID', roles: 'X-User-Roles' } }
  const authorization = (claims: object) => ['Authorization', `Bearer ${tokenOf(claims)}`] as const
  const FORGED = [
    ['X-User-ID', 'admin'],
    ['x_user_id', 'admin'],
    ['X-User_Id', 'admin'],
    ['X-USER-ROLES', 'admin'],
    ['X-User', 'kept'],
  ] as const

  const sent = ({ upstream }: FakeContext): Record<string, string> =>
    Object.fromEntries(
      Array.from(upstream.headers.entries()).filter(([name]) => /^x.user/i.test(name)),
    )

  it('passes claims on in headers, and nothing of the client under these names', () => {
    const claims = { sub: 'user-5', roles: 'a,b' }
    const ctx = ask({ headers: [authorization(claims), ...FORGED] }, config)
    assert.equal(ctx.consumer, alice)
    assert.deepEqual(sent(ctx), { 'X-User': 'kept', 'X-User-ID': 'user-5', 'X-User-Roles': 'a,b' })
  })

  it('says the same the second time', () => {
    const use = prepared(jwt, config)
    for (let i = 0; i < 3; i++) {
      const ctx = fakeContext({ store, headers: [authorization({ sub: 'user-6' }), ...FORGED] })
      void jwt.access?.(ctx, use)
      assert.deepEqual(sent(ctx), { 'X-User': 'kept', 'X-User-ID': 'user-6' })
    }
  })

  it('removes what the client sends where no token is asked for, too', () => {
    const headers = [...FORGED]
    const preflight = { ...config, run_on_preflight: false }
    const anonymous = { ...config, anonymous: 'guest' }
    for (const ctx of [
      ask({ headers }, anonymous),
      ask({ headers, method: 'OPTIONS' }, preflight),
      ask({ headers, consumer: guest, credential }, anonymous),
    ]) {
      assert.equal(ctx.answer, null)
      assert.deepEqual(sent(ctx), { 'X-User': 'kept' })
    }
  })

  const values: readonly (readonly [claim: unknown, header: string | undefined])[] = [
    ['Zoë', 'Zoë'],
    [5, '5'],
    [false, 'false'],
    [['a,b', 'c'], '["a,b","c"]'],
    [{ a: { b: null } }, '{"a":{"b":null}}'],
    [null, undefined],
    ['', undefined],
    [' padded ', undefined],
    ['a\r\nX-Admin: 1', undefined],
    ['a\nb', undefined],
    ['a\0b', undefined],
    ['a\x7fb', undefined],
  ]
  for (const [claim, header] of values) {
    it(`makes ${header ?? 'no header'} of ${JSON.stringify(claim)}`, () => {
      const ctx = ask({ headers: [authorization({ sub: claim }), ...FORGED] }, config)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.upstream.headers.get('x-user-id'), header)
    })
  }

  it('takes members of the claims alone, not what every object has', () => {
    const inherited = { claims_to_headers: { constructor: 'X-User-A', __proto__x: 'X-User-B' } }
    assert.deepEqual(sent(ask({ headers: [authorization({})] }, inherited)), {})
    const own = { claims_to_headers: { ['__proto__']: 'X-User-C' } }
    const token = hmacToken('{"iss":"k","__proto__":"p"}', 's')
    const ctx = ask({ headers: [['Authorization', `Bearer ${token}`]] }, own)
    assert.equal(ctx.consumer, alice)
    assert.deepEqual(sent(ctx), { 'X-User-C': 'p' })
  })
})

describe('hide_credentials', () => {
  const config = { hide_credentials: true, cookie_names: ['ck', 'second'] }
  const token = tokenOf({})

  it('takes the token out of every place it may stand in', () => {
    const ctx = ask(
      {
        target: `/?a=1&jwt=${token}&b=2`,
        headers: [
          ['Authorization', `Bearer ${token}`],
          ['Cookie', `a=1; CK=${token}; b=2`],
          ['Cookie', `second=${token}`],
        ],
      },
      config,
    )
    assert.equal(ctx.consumer, alice)
    assert.equal(ctx.upstream.query.text, 'a=1&b=2')
    assert.equal(ctx.upstream.headers.has('authorization'), false)
    assert.deepEqual(ctx.upstream.headers.getAll('cookie'), ['a=1; b=2'])
  })

  it('leaves alone what holds no token', () => {
    const ctx = ask(
      {
        target: `/?a=%20&b`,
        headers: [
          ['Authorization', 'Basic eDp5'],
          ['Cookie', `a=1;  b=2; ck=${token}x`],
        ],
      },
      { ...config, cookie_names: ['other'], anonymous: 'guest' },
    )
    assert.equal(ctx.upstream.query.text, 'a=%20&b')
    assert.equal(ctx.upstream.headers.get('authorization'), 'Basic eDp5')
    assert.deepEqual(ctx.upstream.headers.getAll('cookie'), [`a=1;  b=2; ck=${token}x`])
  })

  it('takes out a wrong token before the request goes on as anonymous', () => {
    const ctx = ask(
      { headers: [['Authorization', 'Bearer wrong']] },
      { ...config, anonymous: 'guest' },
    )
    assert.equal(ctx.consumer, guest)
    assert.equal(ctx.upstream.headers.has('authorization'), false)
  })
})
