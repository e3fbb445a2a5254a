import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext } from '../../test/support/fake-context.js'
import { callerOf, isSettled, refusalOf, refuse } from './authentication.js'
import { ConfigFault } from './config-fault.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const credential = fakeCredential(alice, { id: 'key' })
const store = fakeStore({ consumers: [alice, guest] })

describe('refuse', () => {
  const challenges: readonly (readonly [realm: string | undefined, challenge: string])[] = [
    [undefined, 'Key'],
    ['own', 'Key realm="own"'],
  ]
  for (const [realm, challenge] of challenges) {
    it(`answers 401 with the challenge ${challenge}`, () => {
      const ctx = fakeContext({ store })
      assert.ok(refuse(ctx, refusalOf('Key', { realm }), 'No'))
      assert.equal(ctx.answer?.status, 401)
      assert.equal((ctx.answer.body as { message: unknown }).message, 'No')
      assert.deepEqual(ctx.answer.headers, { 'WWW-Authenticate': challenge })
    })
  }

  it('lets the request go on where there is an anonymous consumer', () => {
    const ctx = fakeContext({ store, consumer: alice, credential })
    assert.equal(refuse(ctx, refusalOf('Key', { anonymous: 'guest' }), 'No'), undefined)
    assert.equal(ctx.answer, null)
    assert.equal(ctx.consumer, guest)
    assert.equal(ctx.credential, null)
  })

  for (const realm of ['a\r\nX: y', 'a\n', 'a\0']) {
    it(`cannot be made with the realm ${JSON.stringify(realm)}`, () => {
      assert.throws(
        () => refusalOf('Key', { realm }),
        (error) => error instanceof ConfigFault && error.field === 'realm',
      )
    })
  }
})

describe('isSettled', () => {
  it('is so by a credential, for those alone that allow anonymous', () => {
    const known = fakeContext({ consumer: alice, credential })
    assert.equal(isSettled(known, refusalOf('Key', { anonymous: 'guest' })), true)
    assert.equal(isSettled(known, refusalOf('Key', {})), false)
  })

  it('is not so by an anonymous consumer', () => {
    const ctx = fakeContext({ consumer: guest })
    assert.equal(isSettled(ctx, refusalOf('Key', { anonymous: 'guest' })), false)
  })
})

describe('callerOf', () => {
  it('is the consumer, else that of the credential, else nobody', () => {
    assert.equal(callerOf({ consumer: guest, credential }), guest)
    assert.equal(callerOf({ consumer: null, credential }), alice)
    assert.equal(callerOf({ consumer: null, credential: null }), null)
  })
})
