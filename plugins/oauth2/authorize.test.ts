// The authorization endpoint.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CALLBACK,
  CLIENTS,
  OAuth2,
  PROVISION_KEY,
  inRedirect,
  type Fields,
  type Told,
} from '../../test/support/oauth2.js'

const ask = (fields: Fields, config: object = {}): Promise<Told> =>
  new OAuth2({ config }).authorize(fields)

/** What the user's browser would be told. */
function redirected(told: Told): readonly (string | null)[] {
  return [inRedirect(told, 'error'), inRedirect(told, 'error_description')]
}

const CHALLENGE = 'c'.repeat(43)
const BAD_URI =
  'Invalid redirect_uri that does not match with any redirect_uri created with the application'

describe('the authorization endpoint', () => {
  it('answers 405 to other methods than POST', async () => {
    const { answer } = await new OAuth2().ask({ method: 'PUT', target: '/oauth2/authorize' })
    const description = 'The HTTP method PUT is invalid for the authorization endpoint'
    assert.equal(answer?.status, 405)
    assert.deepEqual(answer.body, { error: 'invalid_method', error_description: description })
  })

  it('gives the URI of the client with a code, its own arguments and the state', async () => {
    const told = await ask({ state: 'a b&c' })
    assert.equal(told.status, 200)
    assert.match(
      String(told.body.redirect_uri),
      /^https:\/\/app\.test\/cb\?code=[A-Za-z0-9]{32}&own=1&state=a%20b%26c$/,
    )
    assert.deepEqual(told.headers, { 'Cache-Control': 'no-store', Pragma: 'no-cache' })
  })

  it('gives a token in the fragment for response_type=token', async () => {
    const oauth2 = new OAuth2()
    const { body } = await oauth2.authorize({ response_type: 'token', state: 's' })
    const uri = String(body.redirect_uri)
    const found =
      /^https:\/\/app\.test\/cb\?own=1#access_token=([A-Za-z0-9]{32})&expires_in=7200&state=s&token_type=bearer$/.exec(
        uri,
      )
    assert.ok(found, uri)
    assert.equal((await oauth2.call(found[1] ?? '')).answer, null)
  })

  const early: readonly (readonly [title: string, Fields, error: string, description: string])[] = [
    ['no provision_key', { provision_key: [] }, 'invalid_provision_key', 'Invalid provision_key'],
    [
      'a wrong provision_key',
      { provision_key: 'x', client_id: 'nobody' },
      'invalid_provision_key',
      'Invalid provision_key',
    ],
    [
      'no user',
      { authenticated_userid: '' },
      'invalid_authenticated_userid',
      'Missing authenticated_userid parameter',
    ],
    [
      'two users',
      { authenticated_userid: ['alice', 'root'] },
      'invalid_authenticated_userid',
      'Missing authenticated_userid parameter',
    ],
    [
      'an unknown client',
      { client_id: 'nobody', scope: 'wot' },
      'invalid_client',
      'Invalid client authentication',
    ],
    [
      'a client without a URI',
      { client_id: 'machine' },
      'invalid_client',
      'Invalid client authentication',
    ],
  ]
  for (const [title, fields, error, description] of early) {
    it(`answers 400 with ${title}, and names no URI`, async () => {
      const told = await ask({ ...fields, state: 's' })
      assert.equal(told.status, 400)
      assert.deepEqual(told.body, { error, error_description: description, state: 's' })
    })
  }

  it('answers 400 over plain HTTP', async () => {
    const told = await new OAuth2().authorize({}, { scheme: 'http' })
    assert.deepEqual([told.status, told.body.error], [400, 'access_denied'])
  })

  const late: readonly (readonly [title: string, Fields, error: string, description: string])[] = [
    [
      'a wrong response_type',
      { response_type: 'x' },
      'unsupported_response_type',
      'Invalid response_type',
    ],
    [
      'a wrong response_type and a scope that is not configured',
      { response_type: 'x', scope: 'wot' },
      'invalid_scope',
      '"wot" is an invalid scope',
    ],
    [
      'two response_types',
      { response_type: ['code', 'token'] },
      'unsupported_response_type',
      'Invalid response_type',
    ],
    [
      'a public client without a challenge',
      { client_id: 'public' },
      'invalid_request',
      'code_challenge is required for public clients',
    ],
    [
      'a method without a challenge',
      { code_challenge_method: 'S256' },
      'invalid_request',
      'code_challenge is required when code_method is present',
    ],
    [
      'the method plain',
      { code_challenge: CHALLENGE, code_challenge_method: 'plain' },
      'invalid_request',
      'code_challenge_method is not supported, must be S256',
    ],
    [
      'a challenge without a method, which means plain',
      { code_challenge: CHALLENGE },
      'invalid_request',
      'code_challenge_method is not supported, must be S256',
    ],
    [
      'two challenges',
      { code_challenge: [CHALLENGE, CHALLENGE], code_challenge_method: 'S256' },
      'invalid_request',
      'code_challenge must be 43 characters of base64url',
    ],
  ]
  for (const [title, fields, error, description] of late) {
    it(`sends the user back with the fault for ${title}`, async () => {
      const told = await ask({ ...fields, state: 's' })
      assert.equal(told.status, 400)
      assert.deepEqual(redirected(told), [error, description])
      assert.equal(inRedirect(told, 'state'), 's')
      assert.equal(inRedirect(told, 'code'), null)
    })
  }

  const tricks: readonly string[] = [
    'https://app.test/cb',
    'https://app.test/cb?own=1&more=2',
    'https://app.test/cb/../evil?own=1',
    'https://app.test/cb/x?own=1',
    'https://app.test/cb?own=1/',
    'https://app.test/cb?own=1#fragment',
    'https://app.test/CB?own=1',
    'https://APP.test/cb?own=1',
    'HTTPS://app.test/cb?own=1',
    'http://app.test/cb?own=1',
    'https://app.test:443/cb?own=1',
    'https://app.test@evil.test/cb?own=1',
    'https://user@app.test/cb?own=1',
    'https://app.test.evil.test/cb?own=1',
    'https://app.test\\@evil.test/cb?own=1',
    '//app.test/cb?own=1',
    'https://app.test/cb%3Fown=1',
    ' https://app.test/cb?own=1',
    'javascript:alert(1)',
    '',
  ]
  for (const uri of tricks) {
    it(`never sends a user to ${JSON.stringify(uri)}`, async () => {
      for (const type of ['code', 'token']) {
        const told = await ask({ redirect_uri: uri, response_type: type })
        assert.equal(told.status, 400)
        assert.deepEqual(redirected(told), ['invalid_request', BAD_URI])
        assert.ok(String(told.body.redirect_uri).startsWith('https://app.test/cb?error='))
        assert.doesNotMatch(String(told.body.redirect_uri), /code=|access_token/)
      }
    })
  }

  it('does not choose between two URIs of the client', async () => {
    const told = await ask({ redirect_uri: [CALLBACK, 'https://app.test/second'] })
    assert.deepEqual(redirected(told), ['invalid_request', BAD_URI])
  })

  it('sends the user to another URI of the client, if that is asked for', async () => {
    const { body } = await ask({ redirect_uri: 'https://app.test/second' })
    assert.match(String(body.redirect_uri), /^https:\/\/app\.test\/second\?code=/)
  })

  it('believes the body and not the query', async () => {
    const target = '/oauth2/authorize?client_id=other&response_type=token&scope=phone'
    const told = await new OAuth2().authorize({ scope: 'email' }, { target })
    assert.notEqual(inRedirect(told, 'code'), null)
  })

  it('takes parameters of the query where the body has none', async () => {
    const target = `/oauth2/authorize?response_type=code&client_id=app&provision_key=${PROVISION_KEY}&authenticated_userid=u`
    const { answer } = await new OAuth2().ask({ method: 'POST', scheme: 'https', target })
    assert.equal(answer?.status, 200)
  })

  it('gives codes and tokens only where they are enabled', async () => {
    const none = { enable_authorization_code: false, enable_implicit_grant: false }
    for (const type of ['code', 'token']) {
      const told = await ask({ response_type: type }, none)
      assert.equal(inRedirect(told, 'error'), 'unsupported_response_type')
    }
  })

  describe('asks for a challenge', () => {
    const asks = async (client: string, pkce: string): Promise<boolean> =>
      inRedirect(await ask({ client_id: client }, { pkce }), 'error') !== null

    it('nobody with pkce none', async () => {
      assert.deepEqual([await asks('public', 'none'), await asks('app', 'none')], [false, false])
    })

    it('public clients with pkce lax', async () => {
      assert.deepEqual([await asks('public', 'lax'), await asks('app', 'lax')], [true, false])
    })

    it('all with pkce strict', async () => {
      assert.deepEqual([await asks('public', 'strict'), await asks('app', 'strict')], [true, true])
    })
  })

  it('writes characters beyond ASCII as UTF-8', async () => {
    const clients = CLIENTS.map((one) => ({
      ...one,
      redirect_uris: ['https://app.test/?own=%C3%A9'],
    }))
    const { body } = await new OAuth2({ clients }).authorize({ state: 'é' })
    assert.match(String(body.redirect_uri), /&own=%C3%A9&state=%C3%A9$/)
  })
})
