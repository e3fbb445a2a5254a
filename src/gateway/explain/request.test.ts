import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings } from '../settings.js'
import { readRequest, type RequestWords } from './request.js'

function read(words: Partial<RequestWords>, env: Readonly<Record<string, string>> = {}) {
  return readRequest({ method: 'GET', url: '/', headers: [], ...words }, readSettings(env))
}

describe('the request of a command line', () => {
  it('goes out as it is written: path, query and spelling', () => {
    const { head } = read({ url: 'http://A.test:8000/a/../%62?x=1#part', headers: ['X-a:  1 '] })
    assert.equal(head, 'GET /a/../%62?x=1 HTTP/1.1\r\nHost: A.test:8000\r\nX-a: 1\r\n\r\n')
  })

  it('has a path also where the URL has none', () => {
    assert.match(read({ url: 'http://a.test' }).head, /^GET \/ HTTP/)
    assert.match(read({ url: 'http://a.test?x' }).head, /^GET \/\?x HTTP/)
  })

  it('leaves the default port of the scheme out of Host', () => {
    for (const url of ['http://a.test:80/', 'https://a.test:443/', 'http://a.test/']) {
      assert.match(read({ url }).head, /\r\nHost: a\.test\r\n/)
    }
    assert.match(read({ url: 'https://a.test:80/' }).head, /\r\nHost: a\.test:80\r\n/)
  })

  it('takes Host from -H, and says so when nobody names one', () => {
    const named = read({ headers: ['host: a.test'] })
    assert.equal(named.head, 'GET / HTTP/1.1\r\nhost: a.test\r\n\r\n')
    assert.deepEqual(named.notes, [])
    assert.match(read({}).notes[0] ?? '', /Host is localhost/)
  })

  it('asks for the name of an https URL in the handshake, and for no address', () => {
    const { serverName, listener } = read({ url: 'https://a.test/', headers: ['Host: b.test'] })
    assert.equal(serverName, 'a.test')
    assert.deepEqual(listener, { address: '0.0.0.0', port: 8443, secure: true })
    for (const url of ['https://127.0.0.1/', 'https://[::1]:8443/', 'http://a.test/']) {
      assert.equal(read({ url }).serverName, '')
    }
  })

  it('comes in at the listener that the port names, else at the first of its scheme', () => {
    const env = { KONG_PROXY_LISTEN: '127.0.0.1:81, 127.0.0.1:82 engine=http1, 127.0.0.1:83 ssl' }
    assert.equal(read({ url: 'http://a.test:82/' }, env).listener.port, 82)
    assert.equal(read({ url: 'http://a.test:82/' }, env).engine, 'http1')
    assert.equal(read({ url: 'http://a.test/' }, env).listener.port, 81)
    assert.equal(read({ url: 'https://a.test:82/' }, env).listener.port, 83)
    const { notes } = read({ url: 'https://a.test/' }, { KONG_PROXY_LISTEN: '127.0.0.1:81' })
    assert.match(notes[0] ?? '', /no listener for https/)
  })

  for (const [what, words, message] of [
    ['a URL of another kind', { url: 'a.test/x' }, /neither http:/],
    ['a user in the URL', { url: 'http://me:secret@a.test/' }, /^the URL has a user in it/],
    ['white space in the URL', { url: '/a b' }, /white space/],
    ['a line break in a header', { headers: ['a: b\r\nc: d'] }, /line break/],
    ['a header without a colon', { headers: ['secret'] }, /^-H is not of the form 'Name: value'$/],
    ['a method of two words', { method: 'GET /' }, /method/],
    ['an address that is none', { from: 'a.test' }, /not an IP address/],
  ] as const) {
    it(`refuses ${what}, and does not repeat it`, () => {
      assert.throws(
        () => read(words),
        (error) => {
          assert.ok(error instanceof Error)
          assert.match(error.message, message)
          assert.doesNotMatch(error.message, /secret/)
          return true
        },
      )
    })
  }
})
