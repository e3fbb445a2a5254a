import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { silentLog } from '../../test/support/plugin-env.js'
import { prepared } from '../../test/support/plugin-config.js'
import { Directory, type Verdict } from './directory.js'
import ldapAuth from './index.js'
import { LdapError, type LdapTrouble } from './ldap-error.js'

const MINIMAL = { ldap_host: 'ldap.test', base_dn: 'dc=test', attribute: 'uid' }
const LOGIN = { username: 'einstein', password: 'password' }

interface Question {
  readonly dn: string
  readonly password: string
  say(code: number): void
  fail(trouble: LdapTrouble): void
}

/** A directory whose server is the test. */
class Played {
  time = 0
  readonly questions: Question[] = []
  readonly said: string[] = []
  readonly directory: Directory

  constructor(config: object = {}) {
    const { settings } = prepared(ldapAuth, { ...MINIMAL, ...config })
    const say = (_fields: unknown, text?: string): void => void this.said.push(text ?? '')
    this.directory = new Directory(settings, {
      bind: (dn, password) =>
        new Promise((resolve, reject) => {
          const fail = (trouble: LdapTrouble): void => reject(LdapError.of(trouble, 'as told'))
          this.questions.push({ dn, password, say: resolve, fail })
        }),
      log: { ...silentLog, warn: say, notice: say },
      now: () => this.time,
    })
  }

  /** What the directory says when the server answers with a code. */
  async judge(code: number, login = LOGIN): Promise<Verdict> {
    const verdict = this.directory.judge(login)
    this.questions.at(-1)?.say(code)
    return verdict
  }

  async fail(trouble: LdapTrouble, login = LOGIN): Promise<Verdict> {
    const verdict = Promise.resolve(this.directory.judge(login))
    this.questions.at(-1)?.fail(trouble)
    return verdict
  }
}

const isTrouble = (trouble: LdapTrouble) => (error: unknown) =>
  error instanceof LdapError && error.trouble === trouble

describe('a directory', () => {
  it('asks the server to bind as the user below the base', async () => {
    const played = new Played()
    await played.judge(0, { username: 'a,b', password: 'pw' })
    const [{ dn, password } = { dn: '', password: '' }] = played.questions
    assert.deepEqual({ dn, password }, { dn: 'uid=a\\,b,dc=test', password: 'pw' })
  })

  it('knows what it has been told, yes and no, until the time is over', async () => {
    const played = new Played({ cache_ttl: 2 })
    assert.equal((await played.judge(0))?.username, 'einstein')
    const wrong = { ...LOGIN, password: 'wrong' }
    assert.equal(await played.judge(49, wrong), null)
    played.time = 1_999
    assert.equal((played.directory.judge(LOGIN) as Verdict)?.username, 'einstein')
    assert.equal(played.directory.judge(wrong), null)
    assert.equal(played.questions.length, 2)
    played.time = 2_000
    assert.equal(await played.judge(49), null)
    assert.equal((await played.judge(0, wrong))?.username, 'einstein')
  })

  it('is asked each time with cache_ttl 0', async () => {
    const played = new Played({ cache_ttl: 0 })
    await played.judge(0)
    await played.judge(49)
    assert.equal(played.questions.length, 2)
  })

  it('takes no name and password for others that read the same in a row', async () => {
    const played = new Played()
    await played.judge(0, { username: 'ab', password: 'c' })
    assert.equal(await played.judge(49, { username: 'a', password: 'bc' }), null)
    assert.equal(played.questions.length, 2)
  })

  it('is asked once for requests that come at the same time', async () => {
    const played = new Played()
    const verdicts = Array.from({ length: 100 }, async () => played.directory.judge(LOGIN))
    assert.equal(played.questions.length, 1)
    played.questions[0]?.say(0)
    for (const verdict of await Promise.all(verdicts)) assert.equal(verdict?.username, 'einstein')
  })

  it('gives all of them the same fault, and is asked anew by the next', async () => {
    const played = new Played()
    const verdicts = Array.from({ length: 3 }, async () => played.directory.judge(LOGIN))
    played.questions[0]?.fail('away')
    for (const each of await Promise.allSettled(verdicts)) assert.equal(each.status, 'rejected')
    assert.notEqual(await played.judge(0), null)
    assert.equal(played.questions.length, 2)
  })

  for (const trouble of ['away', 'silent', 'lost', 'garbled', 'start_tls'] as const) {
    it(`says nothing of a user while the server is ${trouble}, and keeps nothing`, async () => {
      const played = new Played()
      await assert.rejects(played.fail(trouble), isTrouble(trouble))
      assert.notEqual(await played.judge(0), null)
    })
  }

  it('refuses users of a server without TLS that can be trusted, and keeps that', async () => {
    const played = new Played()
    assert.equal(await played.fail('handshake'), null)
    assert.equal(played.directory.judge(LOGIN), null)
    assert.equal(played.questions.length, 1)
  })

  for (const code of [1, 32, 34, 49, 53]) {
    it(`refuses and keeps it when the server says ${code}`, async () => {
      const played = new Played()
      assert.equal(await played.judge(code), null)
      assert.equal(played.directory.judge(LOGIN), null)
    })
  }

  for (const code of [51, 52]) {
    it(`refuses and asks again when the server says ${code}, which is of itself`, async () => {
      const played = new Played()
      assert.equal(await played.judge(code), null)
      assert.notEqual(await played.judge(0), null)
    })
  }

  it('keeps who was right however many guess', async () => {
    const played = new Played()
    await played.judge(0)
    for (let i = 0; i < 10_100; i++) await played.judge(49, { ...LOGIN, password: `guess ${i}` })
    assert.notEqual(played.directory.judge(LOGIN), null)
    assert.equal(played.questions.length, 10_101)
    assert.equal(played.directory.judge({ ...LOGIN, password: 'guess 10099' }), null)
    await played.judge(49, { ...LOGIN, password: 'guess 0' })
    assert.equal(played.questions.length, 10_102, 'the oldest guess has been forgotten')
  })

  it('lets no more than 10,000 requests wait', async () => {
    const played = new Played()
    const login = (i: number) => ({ ...LOGIN, password: String(i) })
    const verdicts = Array.from({ length: 10_000 }, async (_, i) =>
      played.directory.judge(login(i)),
    )
    await assert.rejects(async () => played.directory.judge(login(0)), isTrouble('crowded'))
    await assert.rejects(async () => played.directory.judge(login(10_000)), isTrouble('crowded'))
    for (const question of played.questions) question.say(49)
    await Promise.all(verdicts)
    assert.equal(played.questions.length, 10_000)
    assert.notEqual(await played.judge(0, login(10_000)), null)
  })

  it('tells the log once that the server does not serve, and once that it does again', async () => {
    const played = new Played()
    for (const trouble of ['away', 'silent', 'away'] as const) {
      await assert.rejects(played.fail(trouble))
    }
    assert.deepEqual(played.said, ['the LDAP server does not serve'])
    await played.judge(49)
    await played.judge(0, { ...LOGIN, password: 'other' })
    assert.deepEqual(played.said.slice(1), ['the LDAP server serves again'])
    await played.judge(13, { ...LOGIN, password: 'third' })
    assert.equal(played.said.length, 3, 'confidentiality required')
  })

  it('gives a user one id, however the name is spelled, and others another', async () => {
    const played = new Played()
    const other = new Played({ base_dn: 'dc=other' })
    const idOf = async (username: string, by = played): Promise<string> =>
      (await by.judge(0, { username, password: 'pw' }))?.id ?? ''
    const id = await idOf('Einstein')
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.equal(await idOf(' einstein '), id)
    assert.notEqual(await idOf('curie'), id)
    assert.notEqual(await idOf('Einstein', other), id)
  })
})
