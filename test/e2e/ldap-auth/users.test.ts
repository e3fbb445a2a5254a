// Whom ldap-auth lets pass, with a real directory behind it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { authorization, ENGINES, ldapAuth, startLdapGateway } from '../../support/ldap-gateway.js'
import type { LdapGateway } from '../../support/ldap-gateway.js'
import { header } from '../../support/message-reader.js'
import { startRecordingTarget, type RecordingTarget } from '../../support/recording-target.js'
import { startSlapd, STRANGER, USERS, type RunningSlapd } from '../../support/slapd.js'
import { waitFor } from '../../support/wait.js'

const RIGHT = USERS.einstein
const KEY = { name: 'key-auth' }
const KEY_OR_GUEST = { name: 'key-auth', config: { anonymous: 'guest' } }

let target: RecordingTarget
let slapd: RunningSlapd
let ldap: LdapGateway
before(async () => {
  target = await startRecordingTarget()
  slapd = await startSlapd()
  const { port } = slapd
  ldap = await startLdapGateway(target, {
    plain: [ldapAuth(port)],
    brief: [ldapAuth(port, { cache_ttl: 0.2 })],
    each: [ldapAuth(port, { cache_ttl: 0 })],
    basic: [ldapAuth(port, { header_type: 'basic', realm: 'test-ldap' })],
    hidden: [ldapAuth(port, { hide_credentials: true })],
    and: [KEY, ldapAuth(port)],
    or: [KEY_OR_GUEST, ldapAuth(port, { anonymous: 'guest' })],
    nobody: [ldapAuth(port, { anonymous: 'nobody' })],
    acl: [ldapAuth(port), { name: 'acl', config: { allow: ['staff'] } }],
    limited: [
      ldapAuth(port),
      {
        name: 'rate-limiting',
        config: { year: 1, limit_by: 'credential', policy: 'local' },
      },
    ],
  })
})
after(async () => {
  const { code } = await ldap.gateway.stop()
  const { log } = ldap.gateway
  for (const password of Object.values(USERS)) assert.ok(!log.includes(password), password)
  assert.equal(code, 0)
  await slapd.stop()
  await target.close()
})

/** What the server has been asked, once it has written all of it: a last question makes sure of that. */
let marks = 0
async function bindsOf(uid: string): Promise<number> {
  const mark = `mark-${++marks}`
  await ldap.statusFor('uws', '/each', mark, 'x')
  await waitFor('the log of slapd', () => slapd.binds(mark) === 1)
  return slapd.binds(uid)
}

for (const engine of ENGINES) {
  describe(`ldap-auth on ${engine}`, () => {
    for (const [username, password] of Object.entries(USERS)) {
      it(`lets ${JSON.stringify(username)} pass with the right password alone`, async () => {
        const earlier = target.requests.length
        assert.equal(await ldap.statusFor(engine, '/plain', username, password), 200)
        assert.equal(await ldap.statusFor(engine, '/plain', username, `${password}x`), 401)
        assert.equal(target.requests.length, earlier + 1)
        const request = target.requests[earlier]
        assert.ok(request)
        const identifier = header(request, 'x-credential-identifier') ?? ''
        assert.equal(Buffer.from(identifier, 'latin1').toString(), username)
      })
    }

    const refused: readonly (readonly [title: string, value: string | null])[] = [
      ['no header', null],
      ['another scheme', authorization('einstein', RIGHT, 'Basic')],
      ['text before the scheme', authorization('einstein', RIGHT, 'invalidldap')],
      ['what is no base64', 'ldap ###'],
      ['an unknown user', authorization('nobody', RIGHT)],
      ['no user', authorization('', RIGHT)],
      ['an empty password', authorization('einstein', '')],
      ['the password of another', authorization('curie', RIGHT)],
      ['a very long password', authorization('einstein', 'e'.repeat(5_500))],
      ['a user of another entry', authorization(STRANGER.uid, STRANGER.password)],
      ['a name that leads there', authorization(`${STRANGER.uid},ou=other`, STRANGER.password)],
      ['a name that is escaped before', authorization('Smith\\, John', USERS['Smith, John'])],
      ['a name of two attributes', authorization('einstein+cn=someone', RIGHT)],
      ['a name with a comment', authorization('einstein;', RIGHT)],
      ['a name for every user', authorization('*', RIGHT)],
      ['a filter', authorization('*)(uid=*', RIGHT)],
      ['a name that ends at a NUL', authorization('einstein\0', RIGHT)],
      ['a password that ends at a NUL', authorization('einstein', `${RIGHT}\0`)],
      ['a NUL for a password', authorization('einstein', '\0')],
      ['a name with a line break', authorization('einstein\r\n', RIGHT)],
    ]
    for (const [title, value] of refused) {
      it(`answers 401 for ${title}`, async () => {
        const earlier = target.requests.length
        const headers: Readonly<Record<string, string>> =
          value === null ? {} : { Authorization: value }
        const answer = await ldap.ask(engine, '/plain', headers)
        assert.equal(answer.status, 401)
        assert.equal(answer.header('www-authenticate'), 'LDAP')
        assert.match(answer.text, /"message":"Unauthorized"/)
        assert.equal(target.requests.length, earlier)
      })
    }

    it('takes another scheme and names the realm', async () => {
      const good = authorization('einstein', RIGHT, 'Basic')
      assert.equal((await ldap.ask(engine, '/basic', { Authorization: good })).status, 200)
      const answer = await ldap.ask(engine, '/basic')
      assert.equal(answer.header('www-authenticate'), 'basic realm="test-ldap"')
    })

    it('hides credentials from the target', async () => {
      const earlier = target.requests.length
      const good = authorization('einstein', RIGHT)
      const both = { Authorization: 'other', 'Proxy-Authorization': good }
      assert.equal((await ldap.ask(engine, '/hidden', both)).status, 200)
      const request = target.requests[earlier]
      assert.ok(request)
      assert.equal(header(request, 'authorization'), undefined)
      assert.equal(header(request, 'proxy-authorization'), undefined)
    })

    it('has to be content as well where neither plugin allows anonymous', async () => {
      const good = { Authorization: authorization('einstein', RIGHT) }
      assert.equal((await ldap.ask(engine, '/and', { ...good, apikey: 'bob-key' })).status, 200)
      assert.equal((await ldap.ask(engine, '/and', good)).status, 401)
      const answer = await ldap.ask(engine, '/and', { apikey: 'bob-key' })
      assert.equal(answer.header('www-authenticate'), 'LDAP')
    })

    it('is enough where both plugins allow anonymous, as is the other', async () => {
      const good = { Authorization: authorization('einstein', RIGHT) }
      const bad = { Authorization: authorization('einstein', 'wrong') }
      const told = async (headers: Readonly<Record<string, string>>) => {
        const earlier = target.requests.length
        assert.equal((await ldap.ask(engine, '/or', headers)).status, 200)
        const request = target.requests[earlier]
        assert.ok(request)
        return [
          header(request, 'x-consumer-username'),
          header(request, 'x-anonymous-consumer'),
          header(request, 'x-credential-identifier'),
        ]
      }
      assert.deepEqual(await told(good), [undefined, undefined, 'einstein'])
      assert.deepEqual(await told(bad), ['guest', 'true', undefined])
      assert.equal((await told({ ...bad, apikey: 'bob-key' }))[0], 'bob')
    })

    it('answers 500 when anonymous names nobody', async () => {
      assert.equal((await ldap.ask(engine, '/nobody')).status, 500)
    })

    it('names no consumer, so that acl refuses the user', async () => {
      assert.equal(await ldap.statusFor(engine, '/acl', 'einstein', RIGHT), 403)
    })
  })
}

describe('ldap-auth', () => {
  it('asks the directory once for what it has been told, yes and no', async () => {
    const password = `${RIGHT} of users.test`
    await slapd.setPassword('einstein', password)
    try {
      const before = await bindsOf('einstein')
      for (let i = 0; i < 20; i++) {
        const engine = ENGINES[i % ENGINES.length] ?? 'uws'
        assert.equal(await ldap.statusFor(engine, '/plain', 'einstein', password), 200)
        assert.equal(await ldap.statusFor(engine, '/plain', 'einstein', 'told once'), 401)
      }
      assert.equal((await bindsOf('einstein')) - before, 2)
    } finally {
      await slapd.setPassword('einstein', RIGHT)
    }
  })

  it('asks again when the time is over', async () => {
    assert.equal(await ldap.statusFor('uws', '/plain', 'einstein', RIGHT), 200)
    assert.equal(await ldap.statusFor('uws', '/brief', 'einstein', RIGHT), 200)
    await slapd.setPassword('einstein', 'another')
    try {
      assert.equal(await ldap.statusFor('uws', '/plain', 'einstein', RIGHT), 200)
      assert.equal(await ldap.statusFor('uws', '/each', 'einstein', RIGHT), 401)
      await waitFor(
        'the password to be refused',
        async () => (await ldap.statusFor('uws', '/brief', 'einstein', RIGHT)) === 401,
      )
    } finally {
      await slapd.setPassword('einstein', RIGHT)
    }
    await waitFor(
      'the password to be right again',
      async () => (await ldap.statusFor('http1', '/brief', 'einstein', RIGHT)) === 200,
    )
  })

  it('asks once for requests that come at the same time', async () => {
    const before = await bindsOf('curie')
    slapd.pause()
    const crowd = Array.from({ length: 30 }, () =>
      ldap.statusFor('uws', '/each', 'curie', USERS.curie),
    )
    await waitFor('the crowd', async () => (await ldap.requests()) === ldap.sent)
    slapd.resume()
    assert.deepEqual(await Promise.all(crowd), Array<number>(30).fill(200))
    assert.equal((await bindsOf('curie')) - before, 1)
  })

  it('never asks without a password, nor without a name', async () => {
    await bindsOf('einstein')
    assert.ok(slapd.log.includes('method=128'))
    assert.doesNotMatch(slapd.log, /BIND dn="" method=128/)
    assert.doesNotMatch(slapd.log, /BIND dn="uid=,/)
    assert.doesNotMatch(slapd.log, /BIND dn="uid=stranger,ou=other/)
    assert.doesNotMatch(slapd.log, /text=unauthenticated bind/)
  })

  it('has limits by credential count all spellings of a name together', async () => {
    const password = USERS['#hash']
    assert.equal(await ldap.statusFor('uws', '/limited', '#hash', password), 200)
    assert.equal(await ldap.statusFor('uws', '/limited', '#HASH', password), 429)
    assert.equal(await ldap.statusFor('uws', '/limited', 'curie', USERS.curie), 200)
  })
})
