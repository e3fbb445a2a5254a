import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeContext, type Answer, type FakeRequest } from '../../test/support/fake-context.js'
import { prepared } from '../../test/support/plugin-config.js'
import redirect from './index.js'

async function ask(config: object, request: FakeRequest = {}): Promise<Answer | null> {
  const ctx = fakeContext(request)
  await redirect.access?.(ctx, prepared(redirect, config))
  return ctx.answer
}

async function locationOf(location: string, request: FakeRequest): Promise<string | undefined> {
  const answer = await ask({ location, keep_incoming_path: true }, request)
  return answer?.headers.Location
}

describe('redirect', () => {
  it('answers 301 with the location', async () => {
    assert.deepEqual(await ask({ location: 'https://example.com' }), {
      status: 301,
      body: 'redirecting',
      headers: { Location: 'https://example.com' },
    })
  })

  it('answers with the configured status', async () => {
    assert.equal((await ask({ location: 'https://example.com', status_code: 308 }))?.status, 308)
  })

  it('sends the location as it stands in the file', async () => {
    const location = 'https://example.com:443/a/../b?x=%20 y#frag'
    const answer = await ask({ location }, { target: '/other?a=b' })
    assert.deepEqual(answer?.headers, { Location: location })
  })

  it('answers without waiting', () => {
    const ctx = fakeContext()
    const config = prepared(redirect, { location: 'https://example.com' })
    assert.deepEqual(redirect.access?.(ctx, config), { exit: true })
  })

  describe('keep_incoming_path', () => {
    const cases: readonly (readonly [location: string, target: string, expected: string])[] = [
      ['https://example.com', '/r/200?keep=this', 'https://example.com/r/200?keep=this'],
      ['https://example.com/some?foo=bar', '/r?keep=this', 'https://example.com/r?keep=this'],
      ['https://example.com/some?foo=bar', '/r', 'https://example.com/r'],
      ['https://example.com', '/r?', 'https://example.com/r'],
      ['https://example.com', '/a%20b/%2F?x=%zz&+', 'https://example.com/a%20b/%2F?x=%zz&+'],
      ['http://example.com:80', '/r', 'http://example.com/r'],
      ['http://u:p@h.test:8080/x', '/r', 'http://u:p@h.test:8080/r'],
      ['https://example.com/x#part', '/r?a=b', 'https://example.com/r?a=b#part'],
      ['https://example.com', '/\\other.test/', 'https://example.com//other.test/'],
      ['https://example.com', '/a"<b>?c="<d>', 'https://example.com/a%22%3Cb%3E?c=%22%3Cd%3E'],
    ]
    for (const [location, target, expected] of cases) {
      it(`sends a request for ${target} from ${location} to ${expected}`, async () => {
        assert.equal(await locationOf(location, { target }), expected)
      })
    }

    it('leaves out an argument that another plugin has removed', async () => {
      const config = prepared(redirect, { location: 'https://a.test', keep_incoming_path: true })
      const ctx = fakeContext({ target: '/r?apikey=secret&b=1' })
      ctx.upstream.query.remove('apikey')
      await redirect.access?.(ctx, config)
      assert.equal(ctx.answer?.headers.Location, 'https://a.test/r?b=1')
    })

    it('needs a location that is a URL, and names the field otherwise', () => {
      for (const location of ['http://a b/', 'http://h.test:99999/']) {
        assert.throws(() => prepared(redirect, { location, keep_incoming_path: true }), {
          name: 'ConfigFault',
          field: 'location',
          message: `'${location}' cannot be taken apart as a URL`,
        })
      }
    })
  })

  it('sends a location as it is that it does not have to take apart', async () => {
    assert.equal(
      (await ask({ location: 'http://h.test:99999/' }))?.headers.Location,
      'http://h.test:99999/',
    )
  })

  for (const location of ['https://a.test/\n', 'https://a.test/\r\nSet-Cookie: a=b']) {
    it(`refuses the location ${JSON.stringify(location)}`, () => {
      assert.throws(() => prepared(redirect, { location }), {
        name: 'ConfigFault',
        field: 'location',
        message: 'has a character that cannot stand in a header',
      })
    })
  }
})
