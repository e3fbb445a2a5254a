import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OutboundError, type OutboundRequest } from 'gw/plugin'
import { fakeConsumer, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import oauth2Introspection from './index.js'

const NOW = 1_700_000_000
const BASE = { introspection_url: 'https://i.test/in?tenant=5', authorization_value: 'Basic abc' }

const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'a-1' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const store = fakeStore({ consumers: [alice, guest] })

class FakeServer {
  nowMs = NOW * 1000
  isDown = false
  readonly known = new Map<string, object>()
  readonly requests: OutboundRequest[] = []

  constructor() {
    void oauth2Introspection.init?.({
      ...silentEnv(0),
      now: () => this.nowMs,
      fetch: async (request) => {
        this.requests.push(request)
        await Promise.resolve()
        if (this.isDown) throw new OutboundError('connect ECONNREFUSED')
        const token = new URLSearchParams(request.body).get('token') ?? ''
        const answer = this.known.get(token) ?? { active: false }
        return { status: 200, body: Buffer.from(JSON.stringify(answer)) }
      },
    })
    // Nothing of the test before.
    oauth2Introspection.configure?.([])
  }
}

type Use = ReturnType<typeof useOf>
const useOf = (config: object = {}) => prepared(oauth2Introspection, { ...BASE, ...config })

async function ask(
  use: Use,
  token: string | null,
  request: FakeRequest = {},
): Promise<FakeContext> {
  const headers = token === null ? [] : ([['Authorization', `Bearer ${token}`]] as const)
  const ctx = fakeContext({ store, ...request, headers: [...headers, ...(request.headers ?? [])] })
  await oauth2Introspection.access?.(ctx, use)
  return ctx
}

describe('a configuration of oauth2-introspection', () => {
  it('has the fields and defaults of Kong Enterprise', () => {
    assert.deepEqual(complete(oauth2Introspection, BASE), {
      ...BASE,
      ...{ ttl: 30, timeout: 10_000, keepalive: 60_000, introspect_request: false },
      ...{ custom_introspection_headers: {}, custom_claims_forward: [], consumer_by: 'username' },
      ...{ hide_credentials: false, run_on_preflight: true },
    })
    assert.deepEqual(faultsOf(oauth2Introspection, {}), [
      'introspection_url: required field missing',
      'authorization_value: required field missing',
    ])
    assert.deepEqual(faultsOf(oauth2Introspection, { ...BASE, anonymous: '' }), [])
    assert.equal(
      faultsOf(oauth2Introspection, { ...BASE, custom_claims_forward: ['a b'] }).length,
      1,
    )
  })
})

describe('oauth2-introspection', () => {
  it('asks the server with all that the file says', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true })
    const use = useOf({
      ...{ token_type_hint: 'access_token', custom_introspection_headers: { 'X-A': 'b' } },
      ...{ introspect_request: true, timeout: 5, keepalive: 7 },
    })
    assert.equal((await ask(use, 't', { target: '/a/b?c=d', method: 'PUT' })).answer, null)
    const [{ url, ...request } = assert.fail()] = server.requests
    assert.equal(url.href, 'https://i.test/in?tenant=5')
    assert.deepEqual(request, {
      ...{ method: 'POST', timeoutMs: 5, idleMs: 7, verify: true, maxBytes: 65_536 },
      body: 'token=t&token_type_hint=access_token',
      headers: {
        Accept: 'application/json',
        'X-A': 'b',
        Authorization: 'Basic abc',
        'X-Request-Path': '/a/b',
        'X-Request-Http-Method': 'PUT',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    })
  })

  it('asks for each path and method where it tells them', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true })
    const use = useOf({ introspect_request: true })
    for (const [method, target] of [
      ['GET', '/a'],
      ['GET', '/b'],
      ['PUT', '/a'],
      ['GET', '/a?x'],
    ] as const) {
      await ask(use, 't', { method, target })
    }
    assert.equal(server.requests.length, 3)
  })

  it('remembers an active token for ttl, but no longer than it lasts, and no other', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true })
    server.known.set('short', { active: true, exp: NOW + 10 })
    const use = useOf()
    for (const expected of [1, 1, 2]) {
      await ask(use, 't')
      assert.equal(server.requests.length, expected)
      server.nowMs += 15_000
    }
    server.nowMs = NOW * 1000
    const endless = useOf({ ttl: 0 })
    assert.equal((await ask(endless, 'short')).answer, null)
    server.nowMs += 10_000
    assert.equal((await ask(endless, 'short')).answer?.status, 401)
    server.requests.length = 0
    for (let i = 0; i < 2; i++) assert.equal((await ask(use, 'unknown')).answer?.status, 401)
    assert.equal(server.requests.length, 2)
  })

  it('lets requests with the same token wait for one answer', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true })
    const use = useOf()
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(use, 't')))
    assert.ok(all.every(({ answer }) => answer === null))
    assert.equal(server.requests.length, 1)
  })

  it('finds the consumer as the file says, and lets tokens without one pass', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true, username: 'alice', client_id: 'a-1' })
    server.known.set('nobody', { active: true, username: 'a-1', client_id: 'alice' })
    for (const consumer_by of ['username', 'client_id']) {
      const use = useOf({ consumer_by })
      assert.equal((await ask(use, 't')).consumer, alice)
      const { answer, consumer, credential } = await ask(use, 'nobody')
      assert.deepEqual([answer, consumer, credential?.id], [null, null, 'a-1'])
    }
  })

  it('tells the target what the server said, and nothing that a client says so', async () => {
    const server = new FakeServer()
    server.known.set('t', {
      ...{ active: true, username: 'u', client_id: 'c', scope: 'a b', exp: NOW + 5 },
      ...{ aud: ['x', 'y'], tenant: 'shop', jti: 'bad\r\nX: y' },
    })
    const forged = ['X-Credential-Sub', 'x_credential_scope', 'X-Credential-Tenant'] as const
    const headers = forged.map((name) => [name, 'forged'] as const)
    const use = useOf({ custom_claims_forward: ['tenant'] })
    const { upstream } = await ask(use, 't', { headers })
    const sent = [...upstream.headers.entries()].filter(([name]) => /^x.credential/i.test(name))
    assert.deepEqual(Object.fromEntries(sent), {
      'X-Credential-Scope': 'a b',
      'X-Credential-Client-ID': 'c',
      'X-Credential-Identifier': 'u',
      'X-Credential-Exp': String(NOW + 5),
      'X-Credential-Aud': '["x","y"]',
      'X-Credential-tenant': 'shop',
    })
    const other = await ask(
      useOf({ custom_claims_forward: ['tenant'], anonymous: 'guest' }),
      null,
      { headers },
    )
    assert.ok(![...other.upstream.headers.entries()].some(([, value]) => value === 'forged'))
  })

  it('leaves alone what another plugin has found out, where it allows anonymous', async () => {
    new FakeServer()
    const headers = [['X-Credential-Identifier', 'session']] as const
    const known = { consumer: alice, credential: { id: 'c', consumer: alice }, headers }
    const { consumer, upstream } = await ask(useOf({ anonymous: 'guest' }), null, known)
    assert.equal(consumer, alice)
    assert.equal(upstream.headers.get('x-credential-identifier'), 'session')
  })

  it('takes tokens from header, query and body, and out of them', async () => {
    const server = new FakeServer()
    server.known.set('t', { active: true })
    const places: readonly FakeRequest[] = [
      { headers: [['Authorization', 'Bearer t']] },
      { target: '/?access_token=t&a=1' },
      {
        method: 'POST',
        headers: [['Content-Type', 'application/json']],
        body: '{"access_token":"t"}',
      },
    ]
    for (const place of places) {
      const use = useOf({ hide_credentials: true })
      const { answer, upstream, newBody } = await ask(use, null, place)
      assert.equal(answer, null)
      assert.equal(upstream.headers.has('authorization'), false)
      assert.equal(upstream.query.get('access_token'), undefined)
      if (place.body !== undefined) assert.equal(newBody?.toString(), '{}')
    }
    const missing: FakeRequest = {
      method: 'POST',
      headers: [['Content-Type', 'application/json']],
      body: 'null',
    }
    assert.equal((await ask(useOf(), null, missing)).answer?.status, 401)
  })

  it('goes on as anonymous without a good token, and answers 500 while the server is down', async () => {
    const server = new FakeServer()
    const use = useOf({ anonymous: 'guest' })
    for (const token of [null, 'unknown', 'x'.repeat(70_000)]) {
      assert.equal((await ask(use, token)).consumer, guest)
    }
    assert.equal(server.requests.length, 1)
    server.isDown = true
    const { answer } = await ask(use, 'other')
    assert.deepEqual(
      [answer?.status, answer?.body],
      [500, { message: 'An unexpected error occurred' }],
    )
    assert.equal(
      (await ask(useOf({ run_on_preflight: false }), null, { method: 'OPTIONS' })).answer,
      null,
    )
  })
})
