// The token endpoint.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { fakeService } from '../../test/support/fake-entities.js'
import {
  CALLBACK,
  CLIENTS,
  OAuth2,
  PROVISION_KEY,
  SECRET,
  as,
  basic,
  inRedirect,
  type Fields,
  type Told,
} from '../../test/support/oauth2.js'
import { memoryStore } from '../../test/support/plugin-env.js'

const USER = { provision_key: PROVISION_KEY, authenticated_userid: 'user-7' }
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = {
  code_challenge: hash('sha256', VERIFIER, 'base64url'),
  code_challenge_method: 'S256',
}

const error = ({ status, body }: Told): readonly unknown[] => [
  status,
  body.error,
  body.error_description,
]
const BAD_CLIENT = [400, 'invalid_client', 'Invalid client authentication']
const BAD_CODE = [400, 'invalid_request', 'Invalid code']
const UNPROVED = [400, 'invalid_grant', 'Invalid code']

async function codeFor(oauth2: OAuth2, fields: Fields = {}): Promise<string> {
  const code = inRedirect(await oauth2.authorize(fields), 'code')
  assert.match(code ?? '', /^[A-Za-z0-9]{32}$/)
  return code ?? ''
}

const exchange = (oauth2: OAuth2, code: string, fields: Fields = as('app')): Promise<Told> =>
  oauth2.token({ grant_type: 'authorization_code', code, ...fields })

async function passes(oauth2: OAuth2, token: unknown): Promise<boolean> {
  return (await oauth2.call(String(token))).answer === null
}

describe('the token endpoint', () => {
  it('answers 405 to other methods than POST', async () => {
    const { answer } = await new OAuth2({ config: { realm: 'R' } }).ask({
      method: 'GET',
      target: '/any/oauth2/token/',
    })
    const description = 'The HTTP method GET is invalid for the token endpoint'
    assert.equal(answer?.status, 405)
    assert.deepEqual(answer.body, { error: 'invalid_method', error_description: description })
    assert.deepEqual(answer.headers, {
      'WWW-Authenticate': `Bearer realm="R" error="invalid_method" error_description="${description}"`,
    })
  })

  it('is no path that goes on behind it', async () => {
    const ctx = await new OAuth2().ask({ method: 'POST', target: '/oauth2/token/more' })
    assert.equal(ctx.answer?.status, 401)
  })

  describe('over plain HTTP', () => {
    const ask = (config: object, request: object): Promise<Told> =>
      new OAuth2({ config }).token(
        { grant_type: 'client_credentials', ...as('app') },
        { scheme: 'http', ...request },
      )
    const https = { headers: [['X-Forwarded-Proto', 'HTTPS']] }
    const twice = { headers: [...https.headers, ...https.headers] }
    const terminated = { accept_http_if_already_terminated: true }
    const denied = [400, 'access_denied', 'You must use HTTPS']

    it('answers 400, which nobody may keep', async () => {
      const told = await ask({}, {})
      assert.deepEqual(error(told), denied)
      assert.deepEqual(told.headers, { 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    })

    it('believes X-Forwarded-Proto of a trusted peer, where that is allowed', async () => {
      assert.deepEqual(error(await ask(terminated, https)), denied)
      assert.deepEqual(error(await ask({}, { ...https, isPeerTrusted: true })), denied)
      assert.deepEqual(error(await ask(terminated, { isPeerTrusted: true })), denied)
      assert.equal((await ask(terminated, { ...https, isPeerTrusted: true })).status, 200)
    })

    it('does not choose between several', async () => {
      const told = await ask(terminated, { ...twice, isPeerTrusted: true })
      assert.deepEqual(error(told), [
        400,
        'access_denied',
        'Only one X-Forwarded-Proto header allowed',
      ])
    })
  })

  describe('asked by a client', () => {
    const ask = (fields: Fields, headers: readonly (readonly [string, string])[] = []) =>
      new OAuth2().token({ grant_type: 'client_credentials', ...fields }, { headers })

    it('gives a token that is not kept by anybody, and says the state', async () => {
      const told = await ask({ ...as('app'), state: 's' })
      assert.equal(told.status, 200)
      assert.deepEqual(told.headers, { 'Cache-Control': 'no-store', Pragma: 'no-cache' })
      const { access_token: token, ...rest } = told.body
      assert.match(String(token), /^[A-Za-z0-9]{32}$/)
      assert.deepEqual(rest, { token_type: 'bearer', expires_in: 7200, state: 's' })
    })

    it('takes its credentials from the header, too', async () => {
      assert.equal((await ask({}, [basic('app')])).status, 200)
    })

    it('is told by 401 that its header is wrong', async () => {
      const told = await ask({}, [basic('app', 'wrong')])
      assert.deepEqual(error(told), [401, 'invalid_client', 'Invalid client authentication'])
      assert.equal(told.headers['WWW-Authenticate'], 'Basic realm="OAuth2.0"')
    })

    const wrong: readonly (readonly [title: string, Fields, expected: readonly unknown[]])[] = [
      ['a wrong secret', as('app', 'wrong'), BAD_CLIENT],
      ['no secret', { client_id: 'app' }, BAD_CLIENT],
      ['an empty secret', as('app', ''), BAD_CLIENT],
      ['an unknown name', as('nobody'), BAD_CLIENT],
      ['two names', { client_id: ['app', 'other'], client_secret: SECRET }, BAD_CLIENT],
      ['two secrets', { client_id: 'app', client_secret: [SECRET, SECRET] }, BAD_CLIENT],
      ['nothing', {}, BAD_CLIENT],
      [
        'a wrong secret and an unknown grant: what is told is the secret',
        { ...as('app', 'wrong'), grant_type: 'x' },
        BAD_CLIENT,
      ],
      [
        'an unknown grant',
        { ...as('app'), grant_type: 'x' },
        [400, 'unsupported_grant_type', 'Invalid grant_type'],
      ],
      [
        'two grants',
        { ...as('app'), grant_type: ['client_credentials', 'password'] },
        [400, 'unsupported_grant_type', 'Invalid grant_type'],
      ],
      [
        'a secret that a public client does not have',
        as('public', 'never-asked'),
        [400, 'invalid_request', 'client_secret is disallowed for public clients'],
      ],
      [
        'a URI that is not its own',
        { ...as('app'), redirect_uri: 'https://evil.test/' },
        [
          400,
          'invalid_request',
          'Invalid redirect_uri that does not match with any redirect_uri created with the application',
        ],
      ],
      [
        'a scope that is not configured',
        { ...as('app'), scope: 'email wot' },
        [400, 'invalid_scope', '"wot" is an invalid scope'],
      ],
      [
        'two lists of scopes',
        { ...as('app'), scope: ['email', 'phone'] },
        [400, 'invalid_scope', 'scope must be a string'],
      ],
      [
        'a user, and no provision_key',
        { ...as('app'), authenticated_userid: 'root' },
        [400, 'invalid_provision_key', 'Invalid provision_key'],
      ],
    ]
    for (const [title, fields, expected] of wrong) {
      it(`is refused with ${title}`, async () => {
        assert.deepEqual(error(await ask(fields)), expected)
      })
    }

    it('gets no grant that is not enabled', async () => {
      const config = { enable_client_credentials: false, enable_password_grant: false }
      const oauth2 = new OAuth2({ config })
      for (const type of ['client_credentials', 'password']) {
        const told = await oauth2.token({ grant_type: type, ...as('app'), ...USER })
        assert.equal(told.body.error, 'unsupported_grant_type')
      }
    })

    it('may have no redirect URI at all', async () => {
      assert.equal((await ask(as('machine'))).status, 200)
      assert.equal((await ask({ ...as('machine'), redirect_uri: CALLBACK })).status, 400)
    })

    it('is not believed anything where provision_key is left out', async () => {
      const oauth2 = new OAuth2({ config: { provision_key: null } })
      for (const key of ['', 'undefined', 'null']) {
        const told = await oauth2.token({
          grant_type: 'password',
          ...as('app'),
          ...USER,
          provision_key: key,
        })
        assert.equal(told.body.error, 'invalid_provision_key')
      }
    })

    it('is refused a body over 64 KB with BODY_TOO_LARGE', async () => {
      const fields = { grant_type: 'client_credentials', ...as('app'), x: 'x'.repeat(65_536) }
      await assert.rejects(new OAuth2().token(fields), { code: 'BODY_TOO_LARGE' })
    })
  })

  it('lets a client speak for a user who has the provision_key, and no other', async () => {
    const oauth2 = new OAuth2()
    const fields = {
      grant_type: 'client_credentials',
      ...as('app'),
      ...USER,
      scope: ' email  phone ',
    }
    const told = await oauth2.token(fields)
    assert.equal(told.body.refresh_token, undefined)
    const { upstream } = await oauth2.call(String(told.body.access_token))
    assert.equal(upstream.headers.get('X-Authenticated-UserId'), 'user-7')
    assert.equal(upstream.headers.get('X-Authenticated-Scope'), 'email phone')
    const split = await oauth2.token({ ...fields, authenticated_userid: 'a\r\nX-Admin: 1' })
    assert.equal(split.body.error, 'invalid_authenticated_userid')
  })

  it('asks for a scope where that is mandatory', async () => {
    const oauth2 = new OAuth2({ config: { mandatory_scope: true } })
    const grant = { grant_type: 'client_credentials', ...as('app') }
    for (const fields of [grant, { ...grant, scope: ' ' }]) {
      const told = await oauth2.token(fields)
      assert.deepEqual(error(told), [400, 'invalid_scope', 'You must specify a scope'])
    }
    assert.equal((await oauth2.token({ ...grant, scope: 'phone' })).status, 200)
  })

  it('gives a token without an end where token_expiration is 0, and nothing to renew it', async () => {
    const oauth2 = new OAuth2({ config: { token_expiration: 0 } })
    const { body } = await oauth2.token({ grant_type: 'password', ...as('app'), ...USER })
    assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'state'])
    oauth2.now += 1e12
    assert.ok(await passes(oauth2, body.access_token))
  })

  describe('asked for a password grant', () => {
    const ask = (fields: Fields) =>
      new OAuth2().token({ grant_type: 'password', ...as('app'), ...fields })

    it('gives an access token and a refresh token', async () => {
      const { body } = await ask(USER)
      assert.match(String(body.refresh_token), /^[A-Za-z0-9]{32}$/)
      assert.notEqual(body.refresh_token, body.access_token)
    })

    it('asks for the provision_key and a user', async () => {
      const key = [400, 'invalid_provision_key', 'Invalid provision_key']
      assert.deepEqual(error(await ask({ ...USER, provision_key: 'provisio' })), key)
      assert.deepEqual(error(await ask({ ...USER, provision_key: [PROVISION_KEY, 'x'] })), key)
      const user = [400, 'invalid_authenticated_userid', 'Missing authenticated_userid parameter']
      assert.deepEqual(error(await ask({ provision_key: PROVISION_KEY })), user)
      assert.deepEqual(error(await ask({ ...USER, authenticated_userid: ' ' })), user)
    })
  })

  describe('asked to exchange a code', () => {
    it('gives a token for what was consented to, and one to renew it with', async () => {
      const oauth2 = new OAuth2()
      const { status, body } = await exchange(oauth2, await codeFor(oauth2, { scope: 'email' }))
      assert.equal(status, 200)
      assert.equal(typeof body.refresh_token, 'string')
      const { upstream } = await oauth2.call(String(body.access_token))
      assert.equal(upstream.headers.get('X-Authenticated-UserId'), 'user-7')
      assert.equal(upstream.headers.get('X-Authenticated-Scope'), 'email')
    })

    it('takes it once, also when it comes several times at once', async () => {
      const oauth2 = new OAuth2()
      const code = await codeFor(oauth2)
      const all = await Promise.all(Array.from({ length: 20 }, () => exchange(oauth2, code)))
      const refused = all.filter(({ status }) => status !== 200)
      assert.equal(refused.length, 19)
      for (const told of refused) assert.deepEqual(error(told), BAD_CODE)
    })

    it('does not take it after five minutes', async () => {
      const oauth2 = new OAuth2()
      const code = await codeFor(oauth2)
      oauth2.now += 300_000
      assert.deepEqual(error(await exchange(oauth2, code)), BAD_CODE)
    })

    it('does not take one of another client, which can still use it', async () => {
      const oauth2 = new OAuth2()
      const code = await codeFor(oauth2)
      assert.deepEqual(error(await exchange(oauth2, code, as('other'))), BAD_CODE)
      assert.equal((await exchange(oauth2, code)).status, 200)
    })

    it('does not take one of another service', async () => {
      const oauth2 = new OAuth2()
      const code = await codeFor(oauth2)
      const service = fakeService({ id: 'service-2' })
      const fields = { grant_type: 'authorization_code', code, ...as('app') }
      assert.deepEqual(error(await oauth2.token(fields, { service })), BAD_CODE)
    })

    it('does not take one that was issued for another URI', async () => {
      const oauth2 = new OAuth2()
      const code = await codeFor(oauth2, { redirect_uri: CALLBACK })
      const second = { ...as('app'), redirect_uri: 'https://app.test/second' }
      assert.deepEqual(error(await exchange(oauth2, code, second)), BAD_CODE)
      const right = { ...as('app'), redirect_uri: CALLBACK }
      assert.equal((await exchange(oauth2, code, right)).status, 200)
    })

    for (const code of ['', 'x', '0'.repeat(32), "' or 1=1", 'oauth2:code:x']) {
      it(`does not take ${JSON.stringify(code)}`, async () => {
        assert.deepEqual(error(await exchange(new OAuth2(), code)), BAD_CODE)
      })
    }

    it('does not take an access token or a refresh token for one', async () => {
      const oauth2 = new OAuth2()
      const { body } = await exchange(oauth2, await codeFor(oauth2))
      for (const token of [body.access_token, body.refresh_token]) {
        assert.deepEqual(error(await exchange(oauth2, String(token))), BAD_CODE)
        const renewed = await oauth2.token({
          grant_type: 'refresh_token',
          refresh_token: String(body.access_token),
          ...as('app'),
        })
        assert.equal(renewed.body.error_description, 'Invalid refresh_token')
      }
      assert.equal(await passes(oauth2, body.refresh_token), false)
    })

    describe('with a challenge (PKCE)', () => {
      const asPublic = { client_id: 'public' }

      it('gives a token to who proves it', async () => {
        const oauth2 = new OAuth2()
        const code = await codeFor(oauth2, { ...asPublic, ...CHALLENGE })
        const told = await exchange(oauth2, code, { ...asPublic, code_verifier: VERIFIER })
        assert.equal(told.status, 200)
      })

      const verifiers: readonly (readonly [title: string, Fields, expected: readonly unknown[]])[] =
        [
          [
            'none',
            {},
            [400, 'invalid_request', 'code_verifier is required for PKCE authorization requests'],
          ],
          [
            'two',
            { code_verifier: [VERIFIER, VERIFIER] },
            [400, 'invalid_request', 'code_verifier is not a string'],
          ],
          [
            'a short one',
            { code_verifier: 'v'.repeat(42) },
            [400, 'invalid_request', 'code_verifier must be between 43 and 128 characters'],
          ],
          [
            'a long one',
            { code_verifier: 'v'.repeat(129) },
            [400, 'invalid_request', 'code_verifier must be between 43 and 128 characters'],
          ],
          ['another one', { code_verifier: 'w'.repeat(43) }, UNPROVED],
          ['the challenge itself', { code_verifier: CHALLENGE.code_challenge }, UNPROVED],
        ]
      for (const [title, fields, expected] of verifiers) {
        it(`refuses ${title} for a verifier, and leaves the code to its owner`, async () => {
          const oauth2 = new OAuth2()
          const code = await codeFor(oauth2, { ...asPublic, ...CHALLENGE })
          assert.deepEqual(
            error(await exchange(oauth2, code, { ...asPublic, ...fields })),
            expected,
          )
          const right = { ...asPublic, code_verifier: VERIFIER }
          assert.equal((await exchange(oauth2, code, right)).status, 200)
        })
      }

      it('notices that the challenge was taken out on the way', async () => {
        const oauth2 = new OAuth2()
        const code = await codeFor(oauth2)
        const fields = { ...as('app'), code_verifier: VERIFIER }
        assert.deepEqual(error(await exchange(oauth2, code, fields)), UNPROVED)
      })
    })
  })

  describe('asked to renew a token', () => {
    const first = async (oauth2: OAuth2): Promise<Told['body']> =>
      (await oauth2.token({ grant_type: 'password', ...as('app'), ...USER, scope: 'email' })).body
    const renew = (oauth2: OAuth2, token: unknown, fields: Fields = as('app')): Promise<Told> =>
      oauth2.token({ grant_type: 'refresh_token', refresh_token: String(token), ...fields })
    const BAD_REFRESH = [400, 'invalid_request', 'Invalid refresh_token']

    it('gives a new one, and the old ones are gone', async () => {
      const oauth2 = new OAuth2()
      const old = await first(oauth2)
      assert.ok(await passes(oauth2, old.access_token))
      const { status, body } = await renew(oauth2, old.refresh_token)
      assert.equal(status, 200)
      assert.equal(await passes(oauth2, old.access_token), false)
      assert.ok(await passes(oauth2, body.access_token))
      assert.notEqual(body.refresh_token, old.refresh_token)
      assert.deepEqual(error(await renew(oauth2, old.refresh_token)), BAD_REFRESH)
      const { upstream } = await oauth2.call(String(body.access_token))
      assert.equal(upstream.headers.get('X-Authenticated-UserId'), 'user-7')
      assert.equal(upstream.headers.get('X-Authenticated-Scope'), 'email')
    })

    it('gives one only, when it comes several times at once', async () => {
      const oauth2 = new OAuth2()
      const { refresh_token: token } = await first(oauth2)
      const all = await Promise.all(Array.from({ length: 10 }, () => renew(oauth2, token)))
      assert.equal(all.filter(({ status }) => status === 200).length, 1)
    })

    it('keeps the refresh token with reuse_refresh_token, until its time is over', async () => {
      const config = { reuse_refresh_token: true, refresh_token_ttl: 1000 }
      const oauth2 = new OAuth2({ config })
      const old = await first(oauth2)
      oauth2.now += 600_000
      const { body } = await renew(oauth2, old.refresh_token)
      assert.equal(body.refresh_token, old.refresh_token)
      assert.equal(await passes(oauth2, old.access_token), false)
      assert.ok(await passes(oauth2, body.access_token))
      oauth2.now += 400_000
      assert.deepEqual(error(await renew(oauth2, old.refresh_token)), BAD_REFRESH)
    })

    it('leaves one access token with reuse_refresh_token, however many come at once', async () => {
      const oauth2 = new OAuth2({ config: { reuse_refresh_token: true } })
      const { refresh_token: token } = await first(oauth2)
      const all = await Promise.all(Array.from({ length: 10 }, () => renew(oauth2, token)))
      const alive = await Promise.all(all.map(({ body }) => passes(oauth2, body.access_token)))
      assert.equal(alive.filter((isAlive) => isAlive).length, 1)
    })

    it('refuses another client, and another service', async () => {
      const oauth2 = new OAuth2()
      const { refresh_token: token } = await first(oauth2)
      assert.deepEqual(error(await renew(oauth2, token, as('other'))), BAD_CLIENT)
      const fields = { grant_type: 'refresh_token', refresh_token: String(token), ...as('app') }
      const service = fakeService({ id: 'service-2' })
      assert.deepEqual(error(await oauth2.token(fields, { service })), BAD_REFRESH)
      assert.equal((await renew(oauth2, token)).status, 200)
    })

    it('refuses scopes that are not configured any more', async () => {
      const shared = memoryStore(() => 0)
      const { refresh_token: token } = await first(new OAuth2({ shared }))
      const narrowed = new OAuth2({ shared, config: { scopes: ['phone'] } })
      const told = await renew(narrowed, token)
      assert.deepEqual(error(told), [400, 'invalid_scope', 'Scope mismatch'])
    })
  })

  describe('with hash_secret', () => {
    // Of `app-secret`, as Kong writes it.
    const phc =
      '$pbkdf2-sha512$i=10000,l=32$AAECAwQFBgcICQoLDA0ODw$3la4ziRJ65oyk5Ct4HW51giImrGIWLyVpQYQ9vbFCuY'
    const hashed = CLIENTS.map((client) => ({ ...client, client_secret: phc, hash_secret: true }))
    const ask = (secret: string, clients = hashed): Promise<Told> =>
      new OAuth2({ clients }).token({ grant_type: 'client_credentials', ...as('app', secret) })

    it('verifies secrets against their hash, the second time as the first', async () => {
      for (let i = 0; i < 2; i++) {
        assert.equal((await ask(SECRET)).status, 200)
        assert.deepEqual(error(await ask('wrong')), BAD_CLIENT)
      }
    })

    it('does not take the hash for the secret, nor what is no hash', async () => {
      assert.deepEqual(error(await ask(phc)), BAD_CLIENT)
      const broken = hashed.map((client) => ({ ...client, client_secret: '$pbkdf2-md5$i=1,l=1$$' }))
      assert.deepEqual(error(await ask('', broken)), BAD_CLIENT)
      assert.deepEqual(error(await ask('x', broken)), BAD_CLIENT)
    })

    it('verifies many at once', async () => {
      const all = await Promise.all(
        Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? SECRET : `wrong ${i}`)),
      )
      assert.equal(all.filter(({ status }) => status === 200).length, 20)
    })
  })
})
