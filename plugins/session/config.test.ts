import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigFault } from 'gw/plugin'
import { complete, faultsOf, prepared } from '../../test/support/plugin-config.js'
import session from './index.js'

const FACTS = 'id, audience, subject, timeout, idling-timeout, rolling-timeout, absolute-timeout'

function settled(config: object): Readonly<Record<string, unknown>> {
  return complete(session, config) as Readonly<Record<string, unknown>>
}

describe('a configuration of session', () => {
  it('has the defaults of Kong, and a secret only when one is given', () => {
    assert.deepEqual(complete(session, {}), {
      storage: 'cookie',
      audience: 'default',
      idling_timeout: 900,
      rolling_timeout: 3600,
      absolute_timeout: 86_400,
      stale_ttl: 10,
      cookie_name: 'session',
      cookie_path: '/',
      cookie_same_site: 'Strict',
      cookie_http_only: true,
      cookie_secure: true,
      remember: false,
      remember_cookie_name: 'remember',
      remember_rolling_timeout: 604_800,
      remember_absolute_timeout: 2_592_000,
      read_body_for_logout: false,
      logout_methods: ['POST', 'DELETE'],
      logout_query_arg: 'session_logout',
      logout_post_arg: 'session_logout',
    })
  })

  const refused: readonly (readonly [config: object, fault: string])[] = [
    [{ storage: 'redis' }, 'storage: expected one of: cookie, kong'],
    [{ cookie_same_site: 'lax' }, 'cookie_same_site: expected one of: Strict, Lax, None, Default'],
    [{ logout_methods: ['PUT'] }, 'logout_methods[0]: expected one of: GET, POST, DELETE'],
    [{ response_headers: ['name'] }, `response_headers[0]: expected one of: ${FACTS}`],
    [{ cookie_lifetime: '1h' }, 'cookie_lifetime: expected a number'],
  ]
  for (const [config, fault] of refused) {
    it(`${JSON.stringify(config)} is refused`, () => {
      assert.deepEqual(faultsOf(session, config), [fault])
    })
  }

  it('may say everything by its old name', () => {
    const old = settled({
      cookie_lifetime: 1,
      cookie_idletime: 2,
      cookie_discard: 3,
      cookie_samesite: 'Lax',
      cookie_httponly: false,
      cookie_persistent: true,
    })
    assert.deepEqual(old, {
      ...settled({}),
      rolling_timeout: 1,
      idling_timeout: 2,
      stale_ttl: 3,
      cookie_same_site: 'Lax',
      cookie_http_only: false,
      remember: true,
    })
  })

  it('says what has changed its name in new words', () => {
    const { idling_timeout: idle, cookie_same_site: sameSite } = settled({
      cookie_idletime: null,
      cookie_samesite: 'off',
    })
    assert.deepEqual([idle, sameSite], [0, 'Lax'])
  })

  it('goes by the old name when both are given', () => {
    const both = settled({ cookie_lifetime: 1, rolling_timeout: 2 })
    assert.equal(both.rolling_timeout, 1)
  })

  it('finds what is wrong under the old name', () => {
    assert.deepEqual(faultsOf(session, { cookie_samesite: 'lax' }), [
      'cookie_same_site: expected one of: Strict, Lax, None, Default',
    ])
  })
})

describe('the cookie of a session', () => {
  const lines: readonly (readonly [config: object, attributes: string])[] = [
    [{}, '; Path=/; SameSite=Strict; Secure; HttpOnly'],
    [
      { cookie_same_site: 'Lax', cookie_secure: false, cookie_http_only: false },
      '; Path=/; SameSite=Lax',
    ],
    [{ cookie_same_site: 'Default' }, '; Path=/; Secure; HttpOnly'],
    [
      { cookie_same_site: 'None', cookie_secure: false },
      '; Path=/; SameSite=None; Secure; HttpOnly',
    ],
    [
      { cookie_path: '/a', cookie_domain: 'a.test' },
      '; Path=/a; Domain=a.test; SameSite=Strict; Secure; HttpOnly',
    ],
    [{ cookie_domain: 'localhost' }, '; Path=/; SameSite=Strict; Secure; HttpOnly'],
  ]
  for (const [config, attributes] of lines) {
    it(`has ${attributes} with ${JSON.stringify(config)}`, () => {
      const { cookie } = prepared(session, config).session
      assert.deepEqual(cookie.write('x', ''), [`session=1x${attributes}`])
    })
  }

  const refused: readonly (readonly [config: object, field: string, message: RegExp])[] = [
    [{ cookie_name: 'a b' }, 'cookie_name', /is no name for a cookie/],
    [{ cookie_name: 'a\r\nX: y' }, 'cookie_name', /is no name/],
    [{ remember_cookie_name: 'a=b' }, 'remember_cookie_name', /is no name/],
    [{ cookie_path: '/; Domain=x' }, 'cookie_path', /must not hold semicolons/],
    [{ cookie_domain: 'a\nb' }, 'cookie_domain', /must not hold semicolons/],
    [{ storage: 'kong' }, 'storage', /there is none/],
  ]
  for (const [config, field, message] of refused) {
    it(`cannot be made with ${JSON.stringify(config)}`, () => {
      assert.throws(
        () => prepared(session, config),
        (error) =>
          error instanceof ConfigFault && error.field === field && message.test(error.message),
      )
    })
  }
})
