import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeContext, type FakeRequest } from '../../test/support/fake-context.js'
import { fakeConsumer, fakeCredential, fakeUpstream } from '../../test/support/fake-entities.js'
import type { Upstream } from '../model/entities.js'
import { hashKeyOf, withCookie, type HashKey } from './hash-key.js'

function key(fields: Partial<Upstream>, request: FakeRequest): HashKey {
  const upstream = fakeUpstream({ name: 'u', algorithm: 'consistent-hashing', ...fields })
  return hashKeyOf(upstream)?.(new FakeContext(request)) ?? assert.fail('it does not hash')
}

const eve = fakeConsumer({ id: 'eve' })

const VALUES: readonly (readonly [
  fields: Partial<Upstream>,
  request: FakeRequest,
  value: string,
])[] = [
  [{ hash_on: 'none' }, {}, ''],
  [{ hash_on: 'ip' }, { clientIp: '10.1.1.1' }, '10.1.1.1'],
  [{ hash_on: 'consumer' }, { consumer: eve }, 'eve'],
  [{ hash_on: 'consumer' }, { credential: fakeCredential(eve, { id: 'c' }) }, 'c'],
  [{ hash_on: 'consumer' }, {}, ''],
  [{ hash_on: 'consumer', hash_fallback: 'ip' }, { clientIp: '10.1.1.1' }, '10.1.1.1'],
  [{ hash_on: 'path' }, { target: '/a%2Fb/ä?x=1' }, '/a/b/ä'],
  [{ hash_on: 'path' }, { target: '/a%ff' }, '/a%ff'],
]

describe('the key of a request', () => {
  for (const [fields, request, value] of VALUES) {
    it(`on ${fields.hash_on}, else ${fields.hash_fallback ?? 'none'}, is '${value}'`, () => {
      assert.deepEqual(key(fields, request), { value, cookie: null })
    })
  }

  it('is null for an upstream that does not hash', () => {
    assert.equal(hashKeyOf(fakeUpstream({ name: 'u' })), null)
  })

  it('is a header, all of its lines, also with a dash in its name', () => {
    const fields = { hash_on: 'header', hash_on_header: 'X-User' } as const
    const headers = [
      ['x-user', 'a'],
      ['X-User', 'b'],
    ] as const
    assert.equal(key(fields, { headers }).value, 'a, b')
    assert.equal(key(fields, { headers: [['x-user', '']] }).value, '')
    const fallback = { hash_fallback: 'header', hash_fallback_header: 'X-Other' } as const
    assert.equal(key({ ...fields, ...fallback }, { headers: [['x-other', 'o']] }).value, 'o')
  })

  it('is a query argument: sorted values, and true without one', () => {
    const fields = { hash_on: 'query_arg', hash_on_query_arg: 'q' } as const
    assert.equal(key(fields, { target: '/?q=b&q=a' }).value, 'a,b')
    assert.equal(key(fields, { target: '/?q' }).value, 'true')
    assert.equal(key(fields, { target: '/?q=' }).value, '')
    const fallback = { hash_fallback: 'query_arg', hash_fallback_query_arg: 'r' } as const
    assert.equal(key({ ...fields, ...fallback }, { target: '/?r=1' }).value, '1')
  })

  it('is a group of the path, by name or by number', () => {
    const uriCaptures = { named: { cap: 'x' }, unnamed: ['/c/x', 'x', 'y'] }
    const on = (name: string): string =>
      key({ hash_on: 'uri_capture', hash_on_uri_capture: name }, { uriCaptures }).value
    assert.deepEqual(['cap', '2', 'none', '7'].map(on), ['x', 'y', '', ''])
  })

  it('is a cookie, which a client without it is given', () => {
    const fields = { hash_on: 'cookie', hash_on_cookie: 'sid', hash_on_cookie_path: '/p' } as const
    const known = key(fields, { headers: [['Cookie', 'a=1; SID=v=2; sid=3']] })
    assert.deepEqual(known, { value: 'v=2', cookie: null })
    const { value, cookie } = key(fields, { headers: [['Cookie', 'other=1']] })
    assert.match(value, /^[0-9a-f]{8}-[0-9a-f]{4}-4/)
    assert.equal(cookie?.line, `sid=${value}; Path=/p; Same-Site=Lax; HttpOnly`)
  })
})

describe('Set-Cookie', () => {
  const cookie = { name: 'sid', line: 'sid=1; Path=/' }

  it('keeps the cookies of the target, and replaces the first of that name', () => {
    assert.deepEqual(withCookie([], cookie), ['sid=1; Path=/'])
    assert.deepEqual(withCookie(['a=1'], cookie), ['a=1', 'sid=1; Path=/'])
    assert.deepEqual(withCookie(['sid=0', 'a=1'], cookie), ['sid=1; Path=/', 'a=1'])
  })
})
