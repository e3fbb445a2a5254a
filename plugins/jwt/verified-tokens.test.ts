// A token that has been verified passes without that again, and never for longer than it should.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Credential } from 'gw/plugin'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext, type FakeContext } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import { hmacToken } from '../../test/support/signed-tokens.js'
import jwt from './index.js'
import { VerifiedTokens } from './verified-tokens.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice' })

function credentialOf(fields: object = {}): Credential {
  return fakeCredential(alice, { id: 'c', key: 'k', secret: 's1', algorithm: 'HS256', ...fields })
}

function storeOf(...credentials: readonly Credential[]) {
  return fakeStore({ consumers: [alice], credentials: { jwt_secrets: credentials } })
}

const TOKEN = hmacToken({ iss: 'k' }, 's1')
type Use = ReturnType<NonNullable<typeof jwt.prepare>>

function ask(credentials: readonly Credential[], use: Use, token = TOKEN): FakeContext {
  const headers = [['Authorization', `Bearer ${token}`]] as const
  const ctx = fakeContext({ store: storeOf(...credentials), headers })
  void jwt.access?.(ctx, use)
  return ctx
}

function message(ctx: FakeContext): unknown {
  return (ctx.answer?.body as { message?: unknown } | undefined)?.message
}

describe('a token that has passed', () => {
  const use = prepared(jwt)
  const credential = credentialOf()

  it('is refused once its credential is removed', () => {
    assert.equal(ask([credential], use).consumer, alice)
    assert.equal(message(ask([], use)), "No credentials found for given 'iss'")
    assert.equal(ask([credential], use).consumer, alice)
  })

  it('is refused once its credential has another secret, algorithm or key', () => {
    assert.equal(ask([credential], use).consumer, alice)
    assert.equal(message(ask([credentialOf({ secret: 's2' })], use)), 'Invalid signature')
    assert.equal(message(ask([credentialOf({ algorithm: 'HS384' })], use)), 'Invalid algorithm')
    const renamed = credentialOf({ key: 'other' })
    assert.equal(message(ask([renamed], use)), "No credentials found for given 'iss'")
  })

  it('names the consumer that its credential belongs to now', () => {
    assert.equal(ask([credential], use).consumer, alice)
    const bob = fakeConsumer({ id: 'bob-id', username: 'bob' })
    assert.equal(ask([{ ...credential, consumer: bob }], use).consumer, bob)
  })

  it('is verified anew where the plugin is used in another way', () => {
    assert.equal(ask([credential], use).consumer, alice)
    const base64 = prepared(jwt, { secret_is_base64: true })
    assert.equal(message(ask([credential], base64)), 'Invalid signature')
    const other = prepared(jwt, { key_claim_name: 'kid' })
    assert.equal(message(ask([credential], other)), "No mandatory 'kid' in claims")
  })

  it('does not let pass one that differs in the last character', () => {
    assert.equal(ask([credential], use).consumer, alice)
    const ending = TOKEN.endsWith('A') ? 'E' : 'A'
    assert.notEqual(ask([credential], use, `${TOKEN.slice(0, -1)}${ending}`).answer, null)
  })

  it('passes after a reload, when the same credential is still there', () => {
    assert.equal(ask([credential], use).consumer, alice)
    jwt.configure?.([use])
    assert.equal(ask([credential], use).consumer, alice)
  })
})

describe('VerifiedTokens', () => {
  const credential = credentialOf()
  const store = storeOf(credential)
  const use = {}
  const verified = { credential, exp: undefined, nbf: undefined, headerValues: [] }

  it('keeps no more than its number, and gives up the oldest', () => {
    const tokens = new VerifiedTokens(3)
    const digests = ['a', 'b', 'c', 'd'].map((text) => tokens.digest(text) ?? assert.fail())
    for (const digest of digests) tokens.add(digest, use, verified)
    assert.equal(tokens.size, 3)
    assert.deepEqual(
      digests.map((digest) => tokens.get(digest, use, store) !== null),
      [false, true, true, true],
    )
    for (const digest of digests.slice(1)) tokens.add(digest, use, verified)
    assert.equal(tokens.size, 3)
  })

  it('tells apart what another use has found out', () => {
    const tokens = new VerifiedTokens()
    const digest = tokens.digest('a') ?? assert.fail()
    tokens.add(digest, use, verified)
    assert.notEqual(tokens.get(digest, use, store), null)
    assert.equal(tokens.get(digest, {}, store), null)
  })

  it('has no place for very long ones, and does not keep the others', () => {
    const tokens = new VerifiedTokens()
    assert.equal(tokens.digest('x'.repeat(4097)), null)
    assert.ok(!tokens.digest('token')?.includes('token'))
  })

  it('keeps nothing when it is cleared', () => {
    const tokens = new VerifiedTokens()
    tokens.add(tokens.digest('a') ?? assert.fail(), use, verified)
    tokens.clear()
    assert.equal(tokens.size, 0)
  })
})
