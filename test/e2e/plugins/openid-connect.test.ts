// openid-connect and oauth2-introspection with a real issuer, on both engines.
import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startGateway, type RunningGateway } from '../../support/gateway.js'
import { requestOnce, type Answer } from '../../support/http-client.js'
import { CLIENT, startIssuer, type TestIssuer } from '../../support/oidc-provider.js'
import { freePorts } from '../../support/ports.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { asymmetricToken, encoded, hmacToken, rsaKeys } from '../../support/signed-tokens.js'
import { waitFor } from '../../support/wait.js'

const ENGINES = ['uws', 'http1'] as const
const DISCOVERY = '/.well-known/openid-configuration'

let issuer: TestIssuer
let target: RecordingTarget
let gateway: RunningGateway
let ports: readonly number[]

before(async () => {
  issuer = await startIssuer()
  target = await startRecordingTarget()
  ports = await freePorts(ENGINES.length)
  gateway = await startGateway({ env: listeners(ports), config: file() })
})
after(async () => {
  await gateway.stop()
  await target.close()
  await issuer.close()
})

function listeners(numbers: readonly number[]): Record<string, string> {
  const entries = ENGINES.map((engine, i) => `127.0.0.1:${numbers[i] ?? 0} engine=${engine}`)
  return { KONG_PROXY_LISTEN: entries.join(', ') }
}

function file(): object {
  const oidc = (fields: object) => ({
    name: 'openid-connect',
    config: { issuer: issuer.issuer, auth_methods: ['bearer'], ...fields },
  })
  const client = { client_id: [CLIENT.id], client_secret: [CLIENT.secret] }
  const basic = [CLIENT.id, CLIENT.secret].map((part) => new URLSearchParams([['', part]]))
  const pair = basic.map((part) => part.toString().slice(1)).join(':')
  const uses: Readonly<Record<string, object>> = {
    bearer: oidc({
      scopes_required: ['read'],
      audience_required: ['https://api.test'],
      claims_to_headers: { sub: 'X-User', scope: 'X-Scopes' },
      hide_credentials: true,
      rediscovery_lifetime: 1,
    }),
    audience: oidc({ audience_required: ['https://other.test'] }),
    calm: oidc({ leeway: 1 }),
    consumer: oidc({ consumer_claim: ['client_id'] }),
    opaque: oidc({ ...client, auth_methods: ['introspection'], scopes_required: ['read'] }),
    revocable: oidc({
      ...client,
      auth_methods: ['bearer', 'introspection'],
      introspect_jwt_tokens: true,
      cache_introspection: false,
    }),
    oauth2: {
      name: 'oauth2-introspection',
      config: {
        introspection_url: `${issuer.issuer}/token/introspection`,
        authorization_value: `Basic ${Buffer.from(pair).toString('base64')}`,
        consumer_by: 'client_id',
        hide_credentials: true,
      },
    },
  }
  return {
    _format_version: '3.0',
    services: [
      {
        name: 'target',
        url: `http://127.0.0.1:${target.port}`,
        routes: Object.entries(uses).map(([name, use]) => ({
          ...{ name, paths: [`/${name}`], plugins: [use] },
        })),
      },
    ],
    consumers: [{ username: 'gate way', custom_id: 'gate way' }],
  }
}

/** @param engine the number of one of ENGINES */
function get(path: string, token?: string, engine = 0): Promise<Answer> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return requestOnce(ports[engine] ?? 0, 'GET', path, headers)
}

async function status(path: string, token: string): Promise<number> {
  return (await get(path, token)).status
}

function lastHeader(name: string): string | undefined {
  const { headers } = target.requests.at(-1) ?? assert.fail('the target got nothing')
  return headers.find(([header]) => header.toLowerCase() === name)?.[1]
}

const askedFor = (path: string): number => issuer.asked.get(path) ?? 0

for (const [engine, name] of ENGINES.entries()) {
  describe(`openid-connect on ${name}`, () => {
    it('answers 401 when no token is sent, and 401 with a code when a bad one is', async () => {
      const none = await get('/bearer', undefined, engine)
      assert.equal(none.status, 401)
      assert.equal(none.header('www-authenticate'), 'Bearer realm="127.0.0.1"')
      assert.equal(none.text, '{"message":"Unauthorized"}')
      const bad = await get('/bearer', 'nonsense', engine)
      assert.equal(bad.status, 401)
      const challenge = 'Bearer realm="127.0.0.1", error="invalid_token"'
      assert.equal(bad.header('www-authenticate'), challenge)
    })

    it('lets a signed token pass, tells the target who it is, and keeps the token from it', async () => {
      const token = await issuer.token({ scope: 'read write' })
      for (let i = 0; i < 2; i++) {
        const headers = { Authorization: `Bearer ${token}`, 'X-User': 'admin', x_scopes: 'all' }
        const answer = await requestOnce(ports[engine] ?? 0, 'GET', '/bearer', headers)
        assert.equal(answer.status, 200)
        assert.equal(lastHeader('x-user'), 'gate way')
        assert.equal(lastHeader('x-scopes'), 'read write')
        assert.equal(lastHeader('x_scopes'), undefined)
        assert.equal(lastHeader('authorization'), undefined)
      }
    })

    it('answers 403 when a scope or an audience is missing', async () => {
      const wrong = [
        ['/bearer', await issuer.token({ scope: 'write' })],
        ['/audience', await issuer.token()],
      ] as const
      for (const [path, token] of wrong) {
        const answer = await get(path, token, engine)
        assert.equal(answer.status, 403, path)
        assert.equal(answer.text, '{"message":"Forbidden"}')
        const challenge = 'Bearer realm="127.0.0.1", error="insufficient_scope"'
        assert.equal(answer.header('www-authenticate'), challenge)
      }
    })

    it('finds the consumer by a claim', async () => {
      assert.equal((await get('/consumer', await issuer.token(), engine)).status, 200)
      assert.equal(lastHeader('x-consumer-username'), 'gate way')
    })

    it('takes a token from a form', async () => {
      const body = new URLSearchParams({ a: '1', access_token: await issuer.token() }).toString()
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const answer = await requestOnce(ports[engine] ?? 0, 'POST', '/bearer', headers, body)
      assert.equal(answer.status, 200)
      assert.equal(target.requests.at(-1)?.body.toString(), 'a=1')
    })

    it('asks the issuer what an opaque token stands for, once', async () => {
      const token = await issuer.token({ format: 'opaque' })
      const asked = askedFor('/token/introspection')
      for (let i = 0; i < 3; i++) {
        assert.equal((await get('/opaque', token, engine)).status, 200)
      }
      assert.equal(lastHeader('x-credential-identifier'), undefined)
      assert.equal(askedFor('/token/introspection'), asked + 1)
      assert.equal((await get('/opaque', 'unknown', engine)).status, 401)
      assert.equal((await get('/bearer', token, engine)).status, 401)
    })
  })

  describe(`oauth2-introspection on ${name}`, () => {
    it('answers as Kong without a token, and with a bad one', async () => {
      const none = await get('/oauth2', undefined, engine)
      assert.equal(none.status, 401)
      assert.deepEqual(JSON.parse(none.text), {
        error: 'invalid_request',
        error_description: 'The access token is missing',
      })
      assert.equal(none.header('www-authenticate'), 'Bearer realm="service"')
      const bad = await get('/oauth2', 'unknown', engine)
      assert.equal(bad.status, 401)
      assert.deepEqual(JSON.parse(bad.text), {
        error: 'invalid_token',
        error_description: 'The access token is invalid or has expired',
      })
    })

    it('lets an active token pass, and tells the target what the server said', async () => {
      const token = await issuer.token({ format: 'opaque' })
      const asked = askedFor('/token/introspection')
      for (let i = 0; i < 3; i++) {
        const headers = { Authorization: `Bearer ${token}`, 'X-Credential-Sub': 'admin' }
        const answer = await requestOnce(ports[engine] ?? 0, 'GET', '/oauth2', headers)
        assert.equal(answer.status, 200)
      }
      assert.equal(askedFor('/token/introspection'), asked + 1)
      assert.equal(lastHeader('x-credential-client-id'), 'gate way')
      assert.equal(lastHeader('x-credential-scope'), 'read')
      assert.equal(lastHeader('x-credential-sub'), undefined)
      assert.equal(lastHeader('x-consumer-custom-id'), 'gate way')
      assert.equal(lastHeader('authorization'), undefined)
    })
  })
}

describe('openid-connect', () => {
  const claims = (): object => ({
    ...{ iss: issuer.issuer, aud: 'https://api.test', scope: 'read', sub: 's' },
    ...{ iat: 1, exp: 4_102_444_800 },
  })

  it('lets pass what the key of the issuer has signed, and nothing that only looks like it', async () => {
    const { kid, privateKey } = issuer.key
    const own = (changes: object, header: object = {}) =>
      asymmetricToken({ ...claims(), ...changes }, 'RS256', privateKey, {
        ...{ alg: 'RS256', kid },
        ...header,
      })
    assert.equal(await status('/bearer', own({})), 200)
    const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
    const other = rsaKeys()
    const jwk = createPublicKey(other.privateKey).export({ format: 'jwk' })
    const url = `http://127.0.0.1:${target.port}/jwks`
    const header = { alg: 'RS256', kid, jku: url, x5u: url, jwk }
    const payload = encoded(claims())
    const forged = {
      'alg none': `${encoded({ alg: 'none', kid })}.${payload}.`,
      'the public key as a secret': hmacToken(claims(), pem, { alg: 'HS256', kid }),
      'a key that it brings along': asymmetricToken(claims(), 'RS256', other.privateKey, header),
      'another algorithm': asymmetricToken(claims(), 'PS256', privateKey, { alg: 'PS256', kid }),
      'another issuer': own({ iss: 'https://evil.test' }),
      'an end in the past': own({ exp: 2 }),
      'no end': own({ exp: undefined }),
      'a start to come': own({ nbf: 4_102_444_000 }),
      'an extension': own({}, { crit: ['b64'], b64: false }),
      'a path as its key': own({}, { kid: '../../../dev/null' }),
      'a list as its key': own({}, { kid: [kid] }),
    }
    const seen = target.requests.length
    for (const [what, token] of Object.entries(forged)) {
      assert.equal(await status('/bearer', token), 401, what)
    }
    assert.equal(target.requests.length, seen)
  })

  it('asks the issuer no more than once for any number of made-up keys', async () => {
    const before = askedFor('/jwks')
    // Its last attempt was at the start: the next one is half a minute away.
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const header = { alg: 'RS256', kid: `made-up-${i}` }
        const token = asymmetricToken(claims(), 'RS256', issuer.key.privateKey, header)
        return status('/calm', token)
      }),
    )
    assert.deepEqual(new Set(answers), new Set([401]))
    assert.ok(askedFor('/jwks') <= before + 1)
  })

  it('notices that a token was revoked when it asks each time', async () => {
    const token = await issuer.token({ format: 'opaque' })
    assert.equal(await status('/revocable', token), 200)
    await issuer.revoke(token)
    assert.equal(await status('/revocable', token), 401)
  })

  it('learns of a new key, and forgets the old one', async () => {
    const old = await issuer.token()
    assert.equal(await status('/bearer', old), 200)
    issuer.rotate()
    const token = await issuer.token()
    await waitFor('the new key', async () => (await status('/bearer', token)) === 200)
    assert.equal(await status('/bearer', old), 401)
    assert.equal(await status('/bearer', token), 200)
  })

  it('goes on with the keys that it knows while the issuer is away', async () => {
    const [seen, unseen] = [await issuer.token(), await issuer.token({ scope: 'read write' })]
    const opaque = await issuer.token({ format: 'opaque' })
    assert.equal(await status('/bearer', seen), 200)
    await issuer.goAway()
    assert.equal(await status('/bearer', seen), 200)
    assert.equal(await status('/bearer', unseen), 200)
    const header = { alg: 'RS256', kid: 'not there' }
    const unknown = asymmetricToken(claims(), 'RS256', issuer.key.privateKey, header)
    assert.equal(await status('/bearer', unknown), 401)
    const answer = await get('/opaque', opaque)
    assert.equal(answer.status, 500)
    assert.equal(answer.text, '{"message":"An unexpected error occurred"}')
    assert.equal(await status('/oauth2', opaque), 500)
    await issuer.comeBack()
    assert.equal(await status('/opaque', opaque), 200)
  })

  it('starts without its issuer, and serves once that is there', async () => {
    await issuer.goAway()
    const numbers = await freePorts(ENGINES.length)
    const late = await startGateway({ env: listeners(numbers), config: file() })
    try {
      const forged = asymmetricToken(claims(), 'RS256', issuer.key.privateKey)
      const ask = (token: string): Promise<Answer> =>
        requestOnce(numbers[0] ?? 0, 'GET', '/bearer', { Authorization: `Bearer ${token}` })
      const answer = await ask(forged)
      assert.equal(answer.status, 500)
      assert.equal(answer.text, '{"message":"An unexpected error occurred"}')
      await issuer.comeBack()
      const token = await issuer.token()
      const asked = askedFor(DISCOVERY)
      await waitFor('the keys', async () => (await ask(token)).status === 200, 20_000)
      assert.ok(askedFor(DISCOVERY) > asked)
    } finally {
      await late.stop()
    }
  })

  it('writes no token and no secret into the log', () => {
    assert.match(gateway.log, /introspection failed/)
    assert.doesNotMatch(gateway.log, /s3cret|eyJ/)
  })
})
