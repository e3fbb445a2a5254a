// Requests with tokens; what the endpoints answer stands in token.test.ts and authorize.test.ts.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeCredential, fakeService } from '../../test/support/fake-entities.js'
import type { FakeContext, FakeRequest } from '../../test/support/fake-context.js'
import { StoreError } from '../../src/plugin/shared-store.js'
import { OAuth2, START, app, as, other, type Setting } from '../../test/support/oauth2.js'

const INVALID = 'The access token is invalid or has expired'

function declared(key: string, fields: Readonly<Record<string, unknown>> = {}) {
  return fakeCredential(app, {
    id: `${key}-id`,
    key,
    credential: { id: 'app-credential', client_id: 'app' },
    service: { id: 'service-1' },
    expires_in: 0,
    scope: null,
    authenticated_userid: null,
    ...fields,
  })
}

const TOKENS = [
  declared('good', { scope: 'email', authenticated_userid: 'user-7' }),
  declared('global', { service: null }),
  declared('elsewhere', { service: { id: 'service-2' } }),
  declared('for-an-hour', { created_at: START / 1000, expires_in: 3600 }),
  declared('until', { ttl: START / 1000 + 60 }),
  declared('orphan', { credential: { id: 'x', client_id: 'gone' } }),
]

const plugin = (config: object = {}, setting: Setting = {}): OAuth2 =>
  new OAuth2({ config, tokens: TOKENS, ...setting })

function form(body: string, request: FakeRequest = {}): FakeRequest {
  return {
    method: 'POST',
    body,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    ...request,
  }
}

function description({ answer }: FakeContext): unknown {
  return (answer?.body as { error_description?: unknown } | undefined)?.error_description
}

describe('a request to a target behind oauth2', () => {
  it('without a token is answered 401', async () => {
    const { answer } = await plugin().ask({})
    assert.equal(answer?.status, 401)
    assert.deepEqual(answer.body, {
      error: 'invalid_request',
      error_description: 'The access token is missing',
    })
    assert.deepEqual(answer.headers, { 'WWW-Authenticate': 'Bearer' })
  })

  it('with a wrong token is answered 401, and told so in WWW-Authenticate', async () => {
    const { answer } = await plugin({ realm: 'R' }).call('wrong')
    assert.equal(answer?.status, 401)
    assert.deepEqual(answer.body, { error: 'invalid_token', error_description: INVALID })
    assert.deepEqual(answer.headers, {
      'WWW-Authenticate': `Bearer realm="R" error="invalid_token" error_description="${INVALID}"`,
    })
  })

  const places: readonly (readonly [title: string, FakeRequest])[] = [
    ['the header, after Bearer', { headers: [['Authorization', 'Bearer good']] }],
    ['the header, after token', { headers: [['authorization', 'token good']] }],
    ['the header, in any case', { headers: [['Authorization', 'BEARER  good']] }],
    ['the header as a whole', { headers: [['Authorization', 'good']] }],
    ['the query', { target: '/?access_token=good' }],
    ['a form', form('x=1&access_token=good')],
    ['a form, over the query', form('access_token=good', { target: '/?access_token=wrong' })],
    ['the query of a form', form('x=1', { target: '/?access_token=good' })],
    [
      'JSON',
      {
        method: 'PUT',
        body: '{"access_token":"good"}',
        headers: [['Content-Type', 'application/json']],
      },
    ],
  ]
  for (const [title, request] of places) {
    it(`passes with a good token in ${title}`, async () => {
      const ctx = await plugin().ask(request)
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, app)
    })
  }

  const misplaced: readonly (readonly [title: string, FakeRequest, description: string])[] = [
    [
      'a header of another kind beside a good argument',
      { target: '/?access_token=good', headers: [['Authorization', 'Basic eA==']] },
      INVALID,
    ],
    [
      'two arguments',
      { target: '/?access_token=good&access_token=good' },
      'The access token is missing',
    ],
    [
      'two fields',
      form('access_token=good&access_token=good', { target: '/?access_token=good' }),
      'The access token is missing',
    ],
    ['an argument without a value', { target: '/?access_token' }, 'The access token is missing'],
    [
      'a body that GET does not have',
      form('access_token=good', { method: 'GET' }),
      'The access token is missing',
    ],
    ['an empty header', { headers: [['Authorization', '']] }, INVALID],
  ]
  for (const [title, request, expected] of misplaced) {
    it(`is answered 401 with ${title}`, async () => {
      const ctx = await plugin().ask(request)
      assert.equal(ctx.answer?.status, 401)
      assert.equal(description(ctx), expected)
    })
  }

  it('is not read past 64 KB for a token', async () => {
    const ctx = await plugin().ask(form(`access_token=good&x=${'x'.repeat(2 ** 16)}`))
    assert.equal(ctx.answer?.status, 401)
    assert.equal(ctx.bodyReads, 0)
  })

  it('is an upload of unknown length that is not held up, when the token is in the query', async () => {
    const target = '/?access_token=good'
    const ctx = await plugin().ask(form('x'.repeat(2 ** 17), { target, isChunked: true }))
    assert.equal(ctx.answer, null)
    assert.equal(ctx.bodyReads, 0)
    const chunked = await plugin().ask(form('access_token=good', { isChunked: true }))
    assert.equal(chunked.answer, null)
  })

  it('tells the target who calls, whatever the client said of it', async () => {
    const forged = ['X-Consumer-Username', 'X-Authenticated-Scope', 'X-Authenticated-UserId']
    const headers = forged.map((name) => [name, 'forged'] as const)
    const authorization = ['Authorization', 'Bearer good'] as const
    const { upstream } = await plugin().ask({ headers: [...headers, authorization] })
    const told = (name: string): string | undefined => upstream.headers.get(name)
    assert.equal(told('X-Consumer-ID'), 'app-id')
    assert.equal(told('X-Consumer-Username'), 'app')
    assert.equal(told('X-Credential-Identifier'), 'app')
    assert.equal(told('X-Authenticated-Scope'), 'email')
    assert.equal(told('X-Authenticated-UserId'), 'user-7')
    const plain = await plugin({ global_credentials: true }).ask({
      headers: [...headers, ['Authorization', 'Bearer global']],
    })
    assert.equal(plain.upstream.headers.has('X-Authenticated-Scope'), false)
    assert.equal(plain.upstream.headers.has('X-Authenticated-UserId'), false)
  })

  it('is refused with a token of another service, also where tokens are global', async () => {
    assert.equal(description(await plugin().call('elsewhere')), INVALID)
    assert.equal(description(await plugin({ global_credentials: true }).call('elsewhere')), INVALID)
  })

  it('passes with a global token only where tokens are global', async () => {
    const expected =
      "The access token is global, but the current plugin is configured without 'global_credentials'"
    assert.equal(description(await plugin().call('global')), expected)
    const there = await plugin({ global_credentials: true }).call('global')
    assert.equal(there.answer, null)
  })

  it('is refused with a token of a client that is gone', async () => {
    assert.equal(description(await plugin().call('orphan')), INVALID)
  })

  it('is refused when the time of a declared token is over', async () => {
    const oauth2 = plugin()
    assert.equal((await oauth2.call('for-an-hour')).answer, null)
    assert.equal((await oauth2.call('until')).answer, null)
    oauth2.now += 61_000
    assert.equal(description(await oauth2.call('until')), INVALID)
    oauth2.now += 3_600_000
    assert.equal(description(await oauth2.call('for-an-hour')), INVALID)
  })

  it('takes the token from the header that is configured', async () => {
    const oauth2 = plugin({ auth_header_name: 'x_token' })
    assert.equal((await oauth2.call('good')).answer?.status, 401)
    assert.equal((await oauth2.ask({ headers: [['X-Token', 'bearer good']] })).answer, null)
  })

  describe('with hide_credentials', () => {
    const hiding = { hide_credentials: true }

    it('reaches the target without the header', async () => {
      const { upstream } = await plugin(hiding).call('good')
      assert.equal(upstream.headers.has('authorization'), false)
    })

    it('reaches the target without the argument', async () => {
      const { upstream } = await plugin(hiding).ask({ target: '/?a=1&access_token=good' })
      assert.equal(upstream.query.text, 'a=1')
    })

    it('reaches the target without the field', async () => {
      const ctx = await plugin(hiding).ask(form('access_token=good&x=1'))
      assert.equal(ctx.newBody?.toString(), 'x=1')
    })
  })

  describe('with anonymous', () => {
    it('goes on as that consumer without a good token, and says nothing of a user', async () => {
      const headers = [
        ['Authorization', 'Bearer wrong'],
        ['X-Authenticated-UserId', 'forged'],
      ] as const
      const ctx = await plugin({ anonymous: 'guest' }).ask({ headers })
      assert.equal(ctx.answer, null)
      assert.equal(ctx.upstream.headers.get('X-Anonymous-Consumer'), 'true')
      assert.equal(ctx.upstream.headers.get('X-Consumer-Username'), 'guest')
      assert.equal(ctx.upstream.headers.has('X-Authenticated-UserId'), false)
    })

    it('is left to the plugin that has found a credential before', async () => {
      const credential = fakeCredential(other, { id: 'found' })
      const ctx = await plugin({ anonymous: 'guest' }).ask({ consumer: other, credential })
      assert.equal(ctx.consumer, other)
    })
  })

  describe('with a token that was issued', () => {
    const issue = async (oauth2: OAuth2): Promise<string> => {
      const { body } = await oauth2.token({ grant_type: 'client_credentials', ...as('app') })
      return String(body.access_token)
    }

    it('passes until its time is over', async () => {
      const oauth2 = plugin({ token_expiration: 60 })
      const token = await issue(oauth2)
      assert.equal((await oauth2.call(token)).consumer, app)
      oauth2.now += 60_000
      assert.equal(description(await oauth2.call(token)), INVALID)
    })

    it('is refused at another service', async () => {
      const oauth2 = plugin()
      const service = fakeService({ id: 'service-2' })
      assert.equal(description(await oauth2.call(await issue(oauth2), { service })), INVALID)
    })

    it('passes at another service where tokens are global', async () => {
      const oauth2 = plugin({ global_credentials: true })
      const service = fakeService({ id: 'service-2' })
      assert.equal((await oauth2.call(await issue(oauth2), { service })).answer, null)
    })

    it('is refused once the client is gone, or belongs to another consumer', async () => {
      const oauth2 = plugin()
      const token = await issue(oauth2)
      const [first] = oauth2.clients
      oauth2.clients = []
      assert.equal(description(await oauth2.call(token)), INVALID)
      assert.ok(first)
      oauth2.clients = [{ ...first, consumer: other }]
      assert.equal(description(await oauth2.call(token)), INVALID)
      oauth2.clients = [first]
      assert.equal((await oauth2.call(token)).answer, null)
    })

    it('is answered 500 while the store does not answer, also with anonymous', async () => {
      const away = (): Promise<never> => Promise.reject(StoreError.of('away'))
      const shared = { put: away, get: away, take: away }
      const oauth2 = plugin({ anonymous: 'guest' }, { shared })
      assert.equal((await oauth2.call('0'.repeat(32))).answer?.status, 500)
      assert.equal((await oauth2.call('good')).answer, null)
      const told = await oauth2.token({
        grant_type: 'client_credentials',
        state: 's',
        ...as('app'),
      })
      assert.equal(told.status, 503)
      assert.deepEqual([told.body.error, told.body.state], ['temporarily_unavailable', 's'])
    })
  })
})
