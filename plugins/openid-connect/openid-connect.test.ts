import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { OutboundError, authenticatedGroups, type OutboundRequest } from 'gw/plugin'
import { fakeConsumer, fakeStore } from '../../test/support/fake-entities.js'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import {
  asymmetricToken,
  ecKeys,
  edKeys,
  hmacToken,
  rsaKeys,
} from '../../test/support/signed-tokens.js'
import openidConnect from './index.js'

const ISSUER = 'https://issuer.test/realm'
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`
const NOW = 1_700_000_000

const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'a-1' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const store = fakeStore({ consumers: [alice, guest] })

const rsa = rsaKeys().privateKey

function jwkOf(key: KeyObject, fields: object = {}): object {
  return { ...createPublicKey(key).export({ format: 'jwk' }), ...fields }
}

/** An issuer in memory, with a clock. */
class FakeIssuer {
  nowMs = NOW * 1000
  keys: readonly unknown[] = [jwkOf(rsa, { kid: 'one', use: 'sig', alg: 'RS256' })]
  document: object = {
    issuer: ISSUER,
    jwks_uri: 'https://issuer.test/jwks',
    introspection_endpoint: 'https://issuer.test/introspect',
  }
  /** By token. */
  readonly known = new Map<string, object>()
  isDown = false
  readonly requests: OutboundRequest[] = []

  constructor() {
    void openidConnect.init?.({
      ...silentEnv(0),
      now: () => this.nowMs,
      fetch: async (request) => {
        this.requests.push(request)
        await Promise.resolve()
        if (this.isDown) throw new OutboundError('connect ECONNREFUSED')
        return { status: 200, body: Buffer.from(JSON.stringify(this.#answer(request))) }
      },
    })
    // Nothing of the test before.
    openidConnect.configure?.([])
  }

  get asked(): readonly string[] {
    return this.requests.map(({ url }) => url.href)
  }

  #answer({ url, body }: OutboundRequest): unknown {
    if (url.href === DISCOVERY) return this.document
    if (url.pathname === '/introspect') {
      return this.known.get(new URLSearchParams(body).get('token') ?? '') ?? { active: false }
    }
    return { keys: this.keys }
  }
}

const claims = (changes: object = {}): object => ({
  ...{ iss: ISSUER, sub: 's-1', iat: NOW - 10, exp: NOW + 600, ...changes },
})
const tokenOf = (changes: object = {}, header: object = {}, key = rsa): string =>
  asymmetricToken(claims(changes), 'RS256', key, { alg: 'RS256', kid: 'one', ...header })

type Use = ReturnType<typeof useOf>
const useOf = (config: object = {}) =>
  prepared(openidConnect, { issuer: ISSUER, auth_methods: ['bearer'], ...config })

async function ask(
  use: Use,
  token: string | null,
  request: FakeRequest = {},
): Promise<FakeContext> {
  const headers = token === null ? [] : ([['Authorization', `Bearer ${token}`]] as const)
  const ctx = fakeContext({ store, ...request, headers: [...headers, ...(request.headers ?? [])] })
  await openidConnect.access?.(ctx, use)
  return ctx
}

/** The status of the refusal with its reason; null for a request that goes on. */
async function outcome(config: object, token: string): Promise<unknown> {
  const { answer } = await ask(useOf({ display_errors: true, ...config }), token)
  if (answer === null) return null
  const { message = '' } = answer.body as { message?: string }
  return `${answer.status} ${/\((.*)\)/.exec(message)?.[1] ?? message}`
}

describe('a configuration of openid-connect', () => {
  const unsupported = (config: object): unknown => {
    try {
      prepared(openidConnect, { issuer: ISSUER, ...config })
      return null
    } catch (error) {
      const { name, field, message, hint } = error as Record<string, string>
      return [name, field, message, hint]
    }
  }

  it('has to say which methods are meant, since logins are not built', () => {
    const others =
      'authorization_code, client_credentials, kong_oauth2, password, refresh_token, session, userinfo'
    const hint = 'write those of bearer and introspection that are meant, such as [bearer]'
    assert.deepEqual(unsupported({}), [
      'UnsupportedFault',
      'auth_methods',
      `left out, it stands for every method, and these are not built: ${others}`,
      hint,
    ])
    assert.deepEqual(unsupported({ auth_methods: ['bearer', 'session', 'password'] }), [
      ...['UnsupportedFault', 'auth_methods', 'not built: session, password', hint],
    ])
    assert.equal(unsupported({ auth_methods: ['bearer', 'introspection'] }), null)
  })

  it('is refused for each field that asks for what is not built, and not for one that asks for nothing', () => {
    const asking: readonly (readonly [field: string, asks: unknown, idle: unknown])[] = [
      ['by_username_ignore_case', true, false],
      ['cluster_cache_strategy', 'redis', 'off'],
      ['proof_of_possession_dpop', 'strict', 'off'],
      ['enable_hs_signatures', true, false],
      ['search_user_info', true, false],
      ['unauthorized_redirect_uri', ['https://a.test'], []],
      ['http_version', 1, 1.1],
      ['introspection_accept', 'application/jwt', 'application/json'],
      ['https_proxy', 'http://proxy.test', null],
      ['downstream_headers_claims', ['sub'], []],
      ['upstream_user_info_header', 'x-user', null],
      ['bearer_token_param_type', ['header', 'cookie'], ['header']],
      ['client_id', ['a', 'b'], ['a']],
      ['client_auth', ['private_key_jwt'], ['client_secret_post']],
      ['introspection_endpoint_auth_method', 'tls_client_auth', 'none'],
    ]
    for (const [field, asks, idle] of asking) {
      const fault = unsupported({ auth_methods: ['bearer'], [field]: asks })
      assert.ok(Array.isArray(fault), field)
      assert.deepEqual(fault.slice(0, 2), ['UnsupportedFault', field])
      assert.equal(typeof fault[3], 'string', `${field} has no way out`)
      assert.equal(unsupported({ auth_methods: ['bearer'], [field]: idle }), null, field)
    }
    const login = { auth_methods: ['bearer'], login_action: 'redirect' }
    assert.equal(unsupported(login), null)
    assert.notEqual(unsupported({ ...login, login_methods: ['bearer'] }), null)
  })

  it('may keep what belongs to methods that are not used', () => {
    const rest = { session_secret: 'x', redirect_uri: ['https://a.test'], redis: { host: 'r' } }
    assert.equal(unsupported({ auth_methods: ['bearer'], scopes: ['openid'], ...rest }), null)
  })

  it('is refused for lists that do not fit, and for headers with another meaning', () => {
    const fault = (config: object) => unsupported({ auth_methods: ['bearer'], ...config })
    assert.deepEqual(fault({ upstream_headers_names: ['x-a'] }), [
      ...['ConfigFault', 'upstream_headers_names'],
      'has 1 entries, and upstream_headers_claims has 0',
      'write one for each of the other',
    ])
    for (const header of ['host', 'Transfer_Encoding', 'authorization', 'Access-Token']) {
      const one = { upstream_headers_claims: ['sub'], upstream_headers_names: [header] }
      assert.notEqual(fault(one), null, header)
    }
    assert.notEqual(fault({ upstream_access_token_header: 'a b:bearer' }), null)
    assert.notEqual(fault({ using_pseudo_issuer: true }), null)
    assert.deepEqual(
      faultsOf(openidConnect, { issuer: ISSUER, claims_to_headers: { a: 'X-Access-Token' } }),
      [
        'claims_to_headers.a: header X-Access-Token is one that tokens come in, or one of upstream_headers_names',
      ],
    )
  })

  it('has the defaults of Kong', () => {
    const config = complete(openidConnect, { issuer: ISSUER }) as Record<string, unknown>
    assert.equal(config.rediscovery_lifetime, 30)
    assert.equal(config.cache_ttl, 3600)
    assert.equal(config.ssl_verify, false)
    assert.deepEqual(config.credential_claim, ['sub'])
    assert.equal(config.auth_methods, undefined)
  })
})

describe('the keys of an issuer', () => {
  it('are asked for when the gateway starts, and a request waits for nobody then', async () => {
    const issuer = new FakeIssuer()
    const use = useOf()
    openidConnect.configure?.([use])
    const first = await ask(use, tokenOf())
    assert.equal(first.answer, null)
    assert.deepEqual(issuer.asked, [DISCOVERY, 'https://issuer.test/jwks'])
    const again = fakeContext({ store, headers: [['Authorization', `Bearer ${tokenOf()}`]] })
    assert.equal(openidConnect.access?.(again, use), undefined)
    assert.equal(again.answer, null)
  })

  it('are asked for once by all requests that wait for them', async () => {
    const issuer = new FakeIssuer()
    const use = useOf()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask(use, tokenOf({ jti: i }))),
    )
    assert.ok(all.every(({ answer }) => answer === null))
    assert.equal(issuer.requests.length, 2)
  })

  it('are asked for again for a key that is not known, once in rediscovery_lifetime', async () => {
    const issuer = new FakeIssuer()
    const use = useOf()
    await ask(use, tokenOf())
    for (let i = 0; i < 50; i++) {
      const { answer } = await ask(use, tokenOf({}, { kid: `made-up-${i}` }))
      assert.equal(answer?.status, 401)
    }
    assert.equal(issuer.requests.length, 2)
    issuer.nowMs += 30_000
    for (let i = 0; i < 50; i++) await ask(use, tokenOf({}, { kid: `made-up-${i}` }))
    assert.equal(issuer.requests.length, 4)
    const next = rsaKeys().privateKey
    issuer.keys = [jwkOf(next, { kid: 'two' })]
    issuer.nowMs += 30_000
    assert.equal((await ask(use, tokenOf({}, { kid: 'two' }, next))).answer, null)
    // The old key is gone, and what it has signed with it.
    assert.equal((await ask(use, tokenOf())).answer?.status, 401)
  })

  it('serve on while the issuer is down, and are asked for beside the requests after cache_ttl', async () => {
    const issuer = new FakeIssuer()
    const use = useOf({ cache_ttl: 100 })
    const lasting = { exp: NOW + 1_000_000 }
    await ask(use, tokenOf(lasting))
    issuer.isDown = true
    issuer.nowMs += 100_000
    assert.equal((await ask(use, tokenOf(lasting))).answer, null)
    await nextTurn()
    assert.equal(issuer.requests.length, 3)
    assert.equal((await ask(use, tokenOf({ ...lasting, jti: 'new' }))).answer, null)
    await nextTurn()
    assert.equal(issuer.requests.length, 3)
    issuer.isDown = false
    issuer.nowMs += 5_000
    assert.equal((await ask(use, tokenOf(lasting))).answer, null)
    await nextTurn()
    assert.equal(issuer.requests.length, 5)
  })

  it('are missed with a 500 as long as there are none, and asked for every five seconds', async () => {
    const issuer = new FakeIssuer()
    issuer.isDown = true
    const use = useOf({ anonymous: 'guest' })
    for (let i = 0; i < 3; i++) {
      const { answer } = await ask(use, tokenOf())
      assert.deepEqual(
        [answer?.status, answer?.body],
        [500, { message: 'An unexpected error occurred' }],
      )
    }
    assert.equal(issuer.requests.length, 1)
    issuer.isDown = false
    issuer.nowMs += 5_000
    assert.equal((await ask(use, tokenOf())).answer, null)
  })

  it('are used for what they are meant for alone', async () => {
    const issuer = new FakeIssuer()
    const [ec, ed] = [ecKeys('P-256').privateKey, edKeys().privateKey]
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    issuer.keys = [
      jwkOf(rsa, { kid: 'one', alg: 'RS256' }),
      jwkOf(rsa, { kid: 'any' }),
      jwkOf(rsa, { kid: 'encrypts', use: 'enc' }),
      jwkOf(rsa, { kid: 'signs', key_ops: ['sign'] }),
      jwkOf(small, { kid: 'small' }),
      jwkOf(ec, { kid: 'ec' }),
      jwkOf(ed, { kid: 'ed' }),
      { kty: 'oct', k: 'c2VjcmV0', kid: 'secret' },
      { kty: 'RSA', kid: 'broken' },
      null,
      'text',
    ]
    const sign = (alg: string, key: KeyObject, kid: string) =>
      asymmetricToken(claims(), alg, key, { alg, kid })
    const unknown = '401 no key of the issuer has signed the token'
    const unfit = '401 the algorithm is not that of the key'
    const cases: readonly (readonly [token: string, expected: string | null])[] = [
      [sign('RS256', rsa, 'one'), null],
      [sign('RS512', rsa, 'one'), unfit],
      [sign('PS256', rsa, 'any'), null],
      [sign('RS256', rsa, 'encrypts'), unknown],
      [sign('RS256', rsa, 'signs'), unknown],
      [sign('RS256', small, 'small'), unknown],
      [sign('ES256', ec, 'ec'), null],
      [sign('EdDSA', ed, 'ed'), null],
      [sign('ES256', ec, 'ed'), unfit],
      [hmacToken(claims(), 'secret', { alg: 'HS256', kid: 'secret' }), unfit],
      [hmacToken(claims(), 'secret', { alg: 'HS256', kid: 'one' }), unfit],
      [asymmetricToken(claims(), 'RS256', rsa), null],
      [asymmetricToken(claims(), 'RS256', small), unknown],
      [sign('RS256', small, 'one'), '401 invalid signature'],
    ]
    for (const [token, expected] of cases) assert.equal(await outcome({}, token), expected)
  })

  it('do not come from where a document over https leads to plain http', async () => {
    const issuer = new FakeIssuer()
    issuer.document = { issuer: ISSUER, jwks_uri: 'http://issuer.test/jwks' }
    assert.equal((await ask(useOf(), tokenOf())).answer?.status, 500)
    assert.deepEqual(issuer.asked, [DISCOVERY])
  })

  it('may come from elsewhere, and headers for the issuer do not go there', async () => {
    const issuer = new FakeIssuer()
    const use = useOf({
      using_pseudo_issuer: true,
      extra_jwks_uris: ['https://keys.test/set'],
      discovery_headers_names: ['x-key'],
      discovery_headers_values: ['secret'],
    })
    assert.equal((await ask(use, tokenOf())).answer, null)
    assert.deepEqual(issuer.asked, ['https://keys.test/set'])
    assert.deepEqual(issuer.requests[0]?.headers, { Accept: 'application/json' })
  })
})

describe('the claims of a token', () => {
  const cases: readonly (readonly [config: object, claims: object, expected: string | null])[] = [
    [{}, { iss: 'https://evil.test' }, '401 invalid iss claim'],
    [{}, { iss: undefined }, '401 invalid iss claim'],
    [{}, { iss: [ISSUER] }, '401 invalid iss claim'],
    [{ issuers_allowed: ['https://b.test'] }, { iss: 'https://b.test' }, null],
    [{ issuers_allowed: ['https://b.test'] }, {}, '401 invalid iss claim'],
    [{}, { exp: undefined }, '401 exp claim is missing'],
    [{}, { exp: String(NOW + 10) }, '401 invalid exp claim'],
    [{}, { exp: NOW }, '401 token is expired'],
    [{ leeway: 1 }, { exp: NOW }, null],
    [{}, { nbf: NOW + 1 }, '401 token is not valid yet'],
    [{ leeway: 1 }, { nbf: NOW + 1 }, null],
    [{}, { iat: NOW + 1 }, '401 token is not valid yet'],
    [{}, { nbf: true }, '401 invalid nbf claim'],
    [{ verify_claims: false }, { exp: 5, iss: 'x' }, null],
    [{ domains: ['a.test'] }, { hd: 'a.test' }, null],
    [{ domains: ['a.test'] }, {}, '401 invalid hd claim'],
    [{ claims_forbidden: ['act'] }, { act: {} }, '403 a forbidden claim was found'],
    [{ scopes_required: ['a b', 'c'] }, { scope: 'b x a' }, null],
    [{ scopes_required: ['a b', 'c'] }, { scope: ['c'] }, null],
    [{ scopes_required: ['a b', 'c'] }, { scope: 'a' }, '403 required scopes not found'],
    [{ scopes_required: ['a'] }, { scope: 'ab' }, '403 required scopes not found'],
    [{ scopes_required: ['a'] }, {}, '403 required scopes not found'],
    [{ scopes_required: [] }, {}, null],
    [{ audience_required: ['x'] }, { aud: ['y', 'x'] }, null],
    [{ audience_required: ['x'] }, { aud: 'y' }, '403 required audience not found'],
    [{ groups_required: ['g'] }, { groups: [5, 'g'] }, null],
    [{ roles_claim: ['r', 'all'], roles_required: ['x'] }, { r: { all: ['x'] } }, null],
    [
      { roles_claim: ['r', 'all'], roles_required: ['x'] },
      { r: 'x' },
      '403 required roles not found',
    ],
    [{ roles_claim: ['constructor'], roles_required: ['x'] }, {}, '403 required roles not found'],
    [{ consumer_claim: ['sub'] }, { sub: 'alice' }, null],
    [{ consumer_claim: ['sub'] }, { sub: 'a-1' }, null],
    [{ consumer_claim: ['sub'] }, { sub: 'alice-id' }, '403 consumer was not found'],
    [{ consumer_claim: ['sub'], consumer_by: ['id'] }, { sub: 'alice-id' }, null],
    [{ consumer_claim: ['x'] }, {}, '403 consumer was not found'],
    [{ consumer_claim: ['x'], consumer_optional: true }, {}, null],
  ]
  for (const [config, changes, expected] of cases) {
    it(`are judged: ${JSON.stringify(config)} with ${JSON.stringify(changes)}`, async () => {
      new FakeIssuer()
      assert.equal(await outcome(config, tokenOf(changes)), expected)
    })
  }

  it('end a token that has passed once it is late', async () => {
    const issuer = new FakeIssuer()
    const use = useOf()
    const token = tokenOf({ exp: NOW + 5 })
    assert.equal((await ask(use, token)).answer, null)
    issuer.nowMs += 5_000
    assert.equal((await ask(use, token)).answer?.status, 401)
  })
})

describe('a request that passes', () => {
  it('goes on as the consumer, with claims as headers that nobody else can set', async () => {
    new FakeIssuer()
    const use = useOf({
      consumer_claim: ['user', 'name'],
      authenticated_groups_claim: ['groups'],
      upstream_headers_claims: ['email', 'sub'],
      upstream_headers_names: ['X-Mail', 'X-Sub'],
      claims_to_headers: { roles: 'X-Roles' },
      upstream_access_token_header: 'X-Token',
    })
    const forged = ['x_mail', 'X-SUB', 'X-Roles', 'X-Token', 'X-Authenticated-Groups']
    const headers = forged.map((name) => [name, 'forged'] as const)
    const token = tokenOf({
      ...{ user: { name: 'alice' }, groups: ['g', 'h'], roles: ['r'], sub: 's\r\nX: 1' },
    })
    const ctx = await ask(use, token, { headers })
    assert.equal(ctx.answer, null)
    assert.equal(ctx.consumer, alice)
    assert.equal(ctx.credential?.id, 's\r\nX: 1')
    assert.deepEqual(ctx.get(authenticatedGroups), ['g', 'h'])
    const { headers: sent } = ctx.upstream
    const seen = ['x_mail', 'x-mail', 'x-sub', 'x-roles', 'x-token', 'x-authenticated-groups']
    assert.deepEqual(
      seen.map((name) => sent.get(name)),
      [undefined, undefined, undefined, '["r"]', token, 'g, h'],
    )
    assert.equal(sent.get('x-credential-identifier'), undefined)
    assert.equal(sent.get('x-consumer-username'), 'alice')
  })

  it('counts by its credential where it has no consumer', async () => {
    new FakeIssuer()
    const { consumer, credential, upstream } = await ask(useOf(), tokenOf())
    assert.equal(consumer, null)
    assert.deepEqual(credential, { id: 's-1', consumer: null })
    assert.equal(upstream.headers.get('x-credential-identifier'), 's-1')
  })

  it('may bring its token in several places, and the target gets it in one or in none', async () => {
    new FakeIssuer()
    const token = tokenOf()
    const form = 'application/x-www-form-urlencoded'
    const places: readonly FakeRequest[] = [
      { headers: [['Authorization', `bEARER   ${token}`]] },
      { headers: [['Access-Token', token]] },
      { headers: [['X-Access-Token', `Bearer ${token}`]] },
      { target: `/?a=1&access_token=${token}` },
      { method: 'POST', headers: [['Content-Type', form]], body: `access_token=${token}&a=1` },
      {
        method: 'POST',
        headers: [['Content-Type', 'application/json']],
        body: JSON.stringify({ access_token: token }),
      },
    ]
    for (const [index, place] of places.entries()) {
      const shown = await ask(useOf(), null, place)
      assert.equal(shown.answer, null, String(index))
      assert.match(shown.upstream.headers.get('authorization') ?? '', /^bearer +eyJ/i)
      const { answer, upstream, newBody } = await ask(
        useOf({ hide_credentials: true }),
        null,
        place,
      )
      assert.equal(answer, null)
      const rest = [...upstream.headers.entries()].flat().join() + upstream.query.text
      assert.ok(!`${rest}${newBody?.toString() ?? ''}`.includes(token))
    }
    const headerOnly = useOf({ bearer_token_param_type: ['header'] })
    for (const place of places.slice(3)) {
      assert.equal((await ask(headerOnly, null, place)).answer?.status, 401)
    }
  })

  it('brings no second token past the one that was looked at', async () => {
    new FakeIssuer()
    const token = tokenOf()
    const { answer, upstream } = await ask(useOf(), token, {
      headers: [['Authorization', 'Bearer other']],
    })
    assert.equal(answer, null)
    assert.deepEqual(upstream.headers.getAll('authorization'), [`Bearer ${token}`])
  })

  it('is let through as an OPTIONS, or when another plugin knows it, where that is allowed', async () => {
    new FakeIssuer()
    const preflight = useOf({ run_on_preflight: false })
    assert.equal((await ask(preflight, null, { method: 'OPTIONS' })).answer, null)
    const known = { consumer: alice, credential: { id: 'c', consumer: alice } }
    assert.equal((await ask(useOf({ anonymous: 'guest' }), null, known)).consumer, alice)
    assert.equal((await ask(useOf(), null, known)).answer?.status, 401)
  })
})

describe('a request that does not pass', () => {
  it('goes on as anonymous, whatever is wrong with it', async () => {
    new FakeIssuer()
    const use = useOf({ anonymous: 'guest', scopes_required: ['x'] })
    for (const token of [null, 'nonsense', tokenOf()]) {
      assert.equal((await ask(use, token)).consumer, guest)
    }
  })

  it('is told so in the words of the file', async () => {
    new FakeIssuer()
    const use = useOf({
      ...{ unauthorized_error_message: 'no', forbidden_error_message: 'never' },
      ...{ expose_error_code: false, scopes_required: ['x'] },
    })
    const challenge = { 'WWW-Authenticate': 'Bearer realm="issuer.test"' }
    const refused = { status: 401, body: { message: 'no' }, headers: challenge }
    assert.deepEqual((await ask(use, null)).answer, refused)
    assert.deepEqual((await ask(use, 'nonsense')).answer, refused)
    const forbidden = { ...refused, status: 403, body: { message: 'never' } }
    assert.deepEqual((await ask(use, tokenOf())).answer, forbidden)
  })

  it('is not read when its token is huge', async () => {
    const issuer = new FakeIssuer()
    const config = { auth_methods: ['bearer', 'introspection'] }
    assert.equal(await outcome(config, 'x'.repeat(70_000)), '401 the token is too long')
    assert.equal(await outcome({}, tokenOf({ a: 'x'.repeat(20_000) })), null)
    assert.ok(!issuer.asked.some((url) => url.includes('introspect')))
  })
})

describe('introspection', () => {
  const methods = { auth_methods: ['introspection'] }
  const active = (fields: object = {}): object => ({ active: true, sub: 's-1', ...fields })

  it('proves who asks in the way that the file says', async () => {
    const client = { client_id: ['a b'], client_secret: ['c:d'] }
    const cases = [
      [
        {},
        `Basic ${Buffer.from('a+b:c%3Ad').toString('base64')}`,
        'token=t&token_type_hint=access_token',
      ],
      [
        { client_auth: ['client_secret_post'] },
        undefined,
        'token=t&token_type_hint=access_token&client_id=a+b&client_secret=c%3Ad',
      ],
      [
        { client_auth: ['client_secret_post'], introspection_endpoint_auth_method: 'none' },
        undefined,
        'token=t&token_type_hint=access_token&client_id=a+b',
      ],
    ] as const
    for (const [config, authorization, body] of cases) {
      const issuer = new FakeIssuer()
      issuer.known.set('t', active())
      assert.equal((await ask(useOf({ ...methods, ...client, ...config }), 't')).answer, null)
      const request = issuer.requests.at(-1)
      assert.equal(request?.headers.Authorization, authorization)
      assert.equal(request?.body, body)
    }
  })

  it('needs no discovery where the file names the endpoint', async () => {
    const issuer = new FakeIssuer()
    issuer.known.set('t', active())
    const use = useOf({ ...methods, introspection_endpoint: 'https://other.test/introspect' })
    openidConnect.configure?.([use])
    assert.equal((await ask(use, 't')).answer, null)
    assert.deepEqual(issuer.asked, ['https://other.test/introspect'])
  })

  it('is remembered until the token ends, or for cache_ttl, within the bounds of the file', async () => {
    const cases: readonly (readonly [config: object, answer: object, seconds: number])[] = [
      [{}, {}, 3600],
      [{}, { exp: NOW + 50 }, 50],
      [{ cache_ttl_max: 20 }, { exp: NOW + 50 }, 20],
      [{ cache_ttl: 5, cache_ttl_min: 10 }, {}, 10],
      [{ cache_ttl: 0 }, {}, 0],
      [{ cache_introspection: false }, {}, 0],
    ]
    for (const [config, fields, seconds] of cases) {
      const issuer = new FakeIssuer()
      issuer.known.set('t', active(fields))
      const use = useOf({
        ...methods,
        introspection_endpoint: 'https://i.test/introspect',
        ...config,
      })
      await ask(use, 't')
      issuer.nowMs += seconds * 1000 - 1
      await ask(use, 't')
      assert.equal(issuer.requests.length, seconds === 0 ? 2 : 1, JSON.stringify(config))
      issuer.nowMs += 1
      await ask(use, 't')
      assert.equal(issuer.requests.length, seconds === 0 ? 3 : 2, JSON.stringify(config))
    }
  })

  it('never makes a token live beyond its end', async () => {
    const issuer = new FakeIssuer()
    issuer.known.set('t', active({ exp: NOW + 5 }))
    const use = useOf({ ...methods, cache_ttl_min: 100 })
    assert.equal((await ask(use, 't')).answer, null)
    issuer.nowMs += 5_000
    assert.equal((await ask(use, 't')).answer?.status, 401)
  })

  it('remembers that a token is not active only where the file says so', async () => {
    for (const [config, expected] of [
      [{}, 2],
      [{ cache_ttl_neg: 10 }, 1],
    ] as const) {
      const issuer = new FakeIssuer()
      const use = useOf({
        ...methods,
        introspection_endpoint: 'https://i.test/introspect',
        ...config,
      })
      for (let i = 0; i < 2; i++) assert.equal((await ask(use, 't')).answer?.status, 401)
      assert.equal(issuer.requests.length, expected)
    }
  })

  it('is shared by requests with the same token, and not by two uses', async () => {
    const issuer = new FakeIssuer()
    issuer.known.set('t', active({ scope: 'a' }))
    const url = { introspection_endpoint: 'https://i.test/introspect' }
    const use = useOf({ ...methods, ...url })
    await Promise.all(Array.from({ length: 10 }, () => ask(use, 't')))
    assert.equal(issuer.requests.length, 1)
    const strict = useOf({ ...methods, ...url, scopes_required: ['b'] })
    assert.equal((await ask(strict, 't')).answer?.status, 403)
    assert.equal((await ask(use, 't')).answer, null)
    assert.equal(issuer.requests.length, 2)
  })

  it('comes after the signature of a signed token, which it may end', async () => {
    const issuer = new FakeIssuer()
    const use = useOf({ introspect_jwt_tokens: true, cache_introspection: false })
    const token = tokenOf()
    issuer.known.set(token, active())
    assert.equal((await ask(use, token)).answer, null)
    issuer.known.clear()
    assert.equal((await ask(use, token)).answer?.status, 401)
    const forged = tokenOf({}, {}, rsaKeys().privateKey)
    issuer.known.set(forged, active())
    const asked = issuer.requests.length
    assert.equal((await ask(use, forged)).answer?.status, 401)
    assert.equal(issuer.requests.length, asked)
  })

  it('is answered 500 while nobody answers it, whoever the anonymous is', async () => {
    const issuer = new FakeIssuer()
    issuer.known.set('t', active())
    const use = useOf({ ...methods, anonymous: 'guest' })
    issuer.isDown = true
    assert.equal((await ask(use, 't')).answer?.status, 500)
    issuer.isDown = false
    issuer.nowMs += 5_000
    assert.equal((await ask(use, 't')).answer, null)
  })
})
