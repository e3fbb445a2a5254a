import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authenticatedGroups } from 'gw/plugin'
import { fakeContext, type FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential, fakeStore } from '../../test/support/fake-entities.js'
import { prepared } from '../../test/support/plugin-config.js'
import { silentEnv } from '../../test/support/plugin-env.js'
import type { Consumer } from '../../src/model/entities.js'
import session from './index.js'

const START = 1_700_000_000
const SECRET = 'a secret of 32 characters or more'
const alice = fakeConsumer({ id: 'alice-id', username: 'alice' })
const bob = fakeConsumer({ id: 'bob-id', custom_id: 'bob-1' })
const store = fakeStore({ consumers: [alice, bob] })

/** What a browser keeps. */
type Jar = Map<string, string>

interface Visit extends FakeRequest {
  /** Seconds after the start. */
  readonly at?: number
  /** Whom another plugin finds, after session has run. */
  readonly login?: Consumer
  readonly groups?: readonly string[]
}

/** One request with the cookies of the jar, which takes those of the answer. */
async function visit(jar: Jar, config: object, options: Visit = {}): Promise<FakeContext> {
  const { at = 0, login, groups, headers = [], ...request } = options
  void session.init?.(silentEnv((START + at) * 1000))
  const use = prepared(session, { secret: SECRET, ...config })
  const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const sent = cookies === '' ? headers : [...headers, ['Cookie', `a=b; ${cookies}`] as const]
  const ctx = fakeContext({ store, ...request, headers: sent })
  await session.access?.(ctx, use)
  if (login !== undefined) ctx.authenticate(login, fakeCredential(login, { id: `${login.id}-key` }))
  if (groups !== undefined) ctx.set(authenticatedGroups, groups)
  if (ctx.answer === null) ctx.answerFromTarget(200, [['Set-Cookie', 'own=1']])
  session.header_filter?.(ctx, use)
  for (const line of cookiesOf(ctx)) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (line.includes('Max-Age=0')) jar.delete(name)
    else jar.set(name, value)
  }
  return ctx
}

/** Without the target's. */
function cookiesOf({ response }: FakeContext): string[] {
  return response.headers.getAll('set-cookie').filter((line) => line !== 'own=1')
}

async function loggedIn(config: object = {}, options: Visit = {}): Promise<Jar> {
  const jar: Jar = new Map()
  await visit(jar, config, { login: alice, ...options })
  return jar
}

async function isKnown(jar: Jar, config: object, at: number): Promise<boolean> {
  return (await visit(jar, config, { at })).consumer === alice
}

/** Another character at that place. */
function flipped(text: string, at: number): string {
  return text.slice(0, at) + (text.charAt(at) === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

describe('session', () => {
  it('sets a cookie beside those of the target once somebody was authenticated', async () => {
    const ctx = await visit(new Map(), {}, { login: alice })
    const lines = ctx.response.headers.getAll('set-cookie')
    assert.equal(lines[0], 'own=1')
    assert.match(
      lines[1] ?? '',
      /^session=1[\w-]{100,}; Path=\/; SameSite=Strict; Secure; HttpOnly$/,
    )
  })

  it('sets none for nobody, nor for an anonymous consumer', async () => {
    assert.deepEqual(cookiesOf(await visit(new Map(), {})), [])
    const ctx = fakeContext({ consumer: alice })
    session.header_filter?.(ctx, prepared(session))
    assert.deepEqual(cookiesOf(ctx), [])
  })

  it('knows the client by its cookie from then on, and sets no other', async () => {
    const jar = await loggedIn()
    const ctx = await visit(jar, {})
    assert.equal(ctx.consumer, alice)
    assert.equal(ctx.credential?.id, 'alice-id-key')
    assert.equal(ctx.upstream.headers.get('x-consumer-username'), 'alice')
    assert.equal(ctx.upstream.headers.get('x-credential-identifier'), 'alice-id-key')
    assert.deepEqual(cookiesOf(ctx), [])
    assert.deepEqual(cookiesOf(await visit(jar, {}, { login: alice })), [])
  })

  it('begins another session when somebody else is authenticated', async () => {
    const jar = await loggedIn()
    assert.equal(cookiesOf(await visit(jar, {}, { login: bob })).length, 1)
    assert.equal((await visit(jar, {})).consumer, bob)
  })

  it('brings the groups back that another plugin had found', async () => {
    const jar = await loggedIn({}, { groups: ['a', 'b'] })
    const ctx = await visit(jar, {})
    assert.deepEqual(ctx.get(authenticatedGroups), ['a', 'b'])
    assert.equal(ctx.upstream.headers.get('x-authenticated-groups'), 'a, b')
  })

  it('puts a long session into several cookies, and asks for all of them', async () => {
    const groups = Array.from({ length: 600 }, (_, i) => `group-${i}`)
    const jar = await loggedIn({}, { groups })
    assert.deepEqual([...jar.keys()], ['session', 'session2', 'session3'])
    assert.equal((await visit(jar, {})).consumer, alice)
    assert.equal(cookiesOf(await visit(new Map(jar), {}, DELETE)).length, 3)
    jar.delete('session2')
    assert.equal((await visit(jar, {})).consumer, null)
  })

  it('gives up a session that is too long for cookies', async () => {
    const jar = await loggedIn({}, { groups: ['x'.repeat(40_000)] })
    assert.equal(jar.size, 0)
  })

  describe('believes no cookie', () => {
    const broken: readonly (readonly [title: string, (value: string) => string])[] = [
      ['that is empty', () => ''],
      ['that is short', () => '1abc'],
      ['with text before', (value) => `AAAA${value}`],
      ['with text behind', (value) => `${value}AAAA`],
      ['that is cut', (value) => value.slice(0, -4)],
      ['of more pieces than there are', (value) => `2${value.slice(1)}`],
      ['of no piece', (value) => `0${value.slice(1)}`],
      ['with another salt', (value) => `1${flipped(value.slice(1), 3)}`],
      ['with another tag', (value) => `1${flipped(value.slice(1), 25)}`],
      ['with other contents', (value) => `1${flipped(value.slice(1), 60)}`],
      ['that is huge', () => `1${'A'.repeat(30_000)}`],
      ['beyond ASCII', (value) => `1\u{1f600}${value}`],
    ]
    for (const [title, change] of broken) {
      it(title, async () => {
        const jar = await loggedIn()
        const ctx = await visit(new Map([['session', change(jar.get('session') ?? '')]]), {})
        assert.equal(ctx.consumer, null)
        assert.equal(ctx.answer, null)
      })
    }

    it('that was sealed with another secret, or for another audience or name', async () => {
      const jar = await loggedIn()
      const value = jar.get('session') ?? ''
      assert.equal(await isKnown(new Map(jar), { secret: 'another' }, 0), false)
      assert.equal(await isKnown(new Map(jar), { audience: 'another' }, 0), false)
      const remember = new Map([['remember', value]])
      assert.equal(await isKnown(remember, { remember: true }, 0), false)
      assert.equal(await isKnown(new Map([['xsession', value]]), {}, 0), false)
    })

    it('of a consumer that is gone, and takes it away', async () => {
      const jar = await loggedIn()
      const ctx = await visit(jar, {}, { store: fakeStore({ consumers: [bob] }) })
      assert.equal(ctx.consumer, null)
      assert.equal(jar.size, 0)
    })

    it('of a consumer whose id has become the name of another', async () => {
      const thief = fakeConsumer({ id: 'thief-id', username: 'alice-id' })
      const ctx = await visit(await loggedIn(), {}, { store: fakeStore({ consumers: [thief] }) })
      assert.equal(ctx.consumer, null)
    })
  })

  it('seals with a secret of the node when there is none in the file', async () => {
    const config = { secret: undefined }
    const jar = await loggedIn(config)
    assert.equal(await isKnown(jar, config, 1), true)
    assert.equal(await isKnown(jar, {}, 1), false)
  })

  describe('ends', () => {
    const ages: readonly (readonly [title: string, config: object, lastAt: number])[] = [
      ['when it has not been used for idling_timeout', {}, 900],
      ['rolling_timeout after it was renewed', { idling_timeout: 0, rolling_timeout: 500 }, 500],
      ['at absolute_timeout', { idling_timeout: 0, absolute_timeout: 40 }, 40],
    ]
    for (const [title, config, lastAt] of ages) {
      it(title, async () => {
        const jar = await loggedIn(config)
        assert.equal(await isKnown(new Map(jar), config, lastAt + 1), false)
        assert.equal(await isKnown(new Map(jar), config, lastAt), true)
      })
    }

    it('never when all time-outs are 0', async () => {
      const config = { idling_timeout: 0, rolling_timeout: 0, absolute_timeout: 0 }
      assert.equal(await isKnown(await loggedIn(config), config, 1e9), true)
    })

    it('not while it is used, up to absolute_timeout', async () => {
      const jar = await loggedIn()
      for (let at = 600; at <= 86_400; at += 600) assert.equal(await isKnown(jar, {}, at), true)
      assert.equal(await isKnown(jar, {}, 86_401), false)
    })

    it('not while it is used, with a rolling_timeout below idling_timeout', async () => {
      const jar = await loggedIn({ rolling_timeout: 100 })
      for (let at = 60; at <= 1000; at += 60) {
        assert.equal(await isKnown(jar, { rolling_timeout: 100 }, at), true)
      }
    })
  })

  it('writes its cookie anew after a minute, and another id when it is renewed', async () => {
    const config = { request_headers: ['id'] }
    const jar = await loggedIn(config)
    const idAt = async (at: number) => {
      const ctx = await visit(jar, config, { at })
      return [ctx.upstream.headers.get('session-id'), cookiesOf(ctx).length] as const
    }
    const [first, written] = await idAt(59)
    assert.deepEqual([written, await idAt(60)], [0, [first, 1]])
    for (let at = 600; at < 2700; at += 600) assert.deepEqual(await idAt(at), [first, 1])
    const [second, renewed] = await idAt(2700)
    assert.notEqual(second, first)
    assert.equal(renewed, 1)
  })

  const DELETE: Visit = { method: 'DELETE', target: '/?session_logout' }
  const form = (fields: string, headers: FakeRequest['headers'] = []): Visit => ({
    method: 'POST',
    body: fields,
    headers: [['Content-Type', 'application/x-www-form-urlencoded'], ...headers],
  })

  describe('logs out', () => {
    const readsBody = { read_body_for_logout: true }
    const cases: readonly (readonly [title: string, isLogout: boolean, Visit, config?: object])[] =
      [
        ['by DELETE with the argument', true, DELETE],
        ['by POST with the argument', true, { ...DELETE, method: 'POST' }],
        ['by GET', false, { ...DELETE, method: 'GET' }],
        ['by GET, where that may', true, { ...DELETE, method: 'GET' }, { logout_methods: ['GET'] }],
        ['without the argument', false, { method: 'DELETE' }],
        [
          'by an argument of another name',
          true,
          { method: 'DELETE', target: '/?bye' },
          { logout_query_arg: 'bye' },
        ],
        ['by a field, which nobody looks for', false, form('session_logout=1')],
        ['by a field', true, form('a=1&session_logout=1'), readsBody],
        ['by a field of another name', true, form('bye'), { ...readsBody, logout_post_arg: 'bye' }],
        ['by a form without the field', false, form('a=1'), readsBody],
        [
          'by a body that is no form',
          false,
          { method: 'POST', body: 'session_logout=1' },
          readsBody,
        ],
        ['by an upload', false, form(`session_logout=1&x=${'x'.repeat(2 ** 20)}`), readsBody],
        ['without a body', false, form(''), readsBody],
      ]
    for (const [title, isLogout, request, config = {}] of cases) {
      it(`${title}: ${isLogout ? 'yes' : 'no'}`, async () => {
        const jar = await loggedIn(config)
        const ctx = await visit(jar, config, request)
        assert.equal(ctx.answer?.status, isLogout ? 200 : undefined)
        assert.equal(ctx.consumer, isLogout ? null : alice)
        assert.equal(jar.size, isLogout ? 0 : 1)
      })
    }

    it('with an empty answer that takes the cookie away', async () => {
      const ctx = await visit(await loggedIn(), {}, DELETE)
      assert.equal(ctx.answer?.body, null)
      assert.deepEqual(cookiesOf(ctx), [
        'session=; Path=/; SameSite=Strict; Secure; HttpOnly; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0',
      ])
    })

    it('nobody without a session', async () => {
      const ctx = await visit(new Map([['session', 'bad']]), {}, DELETE)
      assert.equal(ctx.answer, null)
    })
  })

  describe('remember', () => {
    const config = { remember: true }

    it('sets a second cookie that outlives the browser', async () => {
      const lines = cookiesOf(await visit(new Map(), config, { login: alice }))
      const end = new Date((START + 604_800) * 1000).toUTCString()
      assert.equal(lines.length, 2)
      assert.ok(lines[1]?.startsWith('remember=1'))
      assert.ok(lines[1]?.endsWith(`; HttpOnly; Expires=${end}; Max-Age=604800`))
    })

    it('opens the session anew from it', async () => {
      const jar = await loggedIn(config)
      jar.delete('session')
      assert.equal(await isKnown(jar, config, 5000), true)
      assert.deepEqual([...jar.keys()].sort(), ['remember', 'session'])
      assert.equal(await isKnown(jar, config, 5001), true)
    })

    it('counts remember_absolute_timeout from the first login', async () => {
      const jar = await loggedIn(config)
      for (let day = 5; day <= 30; day += 5) {
        assert.equal(await isKnown(jar, config, day * 86_400), true)
      }
      assert.equal(await isKnown(jar, config, 31 * 86_400), false)
    })

    it('takes both away at a logout', async () => {
      const jar = await loggedIn(config)
      await visit(jar, config, DELETE)
      assert.equal(jar.size, 0)
    })
  })

  it('tells target and client of the session what they are to know, and lets nothing forged through', async () => {
    const facts = [
      'audience',
      'subject',
      'timeout',
      'idling-timeout',
      'rolling-timeout',
      'absolute-timeout',
    ]
    const config = { request_headers: ['id', 'subject'], response_headers: facts }
    const forged = [['Session-Id', 'x'] as const, ['session-subject', 'x'] as const]
    const stranger = await visit(new Map(), config, { headers: forged })
    assert.equal(stranger.upstream.headers.size, 0)
    const { upstream, response } = await visit(await loggedIn(config), config, {
      at: 10,
      headers: forged,
    })
    assert.match(upstream.headers.get('session-id') ?? '', /^[\w-]{22}$/)
    assert.deepEqual(upstream.headers.getAll('session-subject'), ['alice'])
    const told = facts.map((fact) => response.headers.get(`session-${fact}`))
    assert.deepEqual(told, ['default', 'alice', '890', '890', '3590', '86390'])
  })

  it('shows nothing of whom it is for', async () => {
    const value = (await loggedIn()).get('session') ?? ''
    const bytes = Buffer.from(value.slice(1), 'base64url').toString('latin1')
    assert.ok(!bytes.includes('alice'))
    assert.notEqual((await loggedIn()).get('session'), value)
  })
})
