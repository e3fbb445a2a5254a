import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type FakeContext } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { prepared } from '../../test/support/plugin-config.js'
import { silentLog } from '../../test/support/plugin-env.js'
import { Directory } from './directory.js'
import ldapAuth from './index.js'
import { LdapError } from './ldap-error.js'

const MINIMAL = { ldap_host: 'ldap.test', base_dn: 'dc=test', attribute: 'uid' }
const guest = fakeConsumer({ id: 'guest-id', username: 'guest' })
const bob = fakeConsumer({ id: 'bob-id', username: 'bob' })
const store = fakeStore({ consumers: [guest, bob], credentials: {} })

const RIGHT = 'password'
/** The server does not answer whoever asks with it. */
const BROKEN = 'broken'

type HeaderLines = readonly (readonly [name: string, value: string])[]

function ldap(username: string, password: string, scheme = 'LDAP'): string {
  return `${scheme} ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function authorization(value: string): HeaderLines {
  return [['Authorization', value]]
}

/** Who was asked for, in order. */
let asked: string[] = []

async function ask(
  headers: HeaderLines,
  config: object = {},
  more: object = {},
): Promise<FakeContext> {
  const use = prepared(ldapAuth, { ...MINIMAL, ...config })
  asked = []
  use.directory = new Directory(use.settings, {
    bind: (dn, password) => {
      asked.push(dn)
      if (password === BROKEN) return Promise.reject(LdapError.of('silent', 'no answer'))
      return Promise.resolve(password === RIGHT ? 0 : 49)
    },
    log: silentLog,
    now: () => 0,
  })
  const ctx = fakeContext({ store, headers, ...more })
  await ldapAuth.access?.(ctx, use)
  return ctx
}

describe('ldap-auth', () => {
  it('lets a user pass whom the directory vouches for, and tells the target', async () => {
    const ctx = await ask([
      ...authorization(ldap('einstein', RIGHT)),
      ['X-Consumer-ID', 'forged'],
      ['X-Consumer-Username', 'forged'],
      ['X-Consumer-Custom-ID', 'forged'],
      ['X-Anonymous-Consumer', 'true'],
      ['X-Credential-Identifier', 'forged'],
    ])
    assert.equal(ctx.answer, null)
    assert.equal(ctx.consumer, null)
    assert.equal(ctx.credential?.username, 'einstein')
    assert.equal(ctx.credential.consumer, null)
    const { headers } = ctx.upstream
    assert.equal(headers.get('x-credential-identifier'), 'einstein')
    assert.equal(headers.get('authorization'), ldap('einstein', RIGHT))
    for (const name of ['id', 'username', 'custom-id']) {
      assert.equal(headers.get(`x-consumer-${name}`), undefined)
    }
    assert.equal(headers.get('x-anonymous-consumer'), undefined)
  })

  const refused: readonly (readonly [title: string, HeaderLines, asks: number])[] = [
    ['no header', [], 0],
    ['another scheme', authorization(ldap('einstein', RIGHT, 'Basic')), 0],
    ['an empty password', authorization(ldap('einstein', '')), 0],
    ['a wrong password', authorization(ldap('einstein', 'wrong')), 1],
    [
      'two wrong passwords',
      [
        ['Proxy-Authorization', ldap('einstein', 'wrong')],
        ...authorization(ldap('einstein', 'worse')),
      ],
      2,
    ],
  ]
  for (const [title, headers, asks] of refused) {
    it(`answers 401 for ${title}`, async () => {
      const { answer, credential } = await ask(headers)
      assert.equal(answer?.status, 401)
      assert.match(JSON.stringify(answer.body), /"message":"Unauthorized"/)
      assert.deepEqual(answer.headers, { 'WWW-Authenticate': 'LDAP' })
      assert.equal(credential, null)
      assert.equal(asked.length, asks)
    })
  }

  it('asks for Proxy-Authorization first, and for Authorization if that is of no use', async () => {
    const good = authorization(ldap('curie', RIGHT))
    const proxy = (value: string): HeaderLines => [...good, ['Proxy-Authorization', value]]
    const both = await ask(proxy(ldap('einstein', RIGHT)))
    assert.equal(both.credential?.username, 'einstein')
    assert.deepEqual(asked, ['uid=einstein,dc=test'])
    assert.equal((await ask(proxy('nonsense'))).credential?.username, 'curie')
    assert.equal((await ask(proxy(ldap('einstein', 'wrong')))).credential?.username, 'curie')
    assert.deepEqual(asked, ['uid=einstein,dc=test', 'uid=curie,dc=test'])
  })

  it('answers 500 when the directory gives no answer, whatever the other header says', async () => {
    const ctx = await ask([
      ['Proxy-Authorization', ldap('einstein', BROKEN)],
      ...authorization(ldap('curie', RIGHT)),
    ])
    assert.equal(ctx.answer?.status, 500)
    assert.equal(ctx.credential, null)
    assert.equal(asked.length, 1)
  })

  it('takes both headers out of the request of a known user with hide_credentials', async () => {
    const headers: HeaderLines = [
      ['Proxy-Authorization', 'nonsense'],
      ...authorization(ldap('einstein', RIGHT)),
    ]
    const hidden = await ask(headers, { hide_credentials: true })
    assert.equal(hidden.upstream.headers.get('authorization'), undefined)
    assert.equal(hidden.upstream.headers.get('proxy-authorization'), undefined)
    const wrong = authorization(ldap('einstein', 'wrong'))
    const kept = await ask(wrong, { hide_credentials: true, anonymous: 'guest' })
    assert.equal(kept.upstream.headers.get('authorization'), ldap('einstein', 'wrong'))
  })

  it('asks for the scheme of header_type, in any case, and for the realm', async () => {
    const config = { header_type: 'basic', realm: 'test-ldap' }
    assert.equal((await ask(authorization(ldap('einstein', RIGHT, 'Basic')), config)).answer, null)
    const { answer } = await ask(authorization(ldap('einstein', RIGHT)), config)
    assert.deepEqual(answer?.headers, { 'WWW-Authenticate': 'basic realm="test-ldap"' })
  })

  describe('with anonymous', () => {
    it('lets requests without valid credentials go on as that consumer', async () => {
      for (const headers of [[], authorization(ldap('einstein', 'wrong'))]) {
        const ctx = await ask(headers, { anonymous: 'guest' })
        assert.equal(ctx.answer, null)
        assert.equal(ctx.consumer, guest)
        assert.equal(ctx.credential, null)
        assert.equal(ctx.upstream.headers.get('x-anonymous-consumer'), 'true')
      }
    })

    it('answers 500 all the same when the directory gives no answer', async () => {
      const ctx = await ask(authorization(ldap('einstein', BROKEN)), { anonymous: 'guest' })
      assert.equal(ctx.answer?.status, 500)
    })

    it('is enough for a request that another plugin has authenticated', async () => {
      const credential = fakeCredential(bob, { id: 'key' })
      const headers = authorization(ldap('einstein', RIGHT))
      const ctx = await ask(headers, { anonymous: 'guest' }, { consumer: bob, credential })
      assert.equal(ctx.consumer, bob)
      assert.deepEqual(asked, [])
    })

    it('fails for a consumer that does not exist', async () => {
      await assert.rejects(ask([], { anonymous: 'nobody' }), /"nobody" does not exist/)
    })
  })
})
