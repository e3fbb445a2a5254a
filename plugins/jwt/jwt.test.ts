import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { sharedValues } from 'gw/plugin'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import {
  fakeContext,
  linesOf,
  type FakeContext,
  type FakeRequest,
} from '../../test/support/fake-context.js'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import {
  asymmetricToken,
  ecKeys,
  edKeys,
  hmacToken,
  rsaKeys,
} from '../../test/support/signed-tokens.js'
import jwt from './index.js'

const alice = fakeConsumer({ id: 'alice-id', username: 'alice', custom_id: 'alice-1' })
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const secret = fakeCredential(alice, { id: 'c1', key: 'k', secret: 's1', algorithm: 'HS256' })
const store = fakeStore({
  consumers: [alice, guest],
  credentials: {
    jwt_secrets: [
      secret,
      fakeCredential(alice, { id: 'c2', key: 'es', secret: 's1', algorithm: 'ES256' }),
      fakeCredential(alice, { id: 'c3', key: 'b64', secret: '_-8/', algorithm: 'HS256' }),
      fakeCredential(alice, { id: 'c4', key: 'bad64', secret: 'no base64', algorithm: 'HS256' }),
    ],
  },
})

/** What the clock says, in seconds. */
const NOW = 1_000_000
const TOKEN = hmacToken({ iss: 'k' }, 's1')
const OTHER = hmacToken({ iss: 'k', a: 1 }, 's1')

function ask(request: FakeRequest, config: object = {}): FakeContext {
  const ctx = fakeContext({ store, ...request })
  void jwt.access?.(ctx, prepared(jwt, config))
  return ctx
}

function bearer(token: string): FakeRequest {
  return { headers: [['Authorization', `Bearer ${token}`]] }
}

function message(ctx: FakeContext): unknown {
  return (ctx.answer?.body as { message?: unknown } | undefined)?.message
}

beforeEach(() => void jwt.init?.(silentEnv(NOW * 1000)))

describe('jwt', () => {
  describe('without a token', () => {
    it('answers 401 with WWW-Authenticate, and no more than Kong says', () => {
      const { answer } = ask({})
      assert.deepEqual(answer, {
        status: 401,
        body: { message: 'Unauthorized' },
        headers: { 'WWW-Authenticate': 'Bearer' },
      })
    })

    it('names the realm', () => {
      const config = { realm: 'my-realm' }
      assert.equal(ask({}, config).answer?.headers['WWW-Authenticate'], 'Bearer realm="my-realm"')
      assert.equal(
        ask(bearer('x'), config).answer?.headers['WWW-Authenticate'],
        'Bearer realm="my-realm" error="invalid_token"',
      )
    })

    for (const value of [
      'Basic eDp5',
      'Bearer',
      'Bearer ',
      `BEARER ${TOKEN}`,
      TOKEN,
      `token ${TOKEN}`,
    ]) {
      it(`finds none in "${value.slice(0, 12)}"`, () => {
        const ctx = ask({ headers: [['Authorization', value]] })
        assert.equal(message(ctx), 'Unauthorized')
      })
    }
  })

  describe('with a valid token', () => {
    it('names the consumer to the target, and lets no forged header through', () => {
      const ctx = ask({
        headers: [
          ['Authorization', `Bearer ${TOKEN}`],
          ['X-Consumer-Username', 'forged'],
          ['X-Anonymous-Consumer', 'true'],
        ],
      })
      assert.equal(ctx.answer, null)
      assert.equal(ctx.consumer, alice)
      assert.equal(ctx.credential, secret)
      assert.deepEqual(linesOf(ctx.upstream.headers), [
        `Authorization: Bearer ${TOKEN}`,
        'X-Consumer-ID: alice-id',
        'X-Consumer-Custom-ID: alice-1',
        'X-Consumer-Username: alice',
        'X-Credential-Identifier: k',
      ])
    })

    it('leaves the token to other plugins', () => {
      assert.equal(ask(bearer(TOKEN)).get(sharedValues)?.authenticated_jwt_token, TOKEN)
    })

    const places: readonly (readonly [title: string, FakeRequest, config: object])[] = [
      ['an argument', { target: `/?jwt=${TOKEN}` }, {}],
      ['an argument of another name', { target: `/?t=${TOKEN}` }, { uri_param_names: ['t'] }],
      ['a cookie', { headers: [['Cookie', `a=1; CK=${TOKEN}`]] }, { cookie_names: ['ck'] }],
      [
        'the second line of cookies',
        {
          headers: [
            ['Cookie', 'a=1'],
            ['Cookie', `ck=${TOKEN}`],
          ],
        },
        { cookie_names: ['none', 'ck'] },
      ],
      [
        'another header',
        { headers: [['X-Token', `Bearer ${TOKEN}`]] },
        { header_names: ['x_token'] },
      ],
      ['a header with text before it', { headers: [['Authorization', `x bearer\t ${TOKEN}`]] }, {}],
      [
        'two places, the same',
        { target: `/?jwt=${TOKEN}&jwt=${TOKEN}&jwt=`, ...bearer(TOKEN) },
        {},
      ],
    ]
    for (const [title, request, config] of places) {
      it(`finds it in ${title}`, () => {
        assert.equal(ask(request, config).consumer, alice)
      })
    }

    it('finds the key in the header when the claims have none', () => {
      const token = hmacToken({ iss: 'nobody' }, 's1', { alg: 'HS256', kid: 'k' })
      assert.equal(ask(bearer(token), { key_claim_name: 'kid' }).consumer, alice)
    })

    it('takes secrets for base64, in both alphabets', () => {
      const token = hmacToken({ iss: 'b64' }, Buffer.from([0xff, 0xef, 0x3f]))
      assert.equal(ask(bearer(token), { secret_is_base64: true }).consumer, alice)
      assert.equal(message(ask(bearer(token))), 'Invalid signature')
    })
  })

  describe('with keys', () => {
    const keys = {
      RS512: rsaKeys(),
      PS384: rsaKeys(3072),
      ES256: ecKeys('P-256'),
      ES384: ecKeys('P-384'),
      ES512: ecKeys('P-521'),
      EdDSA: edKeys(),
    }
    for (const [algorithm, { privateKey, pem }] of Object.entries(keys)) {
      it(`verifies ${algorithm}`, () => {
        const credential = fakeCredential(alice, {
          ...{ id: algorithm, key: algorithm, algorithm, rsa_public_key: pem },
        })
        const own = fakeStore({ credentials: { jwt_secrets: [credential] } })
        const token = asymmetricToken({ iss: algorithm }, algorithm, privateKey)
        assert.equal(ask({ store: own, ...bearer(token) }).consumer, alice)
        const cut = bearer(`${token.slice(0, -8)}AAAAAAAA`)
        assert.equal(message(ask({ store: own, ...cut })), 'Invalid signature')
      })
    }
  })

  describe('with a token that is wrong', () => {
    const refused: readonly (readonly [title: string, token: string, message: string])[] = [
      ['one part', 'x', 'Bad token; invalid JSON'],
      ['two parts', TOKEN.slice(0, TOKEN.lastIndexOf('.')), 'Bad token; invalid JSON'],
      ['four parts', `${TOKEN}.x`, 'Bad token; invalid signature'],
      ['text behind it', `${TOKEN} more`, 'Bad token; invalid signature'],
      ['claims that are a text', hmacToken('"k"', 's1'), 'Bad token; invalid claims'],
      ['claims that are a list', hmacToken(['k'], 's1'), "No mandatory 'iss' in claims"],
      ['no issuer', hmacToken({}, 's1'), "No mandatory 'iss' in claims"],
      ['an empty issuer', hmacToken({ iss: '' }, 's1'), "Invalid 'iss' in claims"],
      ['a number as issuer', hmacToken({ iss: 5 }, 's1'), "Invalid 'iss' in claims"],
      ['null as issuer', hmacToken({ iss: null }, 's1'), "Invalid 'iss' in claims"],
      [
        'an issuer nobody knows',
        hmacToken({ iss: 'x' }, 's1'),
        "No credentials found for given 'iss'",
      ],
      ['another algorithm', hmacToken({ iss: 'k' }, 's1', { alg: 'HS384' }), 'Invalid algorithm'],
      ['another secret', hmacToken({ iss: 'k' }, 's2'), 'Invalid signature'],
      [
        'a credential without its key',
        hmacToken({ iss: 'es' }, 's1', { alg: 'ES256' }),
        'Invalid key/secret',
      ],
    ]
    for (const [title, token, expected] of refused) {
      it(`answers "${expected}" for ${title}`, () => {
        const ctx = ask(bearer(token))
        assert.equal(ctx.answer?.status, 401)
        assert.equal(message(ctx), expected)
        assert.equal(ctx.answer.headers['WWW-Authenticate'], 'Bearer error="invalid_token"')
        assert.equal(ctx.consumer, null)
      })
    }

    it('answers "Multiple tokens provided" for two, an argument without a value included', () => {
      for (const target of [`/?jwt=${OTHER}`, '/?jwt']) {
        assert.equal(message(ask({ ...bearer(TOKEN), target })), 'Multiple tokens provided')
      }
      assert.equal(message(ask({ target: '/?jwt' })), 'Unrecognizable token')
    })

    it('answers "Invalid key/secret" for a secret that should be base64', () => {
      const token = hmacToken({ iss: 'bad64' }, 'no base64')
      assert.equal(message(ask(bearer(token), { secret_is_base64: true })), 'Invalid key/secret')
    })
  })

  describe('claims_to_verify', () => {
    const config = { claims_to_verify: ['exp', 'nbf'] }
    const times: readonly (readonly [claims: object, body: object | undefined])[] = [
      [{ exp: NOW + 1, nbf: NOW }, undefined],
      [{ exp: NOW, nbf: NOW }, { exp: 'token expired' }],
      [{ exp: NOW + 1, nbf: NOW + 1 }, { nbf: 'token not valid yet' }],
      [
        { exp: NOW - 1, nbf: NOW + 1 },
        { exp: 'token expired', nbf: 'token not valid yet' },
      ],
      [{}, { exp: 'must be a number', nbf: 'must be a number' }],
      [{ exp: String(NOW + 9), nbf: NOW }, { exp: 'must be a number' }],
      [
        { exp: [NOW + 9], nbf: null },
        { exp: 'must be a number', nbf: 'must be a number' },
      ],
    ]
    for (const [claims, body] of times) {
      it(`${body === undefined ? 'takes' : 'refuses'} ${JSON.stringify(claims)}`, () => {
        const { answer } = ask(bearer(hmacToken({ iss: 'k', ...claims }, 's1')), config)
        assert.deepEqual(answer?.body, body)
      })
    }

    it('is asked of a token that has passed before, each time', () => {
      const token = hmacToken({ iss: 'k', exp: NOW + 10, nbf: NOW + 5 }, 's1')
      const use = prepared(jwt, config)
      const at = (seconds: number): unknown => {
        void jwt.init?.(silentEnv(seconds * 1000))
        const ctx = fakeContext({ store, ...bearer(token) })
        void jwt.access?.(ctx, use)
        return ctx.answer?.body
      }
      assert.deepEqual(at(NOW + 4), { nbf: 'token not valid yet' })
      assert.equal(at(NOW + 5), undefined)
      assert.equal(at(NOW + 9), undefined)
      assert.deepEqual(at(NOW + 10), { exp: 'token expired' })
      assert.deepEqual(at(NOW), { nbf: 'token not valid yet' })
    })

    it('left out, leaves the time alone', () => {
      assert.equal(ask(bearer(hmacToken({ iss: 'k', exp: 1 }, 's1'))).consumer, alice)
    })

    it('goes with maximum_expiration', () => {
      const limited = { ...config, claims_to_verify: ['exp'], maximum_expiration: 300 }
      const asked = (exp: number) => ask(bearer(hmacToken({ iss: 'k', exp }, 's1')), limited)
      assert.equal(asked(NOW + 300).consumer, alice)
      const tooFar = { exp: 'exceeds maximum allowed expiration' }
      assert.deepEqual(asked(NOW + 301).answer?.body, tooFar)
      const unnamed = { maximum_expiration: 300 }
      assert.deepEqual(ask(bearer(TOKEN), unnamed).answer?.body, tooFar)
    })
  })

  describe('anonymous', () => {
    const config = { anonymous: 'guest', claims_to_verify: ['exp'] }

    it('lets requests without a good token go on as that consumer', () => {
      for (const request of [{}, bearer('x'), bearer(TOKEN), { target: '/?jwt' }]) {
        const ctx = ask(request, config)
        assert.equal(ctx.answer, null)
        assert.equal(ctx.consumer, guest)
        assert.equal(ctx.credential, null)
        assert.equal(ctx.upstream.headers.get('X-Anonymous-Consumer'), 'true')
      }
    })

    it('fails for a consumer that does not exist', () => {
      assert.throws(() => ask({}, { anonymous: 'nobody' }), /"nobody" does not exist/)
    })

    it('asks for no token when another plugin has found a credential', () => {
      const settled = { consumer: guest, credential: secret }
      assert.equal(ask({ ...settled, ...bearer(TOKEN) }, config).consumer, guest)
      assert.equal(ask(settled).answer?.status, 401)
    })
  })

  it('asks OPTIONS for a token unless run_on_preflight is false', () => {
    assert.equal(ask({ method: 'OPTIONS' }).answer?.status, 401)
    const ctx = ask({ method: 'OPTIONS' }, { run_on_preflight: false, anonymous: 'guest' })
    assert.equal(ctx.answer, null)
    assert.equal(ctx.consumer, null)
  })
})

describe('a configuration of jwt', () => {
  it('has the defaults of Kong', () => {
    assert.deepEqual(complete(jwt, {}), {
      uri_param_names: ['jwt'],
      cookie_names: [],
      key_claim_name: 'iss',
      secret_is_base64: false,
      run_on_preflight: true,
      maximum_expiration: 0,
      header_names: ['authorization'],
    })
  })

  const cases: readonly (readonly [config: object, faults: readonly string[]])[] = [
    [{ maximum_expiration: 60, claims_to_verify: ['exp', 'nbf'] }, []],
    [{ maximum_expiration: 0, claims_to_verify: ['nbf'] }, []],
    [{ maximum_expiration: 60 }, []],
    [
      { maximum_expiration: 60, claims_to_verify: ['nbf'] },
      ['claims_to_verify: expected to contain: exp'],
    ],
    [{ claims_to_verify: ['iat'] }, ['claims_to_verify[0]: expected one of: exp, nbf']],
    [{ claims_to_verify: 'exp' }, ['claims_to_verify: expected a set']],
    [{ maximum_expiration: -1 }, ['maximum_expiration: value should be between 0 and 31536000']],
    [{ run_on_preflight: null }, ['run_on_preflight: required field missing']],
    [{ claims_to_headers: { sub: 'X-User-ID', email: 'X-User-Email' } }, []],
    [
      { claims_to_headers: { sub: 'X User' } },
      [
        "claims_to_headers.sub: bad header name 'X User', allowed characters are A-Z, a-z, 0-9, '_', and '-'",
      ],
    ],
    [
      { claims_to_headers: { sub: 'Content_Length', a: 'X-Consumer-ID' } },
      [
        'claims_to_headers.sub: header Content_Length has another meaning',
        'claims_to_headers.a: header X-Consumer-ID has another meaning',
      ],
    ],
    [
      { claims_to_headers: { sub: 'Authorization' } },
      ['claims_to_headers.sub: header Authorization is one of header_names'],
    ],
    [
      { claims_to_headers: { sub: 'X-User', email: 'x_user' } },
      ['claims_to_headers.email: header x_user is named twice'],
    ],
  ]
  for (const [config, faults] of cases) {
    it(`${JSON.stringify(config)} ${faults.length === 0 ? 'is right' : 'is refused'}`, () => {
      assert.deepEqual(faultsOf(jwt, config), faults)
    })
  }
})
