import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import basicAuth from './index.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'alice-1' })
const bob = fakeConsumer({ id: 'bob-id', username: 'bob' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })

/** As the configuration keeps it. */
function kept(username: string, password: string, consumer = alice) {
  const hashed = createHash('sha1').update(`${password}${consumer.id}`).digest('hex')
  return fakeCredential(consumer, { id: `${username}-credential`, username, password: hashed })
}

const store = fakeStore({
  consumers: [alice, bob, guest],
  credentials: {
    basicauth_credentials: [
      kept('alice', 'pw'),
      kept('spaces', 'p:w : x'),
      kept('ümlaut', 'pä\u{1f600}'),
      kept('long', 'x'.repeat(10_000)),
      kept('', 'pw'),
      kept('\ufffd', 'pw'),
      kept('bob', 'bob-pw', bob),
      fakeCredential(bob, { id: 'odd', username: 'odd', password: 'no hash' }),
    ],
  },
})

function basic(text: string | Buffer): string {
  return `Basic ${Buffer.from(text).toString('base64')}`
}

type HeaderLines = readonly (readonly [name: string, value: string])[]

function ask(headers: HeaderLines, config: object = {}): FakeContext {
  const ctx = fakeContext({ store, headers })
  void basicAuth.access?.(ctx, prepared(basicAuth, config))
  return ctx
}

function authorization(value: string): HeaderLines {
  return [['Authorization', value]]
}

describe('basic-auth', () => {
  const accepted: readonly (readonly [title: string, value: string])[] = [
    ['user and password', basic('alice:pw')],
    ['the scheme in lower case', basic('alice:pw').replace('Basic', 'basic')],
    ['two spaces', basic('alice:pw').replace(' ', '  ')],
    ['no space', basic('alice:pw').replace(' ', '')],
    ['text before the scheme', `x ${basic('alice:pw')}`],
    ['text behind the padding', 'Basic YWxpY2U6cHc= and more'],
    ['no padding', 'Basic YWxpY2U6cHc'],
    ['colons and spaces in the password', basic('spaces:p:w : x')],
    ['letters beyond ASCII', basic('ümlaut:pä\u{1f600}')],
    ['a long password', basic(`long:${'x'.repeat(10_000)}`)],
  ]
  for (const [title, value] of accepted) {
    it(`accepts ${title}`, () => {
      const ctx = ask(authorization(value))
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, alice)
      const identifier = ctx.upstream.headers.get('x-credential-identifier')
      assert.equal(identifier, ctx.credential?.username)
    })
  }

  const refused: readonly (readonly [title: string, HeaderLines])[] = [
    ['no header', []],
    ['an empty header', authorization('')],
    ['the scheme alone', authorization('Basic')],
    ['the scheme and a space', authorization('Basic ')],
    ['another scheme', authorization('Bearer abc')],
    ['the scheme in upper case', authorization(basic('alice:pw').toUpperCase())],
    ['text that is no base64', authorization('Basic ###')],
    ['base64 with a space in it', authorization('Basic YWxp Y2U6cHc=')],
    ['base64 of the URL alphabet', authorization('Basic -_-_')],
    ['base64 cut short', authorization('Basic YWxpY2U6c')],
    ['a user without a password', authorization(basic('alice'))],
    ['an empty password', authorization(basic('alice:'))],
    ['an empty user', authorization(basic(':pw'))],
    ['nothing but a colon', authorization(basic(':'))],
    ['a wrong password', authorization(basic('alice:bad'))],
    ['a longer password', authorization(basic('alice:pw '))],
    ['the password of another', authorization(basic('bob:pw'))],
    [
      'the hash for a password',
      authorization(basic(`alice:${String(kept('alice', 'pw').password)}`)),
    ],
    ['a password with the id behind it', authorization(basic('alice:pwalice-id'))],
    ['a user in other letters', authorization(basic('ALICE:pw'))],
    ['an unknown user', authorization(basic('nobody:pw'))],
    ['a name of what every object has', authorization(basic('__proto__:pw'))],
    ['a credential that holds no hash', authorization(basic('odd:no hash'))],
    ['bytes that are no UTF-8', authorization(basic(Buffer.from('\xff:pw', 'latin1')))],
    ['a password with a NUL', authorization(basic('alice:pw\0'))],
    ['a huge header', authorization(basic('a'.repeat(1_000_000)))],
    ['a huge header of schemes', authorization('Basic '.repeat(100_000))],
    [
      'a known user with a wrong password in Proxy-Authorization, whatever is in Authorization',
      [
        ['Proxy-Authorization', basic('alice:bad')],
        ['Authorization', basic('alice:pw')],
      ],
    ],
  ]
  for (const [title, headers] of refused) {
    it(`answers 401 for ${title}`, () => {
      const ctx = ask(headers)
      assert.equal(ctx.answer?.status, 401)
      assert.equal((ctx.answer.body as { message: unknown }).message, 'Unauthorized')
      assert.deepEqual(ctx.answer.headers, { 'WWW-Authenticate': 'Basic realm="service"' })
      assert.equal(ctx.consumer, null)
    })
  }

  it('names the realm', () => {
    const { answer } = ask([], { realm: 'own' })
    assert.deepEqual(answer?.headers, { 'WWW-Authenticate': 'Basic realm="own"' })
  })

  it('looks in Proxy-Authorization first', () => {
    const ctx = ask([
      ['Authorization', basic('bob:bob-pw')],
      ['Proxy-Authorization', basic('alice:pw')],
    ])
    assert.equal(ctx.consumer, alice)
  })

  for (const value of [basic('nobody:x'), 'Bearer x']) {
    it(`goes on to Authorization when Proxy-Authorization is ${value}`, () => {
      const headers = [['Proxy-Authorization', value], ...authorization(basic('alice:pw'))] as const
      assert.equal(ask(headers).consumer, alice)
    })
  }

  describe('hide_credentials', () => {
    const config = { hide_credentials: true, anonymous: 'guest' }

    it('takes the headers away that have been looked at', () => {
      const { upstream } = ask(
        [['Proxy-Authorization', 'Bearer x'], ...authorization(basic('alice:pw'))],
        config,
      )
      assert.equal(upstream.headers.has('authorization'), false)
      assert.equal(upstream.headers.has('proxy-authorization'), false)
    })

    it('takes wrong credentials away before the request goes on as anonymous', () => {
      const ctx = ask(authorization(basic('alice:bad')), config)
      assert.equal(ctx.consumer, guest)
      assert.equal(ctx.upstream.headers.has('authorization'), false)
    })

    it('leaves Authorization alone when it was not needed', () => {
      const { upstream } = ask(
        [['Proxy-Authorization', basic('alice:pw')], ...authorization('Bearer x')],
        config,
      )
      assert.equal(upstream.headers.get('authorization'), 'Bearer x')
    })
  })

  describe('anonymous', () => {
    it('lets a request without valid credentials go on as that consumer', () => {
      const ctx = ask(authorization(basic('alice:bad')), { anonymous: 'guest' })
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, guest)
      assert.equal(ctx.upstream.headers.get('x-anonymous-consumer'), 'true')
    })

    it('is enough for a request that another plugin has authenticated', () => {
      const credential = fakeCredential(bob, { id: 'key' })
      const headers = authorization(basic('alice:pw'))
      const ctx = fakeContext({ store, headers, consumer: bob, credential })
      void basicAuth.access?.(
        ctx,
        prepared(basicAuth, { anonymous: 'guest', hide_credentials: true }),
      )
      assert.equal(ctx.consumer, bob)
      assert.equal(ctx.upstream.headers.get('authorization'), basic('alice:pw'))
    })

    it('left out, asks a request that another plugin has authenticated, too', () => {
      const credential = fakeCredential(bob, { id: 'key' })
      const ctx = fakeContext({ store, consumer: bob, credential })
      void basicAuth.access?.(ctx, prepared(basicAuth))
      assert.equal(ctx.answer?.status, 401)
    })

    it('fails for a consumer that does not exist', () => {
      assert.throws(() => ask([], { anonymous: 'nobody' }), /"nobody" does not exist/)
    })
  })
})

describe('a configuration of basic-auth', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(basicAuth, {}), { hide_credentials: false, realm: 'service' })
  })

  it('may name a consumer for requests without credentials', () => {
    assert.deepEqual(faultsOf(basicAuth, { anonymous: 'guest' }), [])
  })

  it('cannot be without a realm', () => {
    assert.deepEqual(faultsOf(basicAuth, { realm: null }), ['realm: required field missing'])
    assert.deepEqual(faultsOf(basicAuth, { realm: '' }), ['realm: length must be at least 1'])
  })
})
