import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type Answer } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import ipRestriction from './index.js'

async function ask(config: object, clientIp = '127.0.0.1'): Promise<Answer | null> {
  const ctx = fakeContext({ clientIp })
  await ipRestriction.access?.(ctx, prepared(ipRestriction, config))
  return ctx.answer
}

function message(answer: Answer | null): unknown {
  return (answer?.body as { message?: unknown } | undefined)?.message
}

describe('ip-restriction', () => {
  it('answers 403 with the address', async () => {
    const answer = await ask({ deny: ['127.0.0.1'] })
    assert.equal(answer?.status, 403)
    assert.equal(message(answer), 'IP address not allowed: 127.0.0.1')
  })

  it('answers with the configured status and message', async () => {
    const answer = await ask({ deny: ['127.0.0.1'], status: 401, message: 'Forbidden' })
    assert.equal(answer?.status, 401)
    assert.equal(message(answer), 'Forbidden')
  })

  const refused: readonly (readonly [config: object, clientIp: string])[] = [
    [{ deny: ['127.0.0.0/24'] }, '127.0.0.1'],
    [{ deny: ['10.0.0.1', '127.0.0.1'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.0/24'], deny: ['127.0.0.1'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.1'], deny: ['127.0.0.1'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.2'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.2'], deny: ['127.0.0.3'] }, '127.0.0.1'],
    [{ deny: ['::1'] }, '::1'],
    [{ deny: ['2001:db8::/32'] }, '2001:db8::1'],
    [{ allow: ['0.0.0.0/0'] }, '::1'],
    [{ allow: ['::/0'] }, '127.0.0.1'],
    [{ deny: ['192.0.2.0/24'] }, '::ffff:192.0.2.1'],
    [{ allow: ['192.0.2.0/24'] }, '::ffff:192.0.2.1'],
  ]
  for (const [config, clientIp] of refused) {
    it(`refuses ${clientIp} by ${JSON.stringify(config)}`, async () => {
      assert.equal((await ask(config, clientIp))?.status, 403)
    })
  }

  const passing: readonly (readonly [config: object, clientIp: string])[] = [
    [{ deny: ['127.0.0.2'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.1'] }, '127.0.0.1'],
    [{ allow: ['127.0.0.0/8'], deny: ['127.0.0.2'] }, '127.0.0.1'],
    [{ allow: [], deny: ['127.0.0.2'] }, '127.0.0.1'],
    [{ allow: ['0.0.0.0/0'] }, '127.0.0.1'],
    [{ allow: ['::1/128'] }, '::1'],
    [{ allow: ['::/0'] }, '::ffff:192.0.2.1'],
    [{ deny: ['::/0'] }, '127.0.0.1'],
  ]
  for (const [config, clientIp] of passing) {
    it(`lets ${clientIp} pass by ${JSON.stringify(config)}`, async () => {
      assert.equal(await ask(config, clientIp), null)
    })
  }

  it('refuses a client without an address', async () => {
    const answer = await ask({ deny: ['127.0.0.1'], status: 401, message: 'no' }, '')
    assert.equal(answer?.status, 403)
    assert.match(String(message(answer)), /^Cannot identify the client IP address/)
  })

  it('lets nobody pass by a status that is no refusal', async () => {
    await assert.rejects(ask({ deny: ['127.0.0.1'], status: 200 }), RangeError)
  })

  it('answers without waiting', () => {
    const config = prepared(ipRestriction, { deny: ['10.0.0.1'] })
    assert.equal(ipRestriction.access?.(fakeContext(), config), undefined)
  })
})
