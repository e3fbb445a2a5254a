import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { escapePath, normalizePath } from './path.js'

const RESERVED = '/%21%2a%27%28%29%3b%3a%40%26%3d%2b%24%2c%2f%3f%25%23%5b%5d'

const NORMALISED: readonly (readonly [raw: string, normalised: string, why: string])[] = [
  ['', '', 'nothing'],
  ['/', '/', 'the root'],
  ['*', '*', 'the target of OPTIONS'],
  ['/plain/path-1.x_~', '/plain/path-1.x_~', 'nothing to do'],
  ['/%6B%6f%6e%67', '/kong', 'unreserved characters are decoded'],
  ['/f%6f%6f', '/foo', 'triplets in the middle'],
  ['/a%2fb', '/a%2Fb', 'a reserved character stays, in upper case'],
  [RESERVED, RESERVED.toUpperCase(), 'reserved characters stay, all of them'],
  ['/a%20b%22%3c%7C', '/a b"<|', 'all others are decoded'],
  ['/%2561', '/%2561', 'the percent sign is not decoded, so nothing is decoded twice'],
  ['/%C3%B8', '/ø', 'UTF-8 of two bytes'],
  ['/%e6%97%a5%e6%9c%ac', '/日本', 'UTF-8 of three bytes'],
  ['/%F0%9F%98%80', '/😀', 'UTF-8 of four bytes'],
  ['/%ff/%c3', '/%FF/%C3', 'bytes that are no UTF-8 stay'],
  ['/%c3%28', '/%C3%28', 'a broken character before a reserved one'],
  ['/%c0%af%ed%a0%80', '/%C0%AF%ED%A0%80', 'overlong forms and surrogates are no UTF-8'],
  ['/%e6%97%41', '/%E6%97A', 'an incomplete character before another'],
  ['/a/b/c/./../../g', '/a/g', 'RFC 3986, 5.2.4'],
  ['/./.././../', '/', 'never above the root'],
  ['/../plain', '/plain', 'nothing to go up to'],
  ['/a/.', '/a/', 'a dot at the end'],
  ['/a/..', '/', 'two dots at the end'],
  ['/plain/x/..', '/plain/', 'two dots after a longer path'],
  ['/a/%2e%2e/b', '/b', 'dots are decoded first'],
  ['/a/%2E/b', '/a/b', 'a single one too'],
  ['/a/%2e%2e%2fb', '/a/..%2Fb', 'an encoded slash ends no segment'],
  ['/a/.../.b/c.', '/a/.../.b/c.', 'dots in names mean nothing'],
  ['/a//b//', '/a/b/', 'slashes are merged'],
  ['//plain/x', '/plain/x', 'at the start too'],
  ['/a//../b', '/b', 'before dots go up'],
  ['/route%2E%2E/req', '/route../req', 'dots after a name'],
]

describe('normalizePath', () => {
  for (const [raw, normalised, why] of NORMALISED) {
    it(`turns ${raw || 'an empty path'} into ${normalised || 'itself'}: ${why}`, () => {
      assert.equal(normalizePath(raw), normalised)
    })
  }

  it('changes nothing in a path that it has made', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      'a',
      '%2F',
      '%2e',
      '%41',
      '%C3',
      '%B8',
      '%25',
      'é',
      '%ff',
    )
    const path = fc.array(piece, { maxLength: 20 }).map((pieces) => `/${pieces.join('')}`)
    fc.assert(
      fc.property(path, (raw) => {
        const once = normalizePath(raw)
        assert.equal(normalizePath(once), once)
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })
})

describe('escapePath', () => {
  it('leaves what may stand in a request line', () => {
    const safe = "/AZaz09!#$&'()*+,/:;=?@[]-_.~%2F%"
    assert.equal(escapePath(safe), safe)
  })

  it('writes every other byte as a triplet', () => {
    assert.equal(escapePath('/a b"<>\\^`{|}\n'), '/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D%0A')
    assert.equal(escapePath('/日本/ø😀'), '/%E6%97%A5%E6%9C%AC/%C3%B8%F0%9F%98%80')
  })

  it('gives back a path whose triplets need escaping', () => {
    const path = '/a%20b/%C3%BC%FF%2F'
    assert.equal(escapePath(normalizePath(path)), path)
  })
})
