import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import keyAuth from './index.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'alice-1' })
const bob = fakeConsumer({ id: 'bob-id', username: 'bob' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const store = fakeStore({
  consumers: [alice, bob, guest],
  credentials: {
    keyauth_credentials: [
      fakeCredential(alice, { id: 'alice-credential', key: 'alice-key' }),
      fakeCredential(bob, { id: 'bob-credential', key: 'bob-key' }),
      fakeCredential(bob, { id: 'soon-over', key: 'bob-until-100', ttl: 100 }),
    ],
  },
})

/** Runs access and gives back what came of it. */
async function ask(request: FakeRequest, config: object = {}): Promise<FakeContext> {
  const ctx = fakeContext({ store, ...request })
  await keyAuth.access?.(ctx, prepared(keyAuth, config))
  return ctx
}

function message(ctx: FakeContext): unknown {
  return (ctx.answer?.body as { message?: unknown } | undefined)?.message
}

function form(body: string, headers: FakeRequest['headers'] = []): FakeRequest {
  const type = ['Content-Type', 'application/x-www-form-urlencoded'] as const
  return { method: 'POST', body, headers: [type, ...headers] }
}

function json(body: string): FakeRequest {
  return { method: 'POST', body, headers: [['Content-Type', 'application/json']] }
}

const NONE = 'No API key found in request'
const DUPLICATE = 'Duplicate API key found'

describe('key-auth', () => {
  describe('without a valid key', () => {
    it('answers 401 with WWW-Authenticate when no key is sent', async () => {
      const { answer } = await ask({})
      assert.equal(answer?.status, 401)
      assert.deepEqual(answer.headers, { 'WWW-Authenticate': 'Key' })
    })

    const refused: readonly (readonly [title: string, FakeRequest, message: string])[] = [
      ['no key', {}, NONE],
      ['an empty header', { headers: [['apikey', '']] }, NONE],
      [
        'an empty header beside a good argument',
        { target: '/?apikey=bob-key', headers: [['apikey', '']] },
        NONE,
      ],
      ['an argument without a value', { target: '/?apikey' }, NONE],
      ['an empty argument', { target: '/?apikey=' }, NONE],
      ['another name', { headers: [['X-API-Key', 'alice-key']] }, NONE],
      ['an unknown key', { headers: [['apikey', 'wrong']] }, 'Unauthorized'],
      [
        'a wrong header beside a good argument',
        { target: '/?apikey=bob-key', headers: [['apikey', 'wrong']] },
        'Unauthorized',
      ],
      [
        'two headers',
        {
          headers: [
            ['apikey', 'alice-key'],
            ['apikey', 'bob-key'],
          ],
        },
        DUPLICATE,
      ],
      ['two arguments', { target: '/?apikey=bob-key&apikey=bob-key' }, DUPLICATE],
      [
        'an argument with and one without a value',
        { target: '/?apikey&apikey=bob-key' },
        DUPLICATE,
      ],
    ]
    for (const [title, request, expected] of refused) {
      it(`answers "${expected}" for ${title}`, async () => {
        const ctx = await ask(request)
        assert.equal(ctx.answer?.status, 401)
        assert.equal(message(ctx), expected)
        assert.equal(ctx.consumer, null)
      })
    }

    it('names the realm', async () => {
      const { answer } = await ask({}, { realm: 'my-realm' })
      assert.deepEqual(answer?.headers, { 'WWW-Authenticate': 'Key realm="my-realm"' })
    })

    it('looks nowhere when all sources are off', async () => {
      const off = { key_in_header: false, key_in_query: false }
      const ctx = await ask({ target: '/?apikey=bob-key', headers: [['apikey', 'bob-key']] }, off)
      assert.equal(message(ctx), NONE)
    })

    it('takes an expired credential for an unknown one', async () => {
      void keyAuth.init?.(silentEnv(99_999))
      assert.equal((await ask({ headers: [['apikey', 'bob-until-100']] })).answer, null)
      void keyAuth.init?.(silentEnv(100_000))
      assert.equal(message(await ask({ headers: [['apikey', 'bob-until-100']] })), 'Unauthorized')
    })
  })

  describe('with a valid key', () => {
    it('names the consumer to the target', async () => {
      const ctx = await ask({ headers: [['APIKEY', 'alice-key']] })
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, alice)
      assert.equal(ctx.credential?.id, 'alice-credential')
      assert.deepEqual(linesOf(ctx.upstream.headers), [
        'APIKEY: alice-key',
        'X-Consumer-ID: alice-id',
        'X-Consumer-Custom-ID: alice-1',
        'X-Consumer-Username: alice',
        'X-Credential-Identifier: alice-credential',
      ])
    })

    it('lets no forged consumer header through', async () => {
      const ctx = await ask({
        headers: [
          ['apikey', 'bob-key'],
          ['x-consumer-username', 'forged'],
          ['X-Consumer-Custom-ID', 'forged'],
          ['X-Anonymous-Consumer', 'true'],
          ['X-Credential-Identifier', 'forged'],
        ],
      })
      assert.deepEqual(linesOf(ctx.upstream.headers), [
        'apikey: bob-key',
        'X-Consumer-ID: bob-id',
        'X-Consumer-Username: bob',
        'X-Credential-Identifier: bob-credential',
      ])
    })

    it('leaves the query as it came', async () => {
      const ctx = await ask({ target: '/?apikey=bob-key&x=%20a' })
      assert.equal(ctx.upstream.query.text, 'apikey=bob-key&x=%20a')
    })

    it('takes the first configured name that is there', async () => {
      const config = { key_names: ['X-Key', 'token'] }
      const ctx = await ask(
        { target: '/?token=bob-key', headers: [['x-key', 'alice-key']] },
        config,
      )
      assert.equal(ctx.consumer, alice)
    })

    it('finds a header with dashes by a name with underscores', async () => {
      const ctx = await ask({ headers: [['api-key', 'bob-key']] }, { key_names: ['api_key'] })
      assert.equal(ctx.consumer, bob)
    })
  })

  describe('hide_credentials', () => {
    const config = { hide_credentials: true }

    it('removes header and argument, wherever the key came from', async () => {
      const ctx = await ask(
        { target: '/?b=1&apikey=alice-key&a=2', headers: [['ApiKey', 'bob-key']] },
        config,
      )
      assert.equal(ctx.consumer, bob)
      assert.equal(ctx.upstream.query.text, 'b=1&a=2')
      assert.equal(ctx.upstream.headers.has('apikey'), false)
    })

    it('removes the header in both spellings', async () => {
      const request = {
        headers: [
          ['api_key', 'bob-key'],
          ['api-key', 'alice-key'],
        ],
      } as const
      const ctx = await ask(request, { ...config, key_names: ['api_key'] })
      assert.equal(ctx.upstream.headers.has('api_key'), false)
      assert.equal(ctx.upstream.headers.has('api-key'), false)
    })

    it('removes a key that is wrong too before the request goes on as anonymous', async () => {
      const ctx = await ask({ headers: [['apikey', 'wrong']] }, { ...config, anonymous: 'guest' })
      assert.equal(ctx.upstream.headers.has('apikey'), false)
    })

    it('removes the field of a form and keeps the others byte by byte', async () => {
      const ctx = await ask(form('x=%20+&apikey=alice-key&y'), { ...config, key_in_body: true })
      assert.equal(ctx.consumer, alice)
      assert.equal(ctx.newBody?.toString(), 'x=%20+&y')
    })

    it('removes the body field when the key came in a header', async () => {
      const request = form('apikey=bob-key&x=1', [['apikey', 'alice-key']])
      const ctx = await ask(request, { ...config, key_in_body: true })
      assert.equal(ctx.consumer, alice)
      assert.equal(ctx.newBody?.toString(), 'x=1')
    })

    it('reads no body of a request that it refuses', async () => {
      const request = form('apikey=bob-key', [['apikey', 'wrong']])
      const ctx = await ask(request, { ...config, key_in_body: true })
      assert.equal(ctx.answer?.status, 401)
      assert.equal(ctx.bodyReads, 0)
    })
  })

  describe('key_in_body', () => {
    const config = { key_in_body: true, key_in_header: false, key_in_query: false }
    const multipart = (...names: string[]): FakeRequest => ({
      method: 'POST',
      headers: [['Content-Type', 'multipart/form-data; boundary=X']],
      body: `${names.map((name) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nalice-key\r\n`).join('')}--X--\r\n`,
    })

    const accepted: readonly (readonly [string, FakeRequest])[] = [
      ['a form', form('a=1&apikey=alice-key')],
      ['a JSON object', json('{"n":{"apikey":1},"apikey":"alice-key"}')],
      ['a multipart form', multipart('other', 'apikey')],
      ['a form beside a wrong header', form('apikey=alice-key', [['apikey', 'wrong']])],
    ]
    for (const [title, request] of accepted) {
      it(`finds the key in ${title}`, async () => {
        const ctx = await ask(request, config)
        assert.equal(ctx.answer, null)
        assert.equal(ctx.consumer, alice)
        assert.equal(ctx.newBody, null)
      })
    }

    const refused: readonly (readonly [string, FakeRequest, string])[] = [
      ['a repeated form field', form('apikey=alice-key&apikey=alice-key'), DUPLICATE],
      ['a JSON list', json('{"apikey":["alice-key"]}'), DUPLICATE],
      ['a JSON object as the key', json('{"apikey":{}}'), DUPLICATE],
      [
        'a JSON name that comes twice',
        json('{"apikey":"alice-key","apikey":"alice-key"}'),
        DUPLICATE,
      ],
      ['a repeated part', multipart('apikey', 'apikey'), DUPLICATE],
      ['a form field in brackets', form('apikey[]=alice-key&apikey[1]=alice-key'), NONE],
      ['a form field without a value', form('apikey'), NONE],
      ['an empty form field', form('apikey='), NONE],
      ['a JSON boolean', json('{"apikey":true}'), NONE],
      ['a JSON number', json('{"apikey":12}'), NONE],
      ['a JSON null', json('{"apikey":null}'), NONE],
      ['a JSON array', json('["alice-key"]'), NONE],
      ['broken JSON', json('{"apikey":"alice-key"'), NONE],
      ['a body without a type', { method: 'POST', body: 'apikey=alice-key' }, NONE],
      [
        'text',
        { method: 'POST', body: 'apikey=alice-key', headers: [['Content-Type', 'text/plain']] },
        NONE,
      ],
    ]
    for (const [title, request, expected] of refused) {
      it(`answers "${expected}" for ${title}`, async () => {
        assert.equal(message(await ask(request, config)), expected)
      })
    }

    it('does not wait for the body when the key is in a header', async () => {
      const ctx = await ask(form('apikey=bob-key', [['apikey', 'alice-key']]), {
        key_in_body: true,
      })
      assert.equal(ctx.consumer, alice)
      assert.equal(ctx.bodyReads, 0)
    })

    it('prefers the body field of an earlier name to the header of a later one', async () => {
      const names = { key_names: ['token', 'apikey'], key_in_body: true }
      const ctx = await ask(form('token=alice-key', [['apikey', 'bob-key']]), names)
      assert.equal(ctx.consumer, alice)
    })

    it('answers 413 for a body beyond its limit', async () => {
      const request = form(`apikey=alice-key&x=${'x'.repeat(1024 * 1024)}`)
      await assert.rejects(ask(request, config), { code: 'BODY_TOO_LARGE' })
    })
  })

  describe('anonymous', () => {
    const config = { anonymous: 'guest' }

    it('lets a request without a key go on as that consumer', async () => {
      const ctx = await ask({ headers: [['X-Credential-Identifier', 'forged']] }, config)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, guest)
      assert.equal(ctx.credential, null)
      assert.deepEqual(linesOf(ctx.upstream.headers), [
        'X-Consumer-ID: guest-id',
        'X-Consumer-Username: guest',
        'X-Anonymous-Consumer: true',
      ])
    })

    it('finds the consumer by id too', async () => {
      assert.equal((await ask({}, { anonymous: 'guest-id' })).consumer, guest)
    })

    it('fails for a consumer that does not exist', async () => {
      await assert.rejects(
        ask({}, { anonymous: 'nobody' }),
        /anonymous consumer "nobody" does not exist/,
      )
    })

    it('asks for no key when another plugin has found a credential', async () => {
      const credential = fakeCredential(bob, { id: 'other' })
      const ctx = await ask(
        { consumer: bob, credential, headers: [['apikey', 'alice-key']] },
        config,
      )
      assert.equal(ctx.consumer, bob)
    })

    it('still asks for a key when another plugin has found a credential and anonymous is not set', async () => {
      const ctx = await ask({ consumer: bob, credential: fakeCredential(bob, { id: 'other' }) })
      assert.equal(ctx.answer?.status, 401)
    })
  })

  describe('run_on_preflight', () => {
    it('asks OPTIONS for a key by default', async () => {
      assert.equal((await ask({ method: 'OPTIONS' })).answer?.status, 401)
    })

    it('lets OPTIONS pass as nobody when false', async () => {
      const config = { run_on_preflight: false, anonymous: 'guest' }
      const ctx = await ask({ method: 'OPTIONS' }, config)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, null)
    })
  })

  it('answers without waiting when the body is not asked for', () => {
    const ctx = fakeContext({ store, headers: [['apikey', 'alice-key']] })
    assert.equal(keyAuth.access?.(ctx, prepared(keyAuth)), undefined)
    assert.equal(ctx.consumer, alice)
  })

  it('refuses a key name that is no header name, and null for what Kong requires', () => {
    assert.deepEqual(faultsOf(keyAuth, { key_names: ['a b'], key_in_body: null }), [
      'key_in_body: required field missing',
      "key_names[0]: bad header name 'a b', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
    ])
  })
})
