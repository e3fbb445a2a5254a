import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseRegex } from './regex-parser.js'
import { isOpenEnded, sampleOf } from './regex-sample.js'
import { PathRegex } from './regex.js'

describe('a sample', () => {
  for (const source of [
    '/users/(?<id>[^/]+)/x$',
    '/a{3}b?(?:c|d)+',
    '/[\\p{L}&&[^A-Za-z]]x?',
    '/[0-9a-f]{8}-\\d\\w\\s$',
    '/(?i)Ab',
    '/[=]+[€]',
  ]) {
    it(`is matched: ${source}`, () => {
      const sample = sampleOf(parseRegex(source))
      assert(sample !== null)
      assert.notEqual(new PathRegex(source).exec(sample), null, sample)
    })
  }

  it('is none for a class without members, and for a text that would be long', () => {
    assert.equal(sampleOf(parseRegex('/[a&&b]')), null)
    assert.equal(sampleOf(parseRegex('/(?:a{400}){400}')), null)
    assert.equal(sampleOf(parseRegex('/a{300}b{300}')), null)
  })
})

describe('a pattern is open-ended', () => {
  for (const source of ['/a', '^/a', '/a.*', '/a.*$', '/a(.+)$', '/(?:a|b)c{2}', '/a(?<rest>.*)$'])
    it(`that asks nothing of what follows: ${source}`, () => {
      assert.equal(isOpenEnded(parseRegex(source)), true)
    })

  for (const source of ['/a$', '/a[^/]*$', '/a\\b', '/a.{0,3}$', '/(?:a$|b)', '/a.?$', '/a\\z'])
    it(`but not that does: ${source}`, () => {
      assert.equal(isOpenEnded(parseRegex(source)), false)
    })
})
